// What ASCII text is made of, and what is done to it everywhere: trimmed, split, compared, read as a number.
// Pure, and without regard to any locale. Characters beyond ASCII belong to utf8.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace skymarshal {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return is_capital(c) || (c >= 'a' && c <= 'z'); }
constexpr bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }
/// The C0 controls and DEL.
constexpr bool is_control(char c) { return (c >= 0 && c < ' ') || c == '\x7F'; }

/// Whether it holds digits only, and at least one.
constexpr bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

/// VCHAR of RFC 5234, `!` to `~`, and at least one: what can stand in a header field or a variable as one
/// word.
constexpr bool is_visible_ascii(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}

/// Visible ones and spaces, or nothing: a line that cannot move the cursor or start another line.
constexpr bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7F'; });
}

/// A label of a host's name in lower case (RFC 1123 section 2.1): what names of AWS regions are made of, too.
constexpr bool is_host_label(std::string_view text) {
  constexpr std::size_t bytes_max = 63;
  return !text.empty() && text.size() <= bytes_max && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text,
                             [](char c) { return (is_letter_or_digit(c) && !is_capital(c)) || c == '-'; });
}

constexpr char ascii_lower(char c) { return is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), ascii_lower);
  return lower;
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, ascii_lower, ascii_lower);
}

constexpr bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

/// Without the characters of `space` at both ends. The default is OWS of RFC 9110 section 5.6.3.
constexpr std::string_view trim(std::string_view text, std::string_view space = " \t") {
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// White space between the values of JSON (RFC 8259 section 2), for trim().
inline constexpr std::string_view json_space = " \t\r\n";

/// The parts between separators, trimmed; one empty part where there is nothing.
inline std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(trim(text.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

/// The number that the whole text is, in decimal digits and with a sign only where it is negative (a fraction
/// too, where `Number` has them); nullopt for anything else and for what `Number` cannot hold.
template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stopped != text.data() + text.size()) return std::nullopt;
  return number;
}

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// UTF-8 text as its readers want it: a mark in front says nothing (RFC 8259 section 8.1, RFC 3629 section
/// 6).
constexpr std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

}  // namespace skymarshal

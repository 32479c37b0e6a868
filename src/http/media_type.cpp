#include "http/media_type.hpp"

#include "base/text.hpp"
#include "http/message.hpp"

#include <algorithm>

namespace skymarshal::http {
namespace {

/// What a quoted string says; nullopt if it is none.
std::optional<std::string> unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string said;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' || (text[i] == '\\' && ++i == text.size())) return std::nullopt;
    said += text[i];
  }
  return said;
}

std::optional<Weight> read_weight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text.size() > 1 && text[1] != '.')) return std::nullopt;
  std::string digits(text.substr(0, 1));
  if (text.size() > 2) digits += text.substr(2);
  digits.resize(4, '0');
  const auto weight = parse_number<Weight>(digits);
  return weight && is_digits(digits) && *weight <= 1'000 ? weight : std::nullopt;
}

}  // namespace

std::vector<std::string_view> split_unquoted(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  bool is_quoted = false;
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      is_quoted = !is_quoted;
    } else if (text[i] == separator && !is_quoted) {
      parts.push_back(trim(text.substr(from, i - from)));
      from = i + 1;
    }
  }
  parts.push_back(trim(text.substr(from)));
  return parts;
}

std::optional<Parameter> read_parameter(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || !is_token(text.substr(0, equals))) return std::nullopt;
  const std::string_view value = text.substr(equals + 1);
  if (is_token(value)) return Parameter{text.substr(0, equals), std::string(value)};
  auto said = unquoted(value);
  if (!said) return std::nullopt;
  return Parameter{text.substr(0, equals), *std::move(said)};
}

std::vector<MediaRange> read_accept(std::string_view accept) {
  std::vector<MediaRange> ranges;
  for (const std::string_view element : split_unquoted(accept, ',')) {
    const std::vector<std::string_view> parts = split_unquoted(element, ';');
    MediaRange range{parts.front()};
    for (const std::string_view part : parts) {
      if (starts_with_ignoring_case(part, "q=")) range.weight = read_weight(part.substr(2)).value_or(-1);
    }
    if (range.weight >= 0) ranges.push_back(range);
  }
  return ranges;
}

Weight weight_of(std::string_view type, const std::vector<MediaRange>& ranges) {
  const std::string_view family = type.substr(0, type.find('/') + 1);
  int specificity = 0;
  Weight weight = 0;
  for (const MediaRange& range : ranges) {
    int own = 0;
    if (range.type == "*/*") own = 1;
    if (range.type.ends_with("/*") &&
        equal_ignoring_case(range.type.substr(0, range.type.size() - 1), family))
      own = 2;
    if (equal_ignoring_case(range.type, type)) own = 3;
    if (own == 0 || own < specificity) continue;
    weight = own > specificity ? range.weight : std::max(weight, range.weight);
    specificity = own;
  }
  return weight;
}

}  // namespace skymarshal::http

#include "cli/text_layout.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace skymarshal::cli {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// C0, DEL and C1 (U+0080 to U+009F, which UTF-8 writes as C2 80 to C2 9F).
std::size_t control_bytes_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x20 || byte == 0x7F) return 1;
  if (byte != 0xC2 || at + 1 == text.size()) return 0;
  const auto next = static_cast<unsigned char>(text[at + 1]);
  return next >= 0x80 && next <= 0x9F ? 2 : 0;
}

std::string_view code_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::bold:
      return "\x1b[1m";
    case Tone::dim:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::caution:
      return "\x1b[33m";
    case Tone::bad:
      return "\x1b[31m";
    case Tone::busy:
      return "\x1b[36m";
  }
  return "";
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t control = control_bytes_at(text, at);
    out += control > 0 ? ' ' : text[at];
    at += std::max<std::size_t>(control, 1);
  }
  return out;
}

std::size_t columns(std::string_view text) { return count_scalars(text); }

std::string cut(std::string_view text, std::size_t width) {
  std::size_t end = 0;
  for (std::size_t taken = 0; end < text.size() && taken < width; ++taken) {
    ++end;
    while (end < text.size() && is_continuation(text[end])) ++end;
  }
  return std::string(text.substr(0, end));
}

std::string fit(std::string_view text, std::size_t width) {
  std::string out = cut(text, width);
  out.append(width - std::min(width, columns(out)), ' ');
  return out;
}

std::string wrap(std::string_view text, std::size_t width, const Indents& indents) {
  std::string out;
  std::string line = indents.first;
  bool has_word = false;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t space = std::min(text.find(' ', from), text.size());
    const std::string_view word = text.substr(from, space - from);
    from = space + 1;
    if (word.empty()) continue;
    if (has_word && columns(line) + 1 + columns(word) > width) {
      out += line + '\n';
      line = indents.rest;
      has_word = false;
    }
    if (has_word) line += ' ';
    line += word;
    has_word = true;
  }
  return out + line + '\n';
}

std::string Painter::paint(Tone tone, std::string_view text) const {
  const std::string_view code = code_of(tone);
  if (!color_ || code.empty()) return std::string(text);
  return std::string(code) + std::string(text) + "\x1b[0m";
}

Tone tone_of(std::string_view verdict) {
  if (verdict == "approved" || verdict == "success") return Tone::good;
  if (verdict == "conditional") return Tone::caution;
  if (verdict == "rejected" || verdict == "blocked" || verdict == "error" || verdict == "timeout") {
    return Tone::bad;
  }
  return Tone::plain;
}

}  // namespace skymarshal::cli

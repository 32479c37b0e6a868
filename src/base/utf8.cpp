#include "base/utf8.hpp"

#include <algorithm>
#include <array>

#include <simdjson.h>

namespace skymarshal {
namespace {

// PropList.txt of the Unicode Character Database, White_Space, each character as its UTF-8 bytes.
constexpr std::array<std::string_view, 25> white_space = {
    "\t",           "\n",           "\v",           "\f",           "\r",           " ",
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82",
    "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88",
    "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F",
    "\xE3\x80\x80"};

std::size_t leading_space(std::string_view text) {
  for (const std::string_view space : white_space) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

std::size_t trailing_space(std::string_view text) {
  for (const std::string_view space : white_space) {
    if (text.ends_with(space)) return space.size();
  }
  return 0;
}

}  // namespace

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::size_t scalar_bytes(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  return lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
}

std::size_t utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t size = scalar_bytes(text.substr(at));
    if (!is_utf8(text.substr(at, size))) break;
    at += size;
  }
  return at;
}

std::size_t count_scalars(std::string_view text) {
  // Every scalar has exactly one byte that is no continuation byte (10xxxxxx).
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string_view trim_unicode_space(std::string_view text) {
  while (const std::size_t size = leading_space(text)) text.remove_prefix(size);
  while (const std::size_t size = trailing_space(text)) text.remove_suffix(size);
  return text;
}

}  // namespace skymarshal

#include "store/page_cursor.hpp"

#include "base/crypto.hpp"

namespace skymarshal::store {
namespace {

constexpr std::size_t number_size = 8;
/// No position needs more; longer text is refused before it is looked at.
constexpr std::size_t cursor_size_max = 256;

/// FNV-1a, 64 bits.
std::uint64_t checksum(std::string_view scope, std::string_view position) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto add = [&hash](std::string_view bytes) {
    for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  };
  add(scope);
  add(std::string_view("\0", 1));
  add(position);
  return hash;
}

void append_big_endian(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>((number >> shift) & 0xff);
}

std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes.substr(0, number_size))
    number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace

std::string encode_cursor(const PagePosition& position, std::string_view scope) {
  std::string bytes;
  append_big_endian(bytes, static_cast<std::uint64_t>(position.time_ms));
  bytes += position.name;
  append_big_endian(bytes, checksum(scope, bytes));
  return base64url_encode(bytes);
}

Result<PagePosition> decode_cursor(std::string_view text, std::string_view scope) {
  const auto refused = [] {
    return make_error(Errc::invalid_request,
                      "the cursor is not one of this list: use the next_cursor of its last page");
  };
  if (text.size() > cursor_size_max) return refused();
  const auto bytes = base64url_decode(text);
  if (!bytes || bytes->size() < 2 * number_size) return refused();
  const std::string_view position = std::string_view(*bytes).substr(0, bytes->size() - number_size);
  if (read_big_endian(std::string_view(*bytes).substr(position.size())) != checksum(scope, position)) {
    return refused();
  }
  return PagePosition{static_cast<std::int64_t>(read_big_endian(position)),
                      std::string(position.substr(number_size))};
}

Result<std::optional<PagePosition>> read_cursor(std::size_t limit, std::string_view text,
                                                std::string_view scope) {
  if (limit == 0) return make_error(Errc::invalid_request, "limit must be at least 1");
  if (text.empty()) return std::optional<PagePosition>();
  auto position = decode_cursor(text, scope);
  if (!position) return position.error();
  return std::optional(std::move(*position));
}

}  // namespace skymarshal::store

#include "base/id.hpp"

#include <stdexcept>

#include <openssl/rand.h>

namespace skymarshal {
namespace {

constexpr bool is_dash_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

constexpr char lower_hex_digit(char c) {
  if (c >= '0' && c <= '9') return c;
  if (c >= 'a' && c <= 'f') return c;
  if (c >= 'A' && c <= 'F') return static_cast<char>(c - 'A' + 'a');
  return '\0';
}

}  // namespace

void SystemRandom::fill(std::span<std::byte> bytes) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("the system's random number generator failed");
  }
}

Uuid Uuid::generate(RandomSource& random) {
  std::array<std::byte, 16> bytes;
  random.fill(bytes);
  bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x40};
  bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};

  static constexpr std::string_view digits = "0123456789abcdef";
  Uuid uuid;
  std::size_t at = 0;
  for (const std::byte byte : bytes) {
    if (is_dash_position(at)) uuid.text_[at++] = '-';
    uuid.text_[at++] = digits[std::to_integer<std::size_t>(byte >> 4)];
    uuid.text_[at++] = digits[std::to_integer<std::size_t>(byte & std::byte{0x0f})];
  }
  return uuid;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != length) return std::nullopt;
  Uuid uuid;
  for (std::size_t i = 0; i < length; ++i) {
    const char c = is_dash_position(i) ? (text[i] == '-' ? '-' : '\0') : lower_hex_digit(text[i]);
    if (c == '\0') return std::nullopt;
    uuid.text_[i] = c;
  }
  static constexpr std::string_view variants = "89ab";
  if (uuid.text_[14] != '4' || variants.find(uuid.text_[19]) == std::string_view::npos) return std::nullopt;
  return uuid;
}

}  // namespace skymarshal

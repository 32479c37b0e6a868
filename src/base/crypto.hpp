// Digests, message authentication and the text forms of bytes, by OpenSSL. Pure; safe from any thread.
// OpenSSL failing at a digest is a bug or an exhausted machine: std::runtime_error.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal {

/// SHA-256 (FIPS 180-4), and HMAC with it (RFC 2104).
using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
Sha256 hmac_sha256(std::string_view key, std::string_view message);

/// The bytes as they are, for the next digest.
inline std::string_view as_text(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// Lower case, two digits a byte.
std::string hex(std::string_view bytes);

/// RFC 4648 section 5, without padding.
std::string base64url_encode(std::string_view bytes);
/// Strict: no padding, no white space, no other alphabet, and the unused bits of the last letter are zero, so
/// that every byte string has exactly one text. nullopt for anything else.
std::optional<std::string> base64url_decode(std::string_view text);

/// RFC 4648 section 4, with padding.
std::string base64_encode(std::string_view bytes);
/// Strict: padded, no white space, no other alphabet. nullopt for anything else.
std::optional<std::string> base64_decode(std::string_view text);

/// In time that depends on the lengths alone; false where they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace skymarshal

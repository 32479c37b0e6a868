#include "base/crypto.hpp"

#include <initializer_list>
#include <memory>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace skymarshal {
namespace {

constexpr std::string_view base64url_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Looked up once, with one context a thread: OpenSSL's one-shot functions look the algorithm up and allocate
/// at every call, which costs more than digesting a kilobyte.
Sha256 digest_of(std::initializer_list<std::string_view> pieces) {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                     &EVP_MD_CTX_free);
  Sha256 digest;
  bool done = algorithm != nullptr && context != nullptr &&
              EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1;
  for (const std::string_view piece : pieces)
    done = done && EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1;
  if (!done || EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
    throw std::runtime_error("SHA-256 failed");
  return digest;
}

std::array<std::int8_t, 256> values_of_letters() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < base64url_letters.size(); ++i) {
    values[static_cast<unsigned char>(base64url_letters[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}

}  // namespace

Sha256 sha256(std::string_view bytes) { return digest_of({bytes}); }

Sha256 hmac_sha256(std::string_view key, std::string_view message) {
  constexpr std::size_t block_bytes = 64;
  Sha256 digest_of_key;
  if (key.size() > block_bytes) {
    digest_of_key = sha256(key);
    key = as_text(digest_of_key);
  }
  std::array<char, block_bytes> inner_key, outer_key;
  for (std::size_t i = 0; i < block_bytes; ++i) {
    const char byte = i < key.size() ? key[i] : '\0';
    inner_key[i] = static_cast<char>(byte ^ 0x36);
    outer_key[i] = static_cast<char>(byte ^ 0x5C);
  }
  const Sha256 inner = digest_of({{inner_key.data(), block_bytes}, message});
  const Sha256 outer = digest_of({{outer_key.data(), block_bytes}, as_text(inner)});
  OPENSSL_cleanse(inner_key.data(), block_bytes);
  OPENSSL_cleanse(outer_key.data(), block_bytes);
  return outer;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(2 * bytes.size(), '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text[2 * i] = digits[byte >> 4U];
    text[2 * i + 1] = digits[byte & 0xFU];
  }
  return text;
}

std::string base64url_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += base64url_letters[(bits >> count) & 0x3FU];
    }
  }
  if (count > 0) text += base64url_letters[(bits << (6 - count)) & 0x3FU];
  return text;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  static const std::array<std::int8_t, 256> values = values_of_letters();
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::int8_t value = values[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((bits >> count) & 0xFFU);
  }
  if ((bits & ((1U << count) - 1U)) != 0) return std::nullopt;
  return bytes;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace skymarshal

#include "base/crypto.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

namespace skymarshal {
namespace {

constexpr std::string_view base64url_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Algorithms are looked up once, with one context a thread: OpenSSL's one-shot functions look them up and
// allocate at every call, which costs more than digesting a kilobyte.

using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

DigestContext new_digest() {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  DigestContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (algorithm == nullptr || context == nullptr ||
      EVP_DigestInit_ex2(context.get(), algorithm, nullptr) != 1)
    throw std::runtime_error("SHA-256 cannot be had");
  return context;
}

MacContext new_mac() {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  MacContext context(algorithm == nullptr ? nullptr : EVP_MAC_CTX_new(algorithm), &EVP_MAC_CTX_free);
  std::string digest = "SHA256";
  const std::array parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
      OSSL_PARAM_construct_end()};
  if (context == nullptr || EVP_MAC_CTX_set_params(context.get(), parameters.data()) != 1)
    throw std::runtime_error("HMAC with SHA-256 cannot be had");
  return context;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
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

Sha256 sha256(std::string_view bytes) {
  thread_local const DigestContext context = new_digest();
  Sha256 digest;
  // Without an algorithm: the one that the context has.
  if (EVP_DigestInit_ex2(context.get(), nullptr, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
    throw std::runtime_error("SHA-256 failed");
  return digest;
}

Sha256 hmac_sha256(std::string_view key, std::string_view message) {
  thread_local const MacContext context = new_mac();
  // A null pointer would mean the key of the last time.
  if (key.data() == nullptr) key = "";
  Sha256 code;
  std::size_t size = 0;
  const bool done = EVP_MAC_init(context.get(), bytes_of(key), key.size(), nullptr) == 1 &&
                    EVP_MAC_update(context.get(), bytes_of(message), message.size()) == 1 &&
                    EVP_MAC_final(context.get(), code.data(), &size, code.size()) == 1;
  // The context outlives the call; the key must not: another one wipes it.
  constexpr std::string_view nobodys_key = "-";
  const bool is_wiped = EVP_MAC_init(context.get(), bytes_of(nobodys_key), nobodys_key.size(), nullptr) == 1;
  if (!done || !is_wiped || size != code.size()) throw std::runtime_error("HMAC with SHA-256 failed");
  return code;
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

std::string base64_encode(std::string_view bytes) {
  // OpenSSL puts a zero behind it.
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const auto* const from = reinterpret_cast<const unsigned char*>(bytes.data());
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), from, static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  // OpenSSL passes over white space at both ends, and reads '=' anywhere as zeros.
  const std::size_t padding = text.size() - std::min(text.find('='), text.size());
  if (text.size() % 4 != 0 || padding > 2 || text.find_first_of(" \t\r\n\v\f-") != std::string_view::npos)
    return std::nullopt;
  if (padding == 2 && text.back() != '=') return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0 || static_cast<std::size_t>(size) != bytes.size()) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  return bytes;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace skymarshal

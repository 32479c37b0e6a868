// A token issuer for tests: keys made on the spot, their JWKs, and tokens signed with them.
#pragma once

#include "base/clock.hpp"
#include "base/crypto.hpp"

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

namespace skymarshal::test {

class IssuerKey {
 public:
  static IssuerKey rsa(std::string id, std::size_t bits = 2048) {
    return {std::move(id), "RS256", EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits)};
  }
  static IssuerKey p256(std::string id) {
    return {std::move(id), "ES256", EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  }
  static IssuerKey ed25519(std::string id) {
    return {std::move(id), "EdDSA", EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  }

  const std::string& id() const { return id_; }
  const std::string& algorithm() const { return algorithm_; }

  /// Big-endian, at least `width` bytes.
  std::string number(const char* name, int width = 1) const {
    BIGNUM* found = nullptr;
    if (EVP_PKEY_get_bn_param(key_.get(), name, &found) != 1) throw std::runtime_error("no such number");
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> held(found, &BN_free);
    const int size = std::max(width, BN_num_bytes(found));
    std::string bytes(static_cast<std::size_t>(size), '\0');
    BN_bn2binpad(found, reinterpret_cast<unsigned char*>(bytes.data()), size);
    return bytes;
  }
  std::string n() const { return number(OSSL_PKEY_PARAM_RSA_N); }
  std::string e() const { return number(OSSL_PKEY_PARAM_RSA_E); }
  std::string x() const {
    if (algorithm_ == "ES256") return number(OSSL_PKEY_PARAM_EC_PUB_X, 32);
    std::string bytes(32, '\0');
    std::size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    return bytes;
  }
  std::string y() const { return number(OSSL_PKEY_PARAM_EC_PUB_Y, 32); }

  /// Without braces and id: `"kty":…`.
  std::string material() const {
    if (algorithm_ == "RS256")
      return R"("kty":"RSA","n":")" + base64url_encode(n()) + R"(","e":")" + base64url_encode(e()) + '"';
    if (algorithm_ == "ES256") {
      return R"("kty":"EC","crv":"P-256","x":")" + base64url_encode(x()) + R"(","y":")" +
             base64url_encode(y()) + '"';
    }
    return R"("kty":"OKP","crv":"Ed25519","x":")" + base64url_encode(x()) + '"';
  }
  std::string jwk(const std::string& more = "") const {
    return R"({"kid":")" + id_ + "\"," + material() + more + "}";
  }

  /// As JWS has it.
  std::string sign(const std::string& message) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const EVP_MD* const digest = algorithm_ == "EdDSA" ? nullptr : EVP_sha256();
    EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get());
    std::string signature(2048, '\0');
    std::size_t size = signature.size();
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(message.data()), message.size()) != 1)
      throw std::runtime_error("cannot sign");
    signature.resize(size);
    return algorithm_ == "ES256" ? r_and_s(signature) : signature;
  }

  std::string header() const {
    return R"({"alg":")" + algorithm_ + R"(","kid":")" + id_ + R"(","typ":"JWT"})";
  }
  std::string token(const std::string& claims) const { return token(header(), claims); }
  std::string token(const std::string& header_json, const std::string& claims) const {
    const std::string text = base64url_encode(header_json) + "." + base64url_encode(claims);
    return text + "." + base64url_encode(sign(text));
  }

 private:
  IssuerKey(std::string id, std::string algorithm, EVP_PKEY* key)
      : id_(std::move(id)), algorithm_(std::move(algorithm)), key_(key, &EVP_PKEY_free) {
    if (key == nullptr) throw std::runtime_error("no key");
  }

  static std::string r_and_s(const std::string& der) {
    const auto* in = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> read(
        d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())), &ECDSA_SIG_free);
    std::string bytes(64, '\0');
    auto* const out = reinterpret_cast<unsigned char*>(bytes.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(read.get()), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(read.get()), out + 32, 32);
    return bytes;
  }

  std::string id_;
  std::string algorithm_;
  std::shared_ptr<EVP_PKEY> key_;
};

/// Made once: RSA keys take their time.
inline const std::vector<IssuerKey>& issuer_keys() {
  static const std::vector<IssuerKey> keys = {IssuerKey::rsa("rsa"), IssuerKey::p256("ec"),
                                              IssuerKey::ed25519("ed")};
  return keys;
}

inline std::string jwk_set(const std::vector<std::string>& keys) {
  std::string json = R"({"keys":[)";
  for (const std::string& key : keys) json += (&key == &keys.front() ? "" : ",") + key;
  return json + "]}";
}

inline std::string jwk_set(const std::vector<IssuerKey>& keys) {
  std::vector<std::string> texts;
  for (const IssuerKey& key : keys) texts.push_back(key.jwk());
  return jwk_set(texts);
}

inline constexpr const char* issuer = "https://issuer.example/pool";

/// Good claims at `now`, with more members or instead of these.
inline std::string claims_json(WallTime now, const std::string& more = "",
                               const std::string& audience = R"("aud":"gateway")") {
  return std::string(R"({"iss":")") + issuer + R"(","sub":"anna",)" + audience + R"(,"exp":)" +
         std::to_string(unix_ms(now) / 1000 + 300) + more + "}";
}

}  // namespace skymarshal::test

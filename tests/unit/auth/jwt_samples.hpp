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
  static IssuerKey p256(std::string id) { return of(std::move(id), "ES256"); }
  static IssuerKey ed25519(std::string id) { return of(std::move(id), "EdDSA"); }
  /// Of the kind of key that `algorithm` takes; EdDSA on Ed25519.
  static IssuerKey of(std::string id, const std::string& algorithm) {
    EVP_PKEY* key = nullptr;
    if (algorithm == "ES256") key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    if (algorithm == "ES384") key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384");
    if (algorithm == "ES512") key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-521");
    if (algorithm == "EdDSA" || algorithm == "Ed25519") key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    if (algorithm == "Ed448") key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448");
    if (algorithm[1] == 'S' && algorithm[0] != 'E')
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
    return {std::move(id), algorithm, key};
  }
  /// The same key, signing by another algorithm.
  IssuerKey by(std::string algorithm) const {
    IssuerKey other = *this;
    other.algorithm_ = std::move(algorithm);
    return other;
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
  bool is_rsa() const { return algorithm_[0] != 'E'; }
  bool is_nist() const { return algorithm_.starts_with("ES"); }
  /// Of a coordinate of its curve.
  int width() const {
    if (algorithm_ == "ES384") return 48;
    if (algorithm_ == "ES512") return 66;
    return algorithm_ == "Ed448" ? 57 : 32;
  }
  std::string x() const {
    if (is_nist()) return number(OSSL_PKEY_PARAM_EC_PUB_X, width());
    std::string bytes(static_cast<std::size_t>(width()), '\0');
    std::size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    return bytes;
  }
  std::string y() const { return number(OSSL_PKEY_PARAM_EC_PUB_Y, width()); }

  /// Without braces and id: `"kty":…`.
  std::string material() const {
    if (is_rsa())
      return R"("kty":"RSA","n":")" + base64url_encode(n()) + R"(","e":")" + base64url_encode(e()) + '"';
    if (is_nist()) {
      const std::string curve = width() == 32 ? "P-256" : width() == 48 ? "P-384" : "P-521";
      return R"("kty":"EC","crv":")" + curve + R"(","x":")" + base64url_encode(x()) + R"(","y":")" +
             base64url_encode(y()) + '"';
    }
    const std::string curve = width() == 57 ? "Ed448" : "Ed25519";
    return R"("kty":"OKP","crv":")" + curve + R"(","x":")" + base64url_encode(x()) + '"';
  }
  std::string jwk(const std::string& more = "") const {
    return R"({"kid":")" + id_ + "\"," + material() + more + "}";
  }

  /// As JWS has it; a PSS signature may be given another salt.
  std::string sign(const std::string& message, int salt_bytes = RSA_PSS_SALTLEN_DIGEST) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const EVP_MD* digest = EVP_sha256();
    if (algorithm_.ends_with("384")) digest = EVP_sha384();
    if (algorithm_.ends_with("512")) digest = EVP_sha512();
    if (algorithm_.starts_with("Ed")) digest = nullptr;
    EVP_PKEY_CTX* signing = nullptr;
    EVP_DigestSignInit(context.get(), &signing, digest, nullptr, key_.get());
    if (algorithm_[0] == 'P') {
      EVP_PKEY_CTX_set_rsa_padding(signing, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(signing, salt_bytes);
    }
    std::string signature(2048, '\0');
    std::size_t size = signature.size();
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(message.data()), message.size()) != 1)
      throw std::runtime_error("cannot sign");
    signature.resize(size);
    return is_nist() ? r_and_s(signature) : signature;
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

  std::string r_and_s(const std::string& der) const {
    const auto* in = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> read(
        d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())), &ECDSA_SIG_free);
    std::string bytes(2 * static_cast<std::size_t>(width()), '\0');
    auto* const out = reinterpret_cast<unsigned char*>(bytes.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(read.get()), out, width());
    BN_bn2binpad(ECDSA_SIG_get0_s(read.get()), out + width(), width());
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

/// One of every algorithm there is.
inline const std::vector<IssuerKey>& keys_of_all_algorithms() {
  static const std::vector<IssuerKey> keys = [] {
    std::vector<IssuerKey> made;
    const IssuerKey rsa = IssuerKey::rsa("rsa");
    for (const char* name : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
      made.push_back(rsa.by(name));
    for (const char* name : {"ES256", "ES384", "ES512", "EdDSA", "Ed25519", "Ed448"})
      made.push_back(IssuerKey::of(name, name));
    return made;
  }();
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

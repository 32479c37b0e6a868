#include "auth/public_key.hpp"

#include <array>
#include <new>
#include <string>
#include <utility>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

namespace skymarshal::auth {
namespace {

constexpr int modulus_bits_min = 2048;
/// What a check costs grows with the square.
constexpr int modulus_bits_max = 8192;
constexpr std::size_t modulus_bytes_max = 2048;
constexpr std::size_t exponent_bytes_max = 8;
constexpr std::size_t coordinate_bytes = 32;
constexpr std::size_t signature_bytes_max = modulus_bits_max / 8;

template <auto release>
struct Releases {
  template <typename T>
  void operator()(T* handle) const {
    release(handle);
  }
};
template <typename T, auto release>
using Handle = std::unique_ptr<T, Releases<release>>;

using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using Number = Handle<BIGNUM, BN_free>;
using EcdsaSignature = Handle<ECDSA_SIG, ECDSA_SIG_free>;
using ParameterBuilder = Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = Handle<OSSL_PARAM, OSSL_PARAM_free>;

/// What is refused here must not stay in the thread's queue of errors: a TLS connection would take it for its
/// own.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number number_of(std::string_view bytes) {
  Number number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
  if (!number) throw std::bad_alloc();
  return number;
}

Error unusable(std::string message) { return make_error(Errc::invalid_request, std::move(message)); }

/// Null if the parameters are no key of that kind, or one that cannot be: a point off the curve, a prime
/// modulus.
KeyHandle key_from(const char* kind, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1) throw std::bad_alloc();
  EVP_PKEY* made = nullptr;
  const int done = EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get());
  KeyHandle key(made);
  if (done != 1) return nullptr;
  const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (!check) throw std::bad_alloc();
  return EVP_PKEY_public_check(check.get()) == 1 ? std::move(key) : nullptr;
}

ParameterBuilder new_parameters() {
  ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder) throw std::bad_alloc();
  return builder;
}

/// As OpenSSL wants it (RFC 3279 section 2.2.3); empty unless it is r and s of P-256.
std::string der_signature(std::string_view r_and_s) {
  if (r_and_s.size() != 2 * coordinate_bytes) return {};
  Number r = number_of(r_and_s.substr(0, coordinate_bytes));
  Number s = number_of(r_and_s.substr(coordinate_bytes));
  // The library refuses these as well; CVE-2022-21449 was one that did not.
  if (BN_is_zero(r.get()) || BN_is_zero(s.get())) return {};
  const EcdsaSignature signature(ECDSA_SIG_new());
  if (!signature || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) throw std::bad_alloc();
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  const int size = i2d_ECDSA_SIG(signature.get(), nullptr);
  if (size <= 0) throw std::bad_alloc();
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(signature.get(), &out);
  return der;
}

}  // namespace

std::optional<SignatureAlgorithm> signature_algorithm(std::string_view name) {
  for (const auto algorithm :
       {SignatureAlgorithm::rs256, SignatureAlgorithm::es256, SignatureAlgorithm::eddsa}) {
    if (name == to_text(algorithm)) return algorithm;
  }
  return std::nullopt;
}

std::string_view to_text(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::rs256:
      return "RS256";
    case SignatureAlgorithm::es256:
      return "ES256";
    case SignatureAlgorithm::eddsa:
      return "EdDSA";
  }
  return {};
}

Result<PublicKey> PublicKey::rsa(const RsaNumbers& numbers) {
  const QuietErrors quiet;
  if (numbers.modulus.size() > modulus_bytes_max || numbers.exponent.size() > exponent_bytes_max)
    return unusable("the RSA key's numbers are too long");
  const Number modulus = number_of(numbers.modulus);
  const Number exponent = number_of(numbers.exponent);
  const int bits = BN_num_bits(modulus.get());
  if (bits < modulus_bits_min || bits > modulus_bits_max)
    return unusable("an RSA key must have 2048 to 8192 bits");
  if (!BN_is_odd(exponent.get()) || BN_is_one(exponent.get()))
    return unusable("the RSA key's exponent is none");
  const ParameterBuilder builder = new_parameters();
  if (OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1)
    throw std::bad_alloc();
  KeyHandle key = key_from("RSA", builder.get());
  if (!key) return unusable("the numbers are no RSA key");
  return PublicKey(SignatureAlgorithm::rs256, std::move(key));
}

Result<PublicKey> PublicKey::p256(const CurvePoint& point) {
  const QuietErrors quiet;
  if (point.x.size() != coordinate_bytes || point.y.size() != coordinate_bytes)
    return unusable("the coordinates of a P-256 key have 32 bytes each");
  // Uncompressed (SEC 1 section 2.3.3).
  std::string encoded = "\x04";
  encoded.append(point.x).append(point.y);
  const ParameterBuilder builder = new_parameters();
  if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, encoded.data(),
                                       encoded.size()) != 1)
    throw std::bad_alloc();
  KeyHandle key = key_from("EC", builder.get());
  if (!key) return unusable("the point is not on the curve P-256");
  return PublicKey(SignatureAlgorithm::es256, std::move(key));
}

Result<PublicKey> PublicKey::ed25519(std::string_view point) {
  const QuietErrors quiet;
  if (point.size() != coordinate_bytes) return unusable("an Ed25519 key has 32 bytes");
  KeyHandle key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(point), point.size()));
  if (!key) return unusable("the bytes are no Ed25519 key");
  return PublicKey(SignatureAlgorithm::eddsa, std::move(key));
}

bool PublicKey::verifies(std::string_view message, std::string_view signature) const {
  const QuietErrors quiet;
  if (signature.empty() || signature.size() > signature_bytes_max) return false;
  std::string der;
  if (algorithm_ == SignatureAlgorithm::es256) {
    der = der_signature(signature);
    if (der.empty()) return false;
    signature = der;
  }
  // Ed25519 hashes by itself.
  const EVP_MD* const digest = algorithm_ == SignatureAlgorithm::eddsa ? nullptr : EVP_sha256();
  const DigestContext context(EVP_MD_CTX_new());
  if (!context || EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key_.get()) != 1)
    throw std::bad_alloc();
  return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                          message.size()) == 1;
}

}  // namespace skymarshal::auth

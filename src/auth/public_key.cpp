#include "auth/public_key.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

namespace skymarshal::auth {
namespace {

constexpr int modulus_bits_min = 2048;
/// What a check costs grows with the square.
constexpr int modulus_bits_max = 8192;
constexpr std::size_t modulus_bytes_max = 2048;
constexpr std::size_t exponent_bytes_max = 8;
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

/// As OpenSSL wants it (RFC 3279 section 2.2.3); empty unless it is r and s, each of the curve's width.
std::string der_signature(std::string_view r_and_s, std::size_t width) {
  if (r_and_s.size() != 2 * width) return {};
  Number r = number_of(r_and_s.substr(0, width));
  Number s = number_of(r_and_s.substr(width));
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

struct Curve {
  KeyKind kind;
  /// OpenSSL's; null for Edwards curves, which go by their number.
  const char* name;
  int number;
  /// Of a coordinate, or of an Edwards point.
  std::size_t bytes;
};

constexpr std::array<Curve, 5> curves = {{
    {KeyKind::p256, "P-256", 0, 32},
    {KeyKind::p384, "P-384", 0, 48},
    {KeyKind::p521, "P-521", 0, 66},
    {KeyKind::ed25519, nullptr, EVP_PKEY_ED25519, 32},
    {KeyKind::ed448, nullptr, EVP_PKEY_ED448, 57},
}};

const Curve& curve_of(KeyKind kind) { return *std::ranges::find(curves, kind, &Curve::kind); }

/// What an algorithm asks for (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864 section 2).
struct Scheme {
  SignatureAlgorithm algorithm;
  std::string_view name;
  KeyKind kind;
  /// Null: the curve brings its own.
  const EVP_MD* (*digest)();
  bool is_pss = false;
};

constexpr std::array<Scheme, 13> schemes = {{
    {SignatureAlgorithm::rs256, "RS256", KeyKind::rsa, EVP_sha256},
    {SignatureAlgorithm::rs384, "RS384", KeyKind::rsa, EVP_sha384},
    {SignatureAlgorithm::rs512, "RS512", KeyKind::rsa, EVP_sha512},
    {SignatureAlgorithm::ps256, "PS256", KeyKind::rsa, EVP_sha256, true},
    {SignatureAlgorithm::ps384, "PS384", KeyKind::rsa, EVP_sha384, true},
    {SignatureAlgorithm::ps512, "PS512", KeyKind::rsa, EVP_sha512, true},
    {SignatureAlgorithm::es256, "ES256", KeyKind::p256, EVP_sha256},
    {SignatureAlgorithm::es384, "ES384", KeyKind::p384, EVP_sha384},
    {SignatureAlgorithm::es512, "ES512", KeyKind::p521, EVP_sha512},
    {SignatureAlgorithm::eddsa, "EdDSA", KeyKind::ed25519, nullptr},
    {SignatureAlgorithm::eddsa, "EdDSA", KeyKind::ed448, nullptr},
    {SignatureAlgorithm::ed25519, "Ed25519", KeyKind::ed25519, nullptr},
    {SignatureAlgorithm::ed448, "Ed448", KeyKind::ed448, nullptr},
}};

/// Null if keys of that kind do not serve it.
const Scheme* scheme_of(SignatureAlgorithm algorithm, KeyKind kind) {
  const auto found = std::ranges::find_if(schemes, [algorithm, kind](const Scheme& scheme) {
    return scheme.algorithm == algorithm && scheme.kind == kind;
  });
  return found == schemes.end() ? nullptr : &*found;
}

}  // namespace

std::optional<SignatureAlgorithm> signature_algorithm(std::string_view name) {
  const auto found = std::ranges::find(schemes, name, &Scheme::name);
  return found == schemes.end() ? std::nullopt : std::optional(found->algorithm);
}

std::string_view to_text(SignatureAlgorithm algorithm) {
  return std::ranges::find(schemes, algorithm, &Scheme::algorithm)->name;
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
  return PublicKey(KeyKind::rsa, std::move(key));
}

Result<PublicKey> PublicKey::on_nist_curve(KeyKind kind, const CurvePoint& point) {
  const QuietErrors quiet;
  const Curve& curve = curve_of(kind);
  if (point.x.size() != curve.bytes || point.y.size() != curve.bytes)
    return unusable(fmt::format("the coordinates of a {} key have {} bytes each", curve.name, curve.bytes));
  // Uncompressed (SEC 1 section 2.3.3).
  std::string encoded = "\x04";
  encoded.append(point.x).append(point.y);
  const ParameterBuilder builder = new_parameters();
  if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.name, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, encoded.data(),
                                       encoded.size()) != 1)
    throw std::bad_alloc();
  KeyHandle key = key_from("EC", builder.get());
  if (!key) return unusable(fmt::format("the point is not on the curve {}", curve.name));
  return PublicKey(kind, std::move(key));
}

Result<PublicKey> PublicKey::on_edwards_curve(KeyKind kind, std::string_view point) {
  const QuietErrors quiet;
  const Curve& curve = curve_of(kind);
  if (point.size() != curve.bytes)
    return unusable(fmt::format("a key of this Edwards curve has {} bytes", curve.bytes));
  KeyHandle key(EVP_PKEY_new_raw_public_key(curve.number, nullptr, bytes_of(point), point.size()));
  if (!key) return unusable("the bytes are no point of the Edwards curve");
  return PublicKey(kind, std::move(key));
}

bool PublicKey::serves(SignatureAlgorithm algorithm) const { return scheme_of(algorithm, kind_) != nullptr; }

bool PublicKey::verifies(SignatureAlgorithm algorithm, std::string_view message,
                         std::string_view signature) const {
  const QuietErrors quiet;
  const Scheme* const scheme = scheme_of(algorithm, kind_);
  if (scheme == nullptr || signature.empty() || signature.size() > signature_bytes_max) return false;
  std::string der;
  if (kind_ == KeyKind::p256 || kind_ == KeyKind::p384 || kind_ == KeyKind::p521) {
    der = der_signature(signature, curve_of(kind_).bytes);
    if (der.empty()) return false;
    signature = der;
  }
  const EVP_MD* const digest = scheme->digest != nullptr ? scheme->digest() : nullptr;
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* check = nullptr;  // The context's own.
  if (!context || EVP_DigestVerifyInit(context.get(), &check, digest, nullptr, key_.get()) != 1)
    throw std::bad_alloc();
  // RFC 7518 section 3.5: MGF1 with the same digest, which is the default, and a salt as long as it.
  if (scheme->is_pss && (EVP_PKEY_CTX_set_rsa_padding(check, RSA_PKCS1_PSS_PADDING) != 1 ||
                         EVP_PKEY_CTX_set_rsa_pss_saltlen(check, RSA_PSS_SALTLEN_DIGEST) != 1))
    throw std::bad_alloc();
  return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                          message.size()) == 1;
}

}  // namespace skymarshal::auth

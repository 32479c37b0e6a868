// The public half of a token issuer's key, and what it says about a signature: RSA (PKCS #1 and PSS), the
// NIST curves and the Edwards curves (RFC 7518 section 3, RFC 8037 section 3.1), by OpenSSL. A value; safe to
// use from any thread.
#pragma once

#include "base/error.hpp"

#include <memory>
#include <optional>
#include <string_view>

struct evp_pkey_st;

namespace skymarshal::auth {

/// The only ones there are here. Which of them a key serves is for the key to say, never for a token
/// (RFC 8725 section 3.1).
enum class SignatureAlgorithm {
  rs256,
  rs384,
  rs512,
  ps256,
  ps384,
  ps512,
  es256,
  es384,
  es512,
  /// Of either Edwards curve, which the key tells (RFC 8037); the two below name it (RFC 9864).
  eddsa,
  ed25519,
  ed448,
};

/// "RS256", "EdDSA", "Ed25519", …, in these letters; nullopt for anything else, "none" and "HS256" among it.
std::optional<SignatureAlgorithm> signature_algorithm(std::string_view name);
std::string_view to_text(SignatureAlgorithm algorithm);
/// All of them, for a message.
inline constexpr std::string_view signature_algorithms_text =
    "RS, PS or ES 256, 384 or 512, EdDSA, Ed25519 or Ed448";

/// "RSA", the curves of RFC 7518 section 6.2.1.1 and of RFC 8037 section 2.
enum class KeyKind { rsa, p256, p384, p521, ed25519, ed448 };

/// Big-endian numbers.
struct RsaNumbers {
  std::string_view modulus;
  std::string_view exponent;
};
struct CurvePoint {
  std::string_view x;
  std::string_view y;
};

class PublicKey {
 public:
  /// Errc::invalid_request if the modulus is below 2048 bits (RFC 7518 section 3.3) or above 8192, or the
  /// numbers are no RSA key.
  static Result<PublicKey> rsa(const RsaNumbers& numbers);
  /// `kind`: a NIST curve. Errc::invalid_request unless both numbers have its width and are a point on it.
  static Result<PublicKey> on_nist_curve(KeyKind kind, const CurvePoint& point);
  /// `kind`: an Edwards curve. Errc::invalid_request unless `point` has its width.
  static Result<PublicKey> on_edwards_curve(KeyKind kind, std::string_view point);

  /// Whether its kind of key can check signatures of that algorithm.
  bool serves(SignatureAlgorithm algorithm) const;
  /// False also if it does not serve the algorithm. `signature` as JWS has it (RFC 7518 section 3.4: r and s
  /// of a curve one after the other).
  bool verifies(SignatureAlgorithm algorithm, std::string_view message, std::string_view signature) const;

 private:
  PublicKey(KeyKind kind, std::shared_ptr<evp_pkey_st> key) : kind_(kind), key_(std::move(key)) {}

  KeyKind kind_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace skymarshal::auth

// The public half of a token issuer's key, and what it says about a signature: RS256, ES256 and EdDSA
// (RFC 7518 section 3, RFC 8037 section 3.1), by OpenSSL. A value; safe to use from any thread.
#pragma once

#include "base/error.hpp"

#include <memory>
#include <optional>
#include <string_view>

struct evp_pkey_st;

namespace skymarshal::auth {

/// The only ones there are here. A key serves exactly one of them, whatever a token says of itself
/// (RFC 8725 section 3.1).
enum class SignatureAlgorithm { rs256, es256, eddsa };

/// "RS256", "ES256", "EdDSA", in these letters; nullopt for anything else, "none" and "HS256" among it.
std::optional<SignatureAlgorithm> signature_algorithm(std::string_view name);
std::string_view to_text(SignatureAlgorithm algorithm);

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
  /// Errc::invalid_request unless both are 32 bytes and the point is on the curve P-256.
  static Result<PublicKey> p256(const CurvePoint& point);
  /// Errc::invalid_request unless it is 32 bytes.
  static Result<PublicKey> ed25519(std::string_view point);

  SignatureAlgorithm algorithm() const { return algorithm_; }
  /// `signature` as JWS has it (RFC 7518 section 3.4: r and s of ES256 one after the other).
  bool verifies(std::string_view message, std::string_view signature) const;

 private:
  PublicKey(SignatureAlgorithm algorithm, std::shared_ptr<evp_pkey_st> key)
      : algorithm_(algorithm), key_(std::move(key)) {}

  SignatureAlgorithm algorithm_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace skymarshal::auth

// JSON Web Tokens in the compact form (RFC 7515 section 7.1, RFC 7519), read with the care of RFC 8725.
// Pure. Nothing of a token is worth anything before a key that is trusted says so: then see jwt_claims.
#pragma once

#include "auth/public_key.hpp"
#include "base/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::auth {

/// A token taken apart; what it says is not proven.
struct SignedToken {
  SignatureAlgorithm algorithm = SignatureAlgorithm::rs256;
  std::optional<std::string> key_id;
  /// What the signature is about: a view of the token's text.
  std::string_view signed_text;
  std::string signature;
  /// Decoded; anything at all until the signature is checked.
  std::string claims;
};

/// Errc::unauthorized says what is wrong: not three parts of strict base64url, a header that is no JSON
/// object with each member once, another algorithm than RS256, ES256 and EdDSA (RFC 8725 section 3.1),
/// `crit` (RFC 7515 section 4.1.11), a key that the token brings along itself (`jwk`), a `typ` that is
/// neither JWT nor at+jwt (RFC 8725 section 3.11). `jku`, `x5u` and `x5c` are never looked at.
Result<SignedToken> read_token(std::string_view token, std::size_t bytes_max);

}  // namespace skymarshal::auth

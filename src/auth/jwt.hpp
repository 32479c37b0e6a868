// JSON Web Tokens in the compact form (RFC 7515 section 7.1, RFC 7519), read with the care of RFC 8725: first
// taken apart, then, when a key that is trusted has said that it is signed, judged by its claims. Nothing of
// a token is worth anything before. Pure.
#pragma once

#include "auth/authenticator.hpp"
#include "auth/public_key.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
/// object with each member once, an algorithm that is none of SignatureAlgorithm (RFC 8725 section 3.1),
/// `crit` (RFC 7515 section 4.1.11), a key that the token brings along itself (`jwk`), a `typ` that is
/// neither JWT nor at+jwt (RFC 8725 section 3.11). `jku`, `x5u` and `x5c` are never looked at.
Result<SignedToken> read_token(std::string_view token, std::size_t bytes_max);

struct JwtRules {
  /// What `iss` must be, letter by letter.
  std::string issuer;
  /// `aud` must name one of them. None: no token is good enough.
  std::vector<std::string> audiences;
  /// The claim that names the caller: 1 to 255 bytes without control characters.
  std::string subject_claim = "sub";
  /// The claim that names the limits. No tier of ours (absent, null, a number, a long text) is the default
  /// one: issuers have claims of that name with meanings of their own.
  std::string tier_claim = "tier";
  /// One of `scope` or `scp`; empty: none is needed.
  std::string required_scope = {};
  /// By how much the clocks may differ: of exp, nbf and iat.
  std::chrono::seconds leeway{60};
};

/// Whether a token whose signature was checked is for us now. The principal is `issuer|subject`, which no IAM
/// principal can be. Reason::invalid_token says what is wrong, Reason::not_allowed which scope is missing.
/// `exp` is required. An access token of Amazon Cognito names its audience in `client_id`
/// (docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html).
Verdict judge_claims(std::string_view claims, const JwtRules& rules, WallTime now);

}  // namespace skymarshal::auth

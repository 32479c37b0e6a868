// What a token says of its bearer (RFC 7519 section 4), and whether that is enough to come in. Pure. The
// signature must have been checked before.
#pragma once

#include "auth/authenticator.hpp"
#include "base/clock.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::auth {

struct JwtRules {
  /// What `iss` must be, letter by letter.
  std::string issuer;
  /// `aud` must name one of them. None: no token is good enough.
  std::vector<std::string> audiences;
  /// The claim that names the caller: 1 to 255 bytes without control characters.
  std::string subject_claim = "sub";
  /// The claim that names the limits; a string, if it is there.
  std::string tier_claim = "tier";
  /// One of `scope` or `scp`; empty: none is needed.
  std::string required_scope = {};
  /// By how much the clocks may differ: of exp, nbf and iat.
  std::chrono::seconds leeway{60};
};

/// The principal is `issuer|subject`, which no IAM principal can be. Reason::invalid_token says what is
/// wrong, Reason::not_allowed which scope is missing. `exp` is required. An access token of Amazon Cognito
/// names its audience in `client_id`
/// (docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html).
Verdict judge_claims(std::string_view claims, const JwtRules& rules, WallTime now);

}  // namespace skymarshal::auth

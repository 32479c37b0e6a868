// What STS said about a caller, read. Pure.
// Sources: docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html and .../CommonErrors.html
#pragma once

#include "auth/authenticator.hpp"
#include "http/message.hpp"

#include <chrono>
#include <string>
#include <variant>

namespace skymarshal::auth {

/// Whom AWS vouches for.
struct CallerIdentity {
  std::string arn;
};

/// When to ask again where STS does not say.
inline constexpr std::chrono::seconds sts_retry_after{2};

/// STS as it cannot be relied upon: Reason::identity_unavailable.
Refusal sts_unavailable();

/// An identity only of a 200 with a JSON body whose Arn is a principal's and whose Account is the ARN's own.
/// 4xx: signature_mismatch, request_expired or invalid_token, by STS's error code; throttling, 429, 5xx and
/// whatever else is said, or cannot be understood: identity_unavailable. No text of STS's reaches the caller.
std::variant<CallerIdentity, Refusal> read_sts_answer(const http::Response& response);

}  // namespace skymarshal::auth

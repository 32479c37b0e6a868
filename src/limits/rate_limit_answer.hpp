// How a limiter's decision reads in an answer: the RateLimit headers of
// draft-ietf-httpapi-ratelimit-headers-06 (section 5) and the refusal. Pure.
#pragma once

#include "base/error.hpp"
#include "http/message.hpp"
#include "limits/rate_limiter.hpp"

namespace skymarshal::limits {

/// RateLimit-Limit, RateLimit-Remaining, and RateLimit-Reset in whole seconds, rounded up: of the
/// principal's own limit. None of them where there is no limit.
void add_rate_limit_headers(const RateDecision& decision, http::Headers& headers);

/// What a refused caller is told: Errc::rate_limited with whose limit it was and when to come back. The
/// details are {"scope":"principal"|"account","limit","window_ms","retry_after_ms"}; retry_after is in whole
/// seconds, rounded up, so that keeping to it succeeds.
Error rate_limited(const RateDecision& decision);

}  // namespace skymarshal::limits

// Rate limits that limit nobody, for tests that are about something else.
#pragma once

#include "limits/rate_limiter.hpp"

namespace skymarshal::test {

inline limits::RateLimits no_limits() {
  limits::RateLimits limits;
  limits.principal.requests = 0;
  limits.account.requests = 0;
  return limits;
}

}  // namespace skymarshal::test

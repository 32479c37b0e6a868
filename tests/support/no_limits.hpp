// Rate limits that limit nobody, for tests that are about something else.
#pragma once

#include "gateway/rate_limiter.hpp"

namespace skymarshal::test {

inline gateway::RateLimits no_limits() {
  gateway::RateLimits limits;
  limits.principal.requests = 0;
  limits.account.requests = 0;
  return limits;
}

}  // namespace skymarshal::test

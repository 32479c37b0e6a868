#include "runtime/retry_policy.hpp"

#include "base/jitter.hpp"

#include <algorithm>

namespace skymarshal::runtime {

Milliseconds RetryPolicy::delay_before(int retry, RandomSource& random) const {
  return jittered(delays[static_cast<std::size_t>(retry)], jitter, random);
}

Milliseconds RetryPolicy::delay_while_starting(int look, RandomSource& random) const {
  Milliseconds delay = starting_delay;
  for (int doubled = 0; doubled < look && delay < starting_delay_max; ++doubled) delay *= 2;
  return jittered(std::min(delay, starting_delay_max), jitter, random);
}

}  // namespace skymarshal::runtime

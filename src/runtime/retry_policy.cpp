#include "runtime/retry_policy.hpp"

#include "base/jitter.hpp"

namespace skymarshal::runtime {

Milliseconds RetryPolicy::delay_before(int retry, RandomSource& random) const {
  return jittered(delays[static_cast<std::size_t>(retry)], jitter, random);
}

}  // namespace skymarshal::runtime

#include "runtime/retry_policy.hpp"

#include "base/jitter.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::runtime {

Milliseconds RetryPolicy::delay_before(int retry, RandomSource& random) const {
  return jittered(delays[static_cast<std::size_t>(retry)], jitter, random);
}

Milliseconds RetryPolicy::delay_while_starting(int look, RandomSource& random) const {
  Milliseconds delay = starting_delay;
  for (int doubled = 0; doubled < look && delay < starting_delay_max; ++doubled) delay *= 2;
  return jittered(std::min(delay, starting_delay_max), jitter, random);
}

std::optional<Milliseconds> Retries::delay_after(Again again) {
  switch (again) {
    case Again::no:
      return std::nullopt;
    case Again::at_once:
      if (std::exchange(authorised_anew_, true)) return std::nullopt;
      return Milliseconds(0);
    case Again::later:
      if (retries_ >= policy_.retries_max()) return std::nullopt;
      return policy_.delay_before(retries_++, random_);
    case Again::until_started:
      if (policy_.retries_max() == 0) return std::nullopt;
      return policy_.delay_while_starting(starts_++, random_);
  }
  return std::nullopt;
}

}  // namespace skymarshal::runtime

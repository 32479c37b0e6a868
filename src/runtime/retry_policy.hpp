// When a connection to the runtime is tried again, and after how long. Pure.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"

#include <vector>

namespace skymarshal::runtime {

struct RetryPolicy {
  /// One entry a retry: how long to wait before it.
  std::vector<Milliseconds> delays = {Milliseconds(1000), Milliseconds(2000)};
  /// Each delay is stretched or shortened by up to this share, so that many callers do not come back at once.
  double jitter = 0.2;

  int retries_max() const { return static_cast<int>(delays.size()); }
  /// Before retry number `retry`, counted from 0.
  Milliseconds delay_before(int retry, RandomSource& random) const;
};

}  // namespace skymarshal::runtime

// A clock that stands still until the test moves it on. Safe to use from any thread.
#pragma once

#include "base/clock.hpp"

#include <atomic>

namespace skymarshal::test {

class ManualClock final : public Clock {
 public:
  SteadyTime steady_now() const override { return SteadyTime(Milliseconds(elapsed_ms_.load() + 1'000'000)); }
  WallTime wall_now() const override { return from_unix_ms(1'767'225'600'000 + elapsed_ms_.load()); }
  void advance(Milliseconds by) { elapsed_ms_ += by.count(); }

 private:
  std::atomic<std::int64_t> elapsed_ms_ = 0;
};

}  // namespace skymarshal::test

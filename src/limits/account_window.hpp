// The limit of all principals together: one exact sliding window that many threads count in at once without
// a lock. Its limit is fixed; under another one a new window takes over its memory.
#pragma once

#include "base/clock.hpp"
#include "limits/rate_limiter.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace skymarshal::limits {

class AccountWindow {
 public:
  /// Remembers as many times as the limit has requests, 8 bytes each, from the start.
  explicit AccountWindow(RateLimit limit);
  /// Goes on from `before`, which nobody counts in meanwhile.
  AccountWindow(RateLimit limit, const AccountWindow& before);
  AccountWindow(const AccountWindow&) = delete;
  AccountWindow& operator=(const AccountWindow&) = delete;

  RateLimit limit() const { return limit_; }

  /// 0 if the request at `now` was counted, else after how long one would be: waiting exactly that long
  /// succeeds, if nobody else is quicker; one millisecond less does not. In no half-open interval of the
  /// length of the window are more counted than the limit, and below it nobody is refused. Time does not go
  /// back: `now` before the newest request counts as that moment.
  Milliseconds take(SteadyTime now);
  /// What take() would say; counts nothing.
  Milliseconds peek(SteadyTime now) const;

 private:
  using Time = std::int64_t;

  /// The next request: its number, what the slot it will take holds, and when it would be counted.
  struct Next {
    std::uint64_t number;
    std::int64_t held;
    Time time;
    /// Time until the request that holds the slot leaves the window; not positive: it has.
    Time wait;
  };

  std::atomic<std::int64_t>& slot_of(std::uint64_t number) const { return slots_[number % requests_]; }
  std::int64_t lap_of(std::uint64_t number) const {
    return static_cast<std::int64_t>((number / requests_) & 1);
  }
  Next next_at(SteadyTime now) const;
  /// Everything it remembers, oldest first.
  std::vector<Time> times() const;

  RateLimit limit_;
  std::uint64_t requests_;
  /// Older than those in the slots: where the limit was lowered, for when it is raised again.
  std::vector<Time> older_;
  /// The request of number n is in slot n modulo the limit: twice its time, and the lowest bit of its lap, by
  /// which one sees whether it or its predecessor is there. A slot's value never returns, as the times in it
  /// only grow.
  std::unique_ptr<std::atomic<std::int64_t>[]> slots_;
  /// The number of the next request. Mutable, as whoever finds it lagging moves it on.
  alignas(64) mutable std::atomic<std::uint64_t> next_ = 0;
};

}  // namespace skymarshal::limits

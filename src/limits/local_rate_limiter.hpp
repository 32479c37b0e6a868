// Counts requests in this process: each principal's in an exact sliding window of its own, and all of them
// together in the account's. Safe to use from any thread; threads meet only over the same principal, and for
// the instant in which new limits are set.
#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "limits/account_window.hpp"
#include "limits/rate_limiter.hpp"
#include "limits/sliding_windows.hpp"

#include <array>
#include <cstddef>
#include <memory>

namespace skymarshal::limits {

class LocalRateLimiter final : public RateLimiter {
 public:
  struct Options {
    /// Remembered at the same time; idle ones are forgotten.
    std::size_t principals_max = std::size_t{1} << 20;
  };

  /// `clock` must outlive it.
  LocalRateLimiter(RateLimits limits, const Clock& clock, Options options);
  LocalRateLimiter(RateLimits limits, const Clock& clock)
      : LocalRateLimiter(std::move(limits), clock, Options()) {}

  boost::asio::awaitable<Result<RateDecision>> admit(const Principal& principal) override;

  /// As admit(), at once. A request is counted by the principal and by the account or by neither.
  Result<RateDecision> decide(const Principal& principal, SteadyTime now);

  /// From the next request on. What was counted before goes on counting, as far as the old windows reached.
  void set_limits(RateLimits limits) NO_THREAD_SAFETY_ANALYSIS;

  /// How many principals are remembered.
  std::size_t principals() const { return principals_.size(); }

 private:
  /// The limits and what is counted under them.
  struct Regime {
    explicit Regime(RateLimits its_limits) : limits(std::move(its_limits)), account(limits.account) {}
    Regime(RateLimits its_limits, const Regime& before)
        : limits(std::move(its_limits)), account(limits.account, before.account) {}
    RateLimit limit_of(const Principal& principal) const;

    RateLimits limits;
    AccountWindow account;
  };

  /// Each thread decides under the lock of its own lane, new limits are set under all of them: so nobody
  /// decides meanwhile, and deciders do not wait for each other.
  struct alignas(64) Lane {
    Mutex mutex;
    Regime* regime GUARDED_BY(mutex) = nullptr;
  };

  Lane& lane_of_this_thread();

  const Clock& clock_;
  SlidingWindows principals_;
  std::unique_ptr<Regime> regime_;
  std::array<Lane, 32> lanes_;
};

}  // namespace skymarshal::limits

#include "limits/local_rate_limiter.hpp"

#include <algorithm>
#include <mutex>
#include <thread>
#include <vector>

namespace skymarshal::limits {
namespace {

constexpr std::chrono::seconds full_retry_after{5};

Error too_many_principals() {
  Error error = make_error(Errc::overloaded,
                           "more callers are active than this gateway can count: try again in a while");
  error.retry_after = full_retry_after;
  return error;
}

}  // namespace

LocalRateLimiter::LocalRateLimiter(RateLimits limits, const Clock& clock, Options options)
    : clock_(clock),
      principals_({options.principals_max, SlidingWindows::WhenFull::refuse}),
      regime_(std::make_unique<Regime>(std::move(limits))) {
  for (Lane& lane : lanes_) lane.regime = regime_.get();
}

boost::asio::awaitable<Result<RateDecision>> LocalRateLimiter::admit(const Principal& principal) {
  co_return decide(principal, clock_.steady_now());
}

Result<RateDecision> LocalRateLimiter::decide(const Principal& principal, SteadyTime now) {
  Lane& lane = lane_of_this_thread();
  const MutexLock lock(lane.mutex);
  Regime& regime = *lane.regime;
  RateDecision decision;
  decision.limit = regime.limit_of(principal);
  Milliseconds account_wait{};
  const auto account_admits = [&] {
    account_wait = regime.account.take(now);
    return account_wait == Milliseconds(0);
  };
  const SlidingWindows::Window own = principals_.take_if(principal.id, decision.limit, now, account_admits);
  if (own.full) return too_many_principals();
  if (!own.admitted) account_wait = regime.account.peek(now);
  decision.admitted = own.admitted && account_wait == Milliseconds(0);
  decision.by_account = own.admitted && !decision.admitted;
  if (!decision.admitted) decision.exceeded = decision.by_account ? regime.limits.account : decision.limit;
  decision.remaining = own.remaining;
  decision.reset_after = own.reset_after;
  decision.retry_after = std::max(own.retry_after, account_wait);
  return decision;
}

void LocalRateLimiter::set_limits(RateLimits limits) {
  // As many locks as there are lanes: more than the analysis can follow.
  std::vector<std::unique_lock<Mutex>> nobody_decides;
  nobody_decides.reserve(lanes_.size());
  for (Lane& lane : lanes_) nobody_decides.emplace_back(lane.mutex);
  auto next = std::make_unique<Regime>(std::move(limits), *regime_);
  for (Lane& lane : lanes_) lane.regime = next.get();
  regime_ = std::move(next);
}

RateLimit LocalRateLimiter::Regime::limit_of(const Principal& principal) const {
  if (principal.tier.empty()) return limits.principal;
  const auto tier = limits.tiers.find(principal.tier);
  return tier == limits.tiers.end() ? limits.principal : tier->second;
}

LocalRateLimiter::Lane& LocalRateLimiter::lane_of_this_thread() {
  return lanes_[std::hash<std::thread::id>()(std::this_thread::get_id()) % lanes_.size()];
}

}  // namespace skymarshal::limits

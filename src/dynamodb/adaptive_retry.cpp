#include "dynamodb/adaptive_retry.hpp"

#include "base/jitter.hpp"

#include <algorithm>
#include <chrono>

namespace skymarshal::dynamodb {
namespace {

using Seconds = std::chrono::duration<double>;

/// What throttling leaves of the rate that it met.
constexpr double slower = 0.7;
/// What a second without throttling adds, of the rate that was throttled.
constexpr double faster_a_second = 0.1;
/// Beyond so much of that rate the brake is off.
constexpr double free_at = 2.0;

constexpr int cost_of(AdaptiveRetry::Trouble trouble) {
  return trouble == AdaptiveRetry::Trouble::timed_out ? 10 : 5;
}

}  // namespace

std::optional<Milliseconds> AdaptiveRetry::wait_to_send(SteadyTime now, Milliseconds longest) {
  const MutexLock lock(mutex_);
  const SteadyTime at = rate_ ? std::max(now, next_sending_) : now;
  if (at - now > longest) return std::nullopt;
  note_sending(now);
  if (!rate_) return Milliseconds(0);
  next_sending_ = at + std::chrono::duration_cast<std::chrono::nanoseconds>(Seconds(1.0 / *rate_));
  return std::chrono::ceil<Milliseconds>(at - now);
}

std::optional<Milliseconds> AdaptiveRetry::pause_after(Trouble trouble, int attempt, SteadyTime now) {
  const MutexLock lock(mutex_);
  if (trouble == Trouble::throttled) slow_down(now);
  const int cost = cost_of(trouble);
  if (attempt >= options_.attempts_max || budget_ < cost) return std::nullopt;
  budget_ -= cost;
  constexpr int doublings_max = 20;
  const Milliseconds longest =
      std::min(options_.pause_base * (1 << std::min(attempt - 1, doublings_max)), options_.pause_max);
  return jittered(longest / 2, 1.0, random_);
}

void AdaptiveRetry::note_success(int attempt, SteadyTime now) {
  const MutexLock lock(mutex_);
  const int earned = attempt > 1 ? cost_of(Trouble::broken) : 1;
  budget_ = std::min(options_.budget, budget_ + earned);
  if (rate_) speed_up(now);
}

void AdaptiveRetry::note_sending(SteadyTime now) {
  if (now - second_began_ >= std::chrono::seconds(1)) {
    sendings_before_ = now - second_began_ < std::chrono::seconds(2) ? sendings_ : 0;
    sendings_ = 0;
    second_began_ = now;
  }
  ++sendings_;
}

void AdaptiveRetry::slow_down(SteadyTime now) {
  // Those who are throttled at once meet one brake.
  if (rate_ && now - rate_changed_ < std::chrono::milliseconds(500)) return;
  const double measured = std::max(sendings_, sendings_before_);
  rate_throttled_at_ = rate_ ? std::min(*rate_, measured) : measured;
  rate_ = std::max(options_.rate_min, rate_throttled_at_ * slower);
  rate_changed_ = now;
  next_sending_ = now;
}

void AdaptiveRetry::speed_up(SteadyTime now) {
  const Seconds passed = now - rate_changed_;
  *rate_ += std::max(options_.rate_min, rate_throttled_at_) * faster_a_second * passed.count();
  rate_changed_ = std::max(rate_changed_, now);
  if (*rate_ > std::max(options_.rate_min, rate_throttled_at_) * free_at) rate_.reset();
}

}  // namespace skymarshal::dynamodb

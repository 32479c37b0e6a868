// How often, and how soon, one client asks again: pauses that grow, a budget that a broken service uses up,
// and a rate of sending that gives way to a service that throttles. One object a client, shared by its
// threads. Sends nothing and sleeps never: it says what to do.
// Source: docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html (modes standard and adaptive)
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/mutex.hpp"

#include <optional>

namespace skymarshal::dynamodb {

struct RetryOptions {
  /// Of one call, the first among them.
  int attempts_max = 8;
  /// Before the second attempt at most this, then twice as much each time; each anything below it (full
  /// jitter).
  Milliseconds pause_base{25};
  Milliseconds pause_max{1'000};
  /// What all calls together may spend on asking again: an attempt costs 5, one after a time limit 10, and a
  /// call that succeeds earns what its last attempt cost, or 1.
  int budget = 500;
  /// Sendings a second that throttling never brings the rate below.
  double rate_min = 1.0;
};

class AdaptiveRetry {
 public:
  enum class Trouble { throttled, broken, timed_out };

  /// `random` must outlive it.
  AdaptiveRetry(const RetryOptions& options, RandomSource& random)
      : options_(options), random_(random), budget_(options.budget) {}
  AdaptiveRetry(const AdaptiveRetry&) = delete;
  AdaptiveRetry& operator=(const AdaptiveRetry&) = delete;

  /// Before every attempt: how long to wait, which is nothing but for a while after throttling. Nullopt:
  /// until its turn it is longer than `longest`, and no turn is kept for it; else whoever comes often and
  /// never waits would push all turns away.
  std::optional<Milliseconds> wait_to_send(SteadyTime now, Milliseconds longest);
  /// An attempt, the `attempt`-th of its call (from 1), has failed so: how long to pause before the next;
  /// nullopt: it was the last.
  std::optional<Milliseconds> pause_after(Trouble trouble, int attempt, SteadyTime now);
  /// A call has succeeded with its `attempt`-th attempt.
  void note_success(int attempt, SteadyTime now);

 private:
  void note_sending(SteadyTime now) REQUIRES(mutex_);
  void slow_down(SteadyTime now) REQUIRES(mutex_);
  void speed_up(SteadyTime now) REQUIRES(mutex_);

  const RetryOptions options_;
  RandomSource& random_;
  mutable Mutex mutex_;
  int budget_ GUARDED_BY(mutex_);
  /// Sendings in the second that began then, and in the one before it.
  SteadyTime second_began_ GUARDED_BY(mutex_) = SteadyTime();
  int sendings_ GUARDED_BY(mutex_) = 0;
  int sendings_before_ GUARDED_BY(mutex_) = 0;
  /// A second; unset while nobody throttles.
  std::optional<double> rate_ GUARDED_BY(mutex_);
  double rate_throttled_at_ GUARDED_BY(mutex_) = 0;
  SteadyTime rate_changed_ GUARDED_BY(mutex_) = SteadyTime();
  SteadyTime next_sending_ GUARDED_BY(mutex_) = SteadyTime();
};

}  // namespace skymarshal::dynamodb

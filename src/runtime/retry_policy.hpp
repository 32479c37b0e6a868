// When a connection to the runtime is tried again, and after how long. Pure.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"

#include <optional>
#include <vector>

namespace skymarshal::runtime {

struct RetryPolicy {
  /// One entry a retry: how long to wait before it.
  std::vector<Milliseconds> delays = {Milliseconds(1000), Milliseconds(2000)};
  /// Each delay is stretched or shortened by up to this share, so that many callers do not come back at once.
  double jitter = 0.2;

  /// While the runtime is still starting up, each wait is twice the last one up to this; there are as many as
  /// the run has time for.
  Milliseconds starting_delay{1000};
  Milliseconds starting_delay_max{30'000};

  int retries_max() const { return static_cast<int>(delays.size()); }
  /// Before retry number `retry`, counted from 0.
  Milliseconds delay_before(int retry, RandomSource& random) const;
  /// Before look number `look` whether it has started, counted from 0.
  Milliseconds delay_while_starting(int look, RandomSource& random) const;
};

/// Whether, and when, another attempt may follow.
enum class Again {
  no,
  /// The runtime cannot have begun: after the policy's next delay, as long as it has one.
  later,
  /// It was still starting up: for as long as there is time.
  until_started,
  /// Authorised anew it may be let in; once.
  at_once,
};

/// The attempts at one thing.
class Retries {
 public:
  /// Both must outlive it.
  Retries(const RetryPolicy& policy, RandomSource& random) : policy_(policy), random_(random) {}

  /// How long to wait for another attempt; nullopt if there is to be none.
  std::optional<Milliseconds> delay_after(Again again);

 private:
  const RetryPolicy& policy_;
  RandomSource& random_;
  int retries_ = 0;
  int starts_ = 0;
  bool authorised_anew_ = false;
};

}  // namespace skymarshal::runtime

// Asking again: pauses, the budget, and the brake after throttling. By a clock in hand.
#include "dynamodb/adaptive_retry.hpp"

#include "support/manual_clock.hpp"

#include <set>

#include <gtest/gtest.h>

namespace skymarshal::dynamodb::adaptive_retry_test {

using namespace std::chrono_literals;
using Trouble = AdaptiveRetry::Trouble;

class AdaptiveRetrying : public testing::Test {
 protected:
  SteadyTime now() const { return clock_.steady_now(); }
  /// Of somebody who has time.
  Milliseconds wait_to_send(AdaptiveRetry& retry) const { return retry.wait_to_send(now(), 1h).value(); }

  test::ManualClock clock_;
  SystemRandom random_;
};

TEST_F(AdaptiveRetrying, PausesGrowAndEnd) {
  AdaptiveRetry retry({.attempts_max = 12}, random_);
  Milliseconds longest{25};
  for (int attempt = 1; attempt < 12; ++attempt) {
    const auto pause = retry.pause_after(Trouble::broken, attempt, now());
    ASSERT_TRUE(pause);
    EXPECT_GE(*pause, 0ms);
    EXPECT_LE(*pause, longest);
    longest = std::min(longest * 2, Milliseconds(1'000));
  }
  EXPECT_FALSE(retry.pause_after(Trouble::broken, 12, now()));
}

TEST_F(AdaptiveRetrying, PausesDiffer) {
  AdaptiveRetry retry({}, random_);
  std::set<Milliseconds> pauses;
  for (int i = 0; i < 20; ++i) pauses.insert(*retry.pause_after(Trouble::broken, 7, now()));
  EXPECT_GT(pauses.size(), 5U);
}

TEST_F(AdaptiveRetrying, ABrokenServiceUsesTheBudgetUp) {
  AdaptiveRetry retry({.budget = 30}, random_);
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(retry.pause_after(Trouble::broken, 1, now())) << i;
  EXPECT_FALSE(retry.pause_after(Trouble::broken, 1, now()));
  retry.note_success(1, now());
  EXPECT_FALSE(retry.pause_after(Trouble::broken, 1, now())) << "one success earns no attempt";
  retry.note_success(2, now());
  EXPECT_TRUE(retry.pause_after(Trouble::broken, 1, now()));
}

TEST_F(AdaptiveRetrying, TimeLimitsCostTwice) {
  AdaptiveRetry retry({.budget = 30}, random_);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(retry.pause_after(Trouble::timed_out, 1, now())) << i;
  EXPECT_FALSE(retry.pause_after(Trouble::timed_out, 1, now()));
}

TEST_F(AdaptiveRetrying, NothingWaitsUntilSomethingIsThrottled) {
  AdaptiveRetry retry({}, random_);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(wait_to_send(retry), 0ms);
  (void)retry.pause_after(Trouble::broken, 1, now());
  EXPECT_EQ(wait_to_send(retry), 0ms);
}

TEST_F(AdaptiveRetrying, ThrottlingBrakesToSevenTenthsOfTheRateItMet) {
  AdaptiveRetry retry({}, random_);
  for (int i = 0; i < 100; ++i) (void)wait_to_send(retry);
  clock_.advance(1s);
  (void)retry.pause_after(Trouble::throttled, 1, now());
  // 70 in a second.
  int sent = 0;
  while (wait_to_send(retry) < 1s) ++sent;
  EXPECT_NEAR(sent, 70, 2);
}

TEST_F(AdaptiveRetrying, ManyThrottledAtOnceMeetOneBrake) {
  AdaptiveRetry retry({}, random_);
  for (int i = 0; i < 100; ++i) (void)wait_to_send(retry);
  for (int i = 0; i < 20; ++i) (void)retry.pause_after(Trouble::throttled, 1, now());
  (void)wait_to_send(retry);
  EXPECT_LE(wait_to_send(retry), 20ms) << "not braked twenty times";
}

TEST_F(AdaptiveRetrying, TheBrakeComesOffAgain) {
  AdaptiveRetry retry({}, random_);
  for (int i = 0; i < 10; ++i) (void)wait_to_send(retry);
  (void)retry.pause_after(Trouble::throttled, 1, now());
  int rounds = 0;
  for (bool is_free = false; !is_free && rounds < 100; ++rounds) {
    clock_.advance(1s);
    retry.note_success(1, now());
    is_free = wait_to_send(retry) == 0ms && wait_to_send(retry) == 0ms && wait_to_send(retry) == 0ms;
  }
  EXPECT_GT(rounds, 5) << "not at once";
  EXPECT_LT(rounds, 30);
}

TEST_F(AdaptiveRetrying, NeverBrakesBelowItsLeast) {
  AdaptiveRetry retry({}, random_);
  for (int i = 0; i < 50; ++i) {
    (void)retry.pause_after(Trouble::throttled, 1, now());
    clock_.advance(1s);
  }
  (void)wait_to_send(retry);
  EXPECT_LE(wait_to_send(retry), 1s);
}

TEST_F(AdaptiveRetrying, WhoHasNoTimeToWaitTakesNobodysTurn) {
  AdaptiveRetry retry({}, random_);
  (void)retry.pause_after(Trouble::throttled, 1, now());
  (void)wait_to_send(retry);
  // Far oftener than the rate allows, as those are who look whether the store is there again.
  for (int i = 0; i < 1'000; ++i) EXPECT_FALSE(retry.wait_to_send(now(), 500ms));
  clock_.advance(1s);
  EXPECT_EQ(retry.wait_to_send(now(), 500ms), 0ms);
}

}  // namespace skymarshal::dynamodb::adaptive_retry_test

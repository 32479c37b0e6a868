// The limits of each principal and of all together.
#include "limits/local_rate_limiter.hpp"

#include "support/manual_clock.hpp"
#include "support/no_limits.hpp"
#include "support/run_awaitable.hpp"

#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::limits::local_rate_limiter_test {

constexpr Milliseconds minute{60'000};
constexpr Milliseconds second{1'000};

RateLimits limits_of(std::int64_t principal, std::int64_t account) {
  RateLimits limits;
  limits.principal = {principal, minute};
  limits.account = {account, second};
  return limits;
}

struct LocalRateLimiterTest : testing::Test {
  test::ManualClock clock;
  Principal alice{"alice"};
  Principal bob{"bob"};

  RateDecision decide(LocalRateLimiter& limiter, const Principal& principal) const {
    return limiter.decide(principal, clock.steady_now()).value();
  }
  /// How many are admitted of so many.
  int admitted(LocalRateLimiter& limiter, const Principal& principal, int requests) const {
    int count = 0;
    for (int i = 0; i < requests; ++i) count += decide(limiter, principal).admitted ? 1 : 0;
    return count;
  }
};

TEST_F(LocalRateLimiterTest, LimitsEachPrincipalByItself) {
  LocalRateLimiter limiter(limits_of(3, 0), clock);
  EXPECT_EQ(admitted(limiter, alice, 10), 3);
  EXPECT_EQ(admitted(limiter, bob, 10), 3);
  const RateDecision refused = decide(limiter, alice);
  EXPECT_EQ(refused.limit, (RateLimit{3, minute}));
  EXPECT_EQ(refused.exceeded, refused.limit);
  EXPECT_EQ(refused.remaining, 0);
  EXPECT_EQ(refused.retry_after, minute);
  EXPECT_FALSE(refused.by_account);
}

TEST_F(LocalRateLimiterTest, AsksItsClockForTheTime) {
  LocalRateLimiter limiter(limits_of(1, 0), clock);
  EXPECT_TRUE(test::run_awaitable(limiter.admit(alice)).value().admitted);
  clock.advance(minute - Milliseconds(1));
  EXPECT_EQ(test::run_awaitable(limiter.admit(alice)).value().retry_after, Milliseconds(1));
  clock.advance(Milliseconds(1));
  EXPECT_TRUE(test::run_awaitable(limiter.admit(alice)).value().admitted);
}

TEST_F(LocalRateLimiterTest, LimitsAllTogether) {
  LocalRateLimiter limiter(limits_of(3, 4), clock);
  EXPECT_EQ(admitted(limiter, alice, 3), 3);
  EXPECT_EQ(admitted(limiter, bob, 3), 1);
  const RateDecision refused = decide(limiter, bob);
  EXPECT_TRUE(refused.by_account);
  EXPECT_EQ(refused.exceeded, (RateLimit{4, second}));
  EXPECT_EQ(refused.limit, (RateLimit{3, minute}));
  EXPECT_EQ(refused.remaining, 2) << "what the account refused cost bob nothing";
  EXPECT_EQ(refused.retry_after, second);
}

TEST_F(LocalRateLimiterTest, ARefusedPrincipalTakesNothingFromTheAccount) {
  LocalRateLimiter limiter(limits_of(2, 4), clock);
  EXPECT_EQ(admitted(limiter, alice, 100), 2);
  EXPECT_EQ(admitted(limiter, bob, 100), 2);
}

TEST_F(LocalRateLimiterTest, TheLaterOfTwoWaitsCounts) {
  RateLimits limits = limits_of(1, 2);
  limits.principal.window = Milliseconds(100);
  LocalRateLimiter limiter(limits, clock);
  EXPECT_EQ(admitted(limiter, alice, 1), 1);
  EXPECT_EQ(admitted(limiter, bob, 1), 1);
  const RateDecision refused = decide(limiter, alice);
  EXPECT_FALSE(refused.by_account);
  EXPECT_EQ(refused.retry_after, second) << "the account is full for longer";
  clock.advance(second - Milliseconds(1));
  EXPECT_FALSE(decide(limiter, alice).admitted);
  clock.advance(Milliseconds(1));
  EXPECT_TRUE(decide(limiter, alice).admitted);
}

TEST_F(LocalRateLimiterTest, TiersHaveTheirOwnLimits) {
  RateLimits limits = limits_of(2, 0);
  limits.tiers = {{"gold", {5, minute}}, {"free", {1, minute}}, {"staff", {0, minute}}};
  LocalRateLimiter limiter(limits, clock);
  EXPECT_EQ(admitted(limiter, {"g", "gold"}, 10), 5);
  EXPECT_EQ(admitted(limiter, {"f", "free"}, 10), 1);
  EXPECT_EQ(admitted(limiter, {"s", "staff"}, 100), 100);
  EXPECT_EQ(admitted(limiter, {"d", ""}, 10), 2);
  EXPECT_EQ(admitted(limiter, {"u", "unknown"}, 10), 2) << "no tier that has a limit: the default";
}

TEST_F(LocalRateLimiterTest, ATierIsNotPartOfWhoSomebodyIs) {
  RateLimits limits = limits_of(2, 0);
  limits.tiers = {{"gold", {5, minute}}};
  LocalRateLimiter limiter(limits, clock);
  EXPECT_EQ(admitted(limiter, {"a", ""}, 10), 2);
  EXPECT_EQ(admitted(limiter, {"a", "gold"}, 10), 3);
}

TEST_F(LocalRateLimiterTest, TheAccountLimitsAlsoWhoeverHasNoLimit) {
  LocalRateLimiter limiter(limits_of(0, 4), clock);
  EXPECT_EQ(admitted(limiter, alice, 10), 4);
  const RateDecision refused = decide(limiter, alice);
  EXPECT_TRUE(refused.by_account);
  EXPECT_EQ(refused.limit.requests, 0);
  EXPECT_EQ(limiter.principals(), 0u);
}

TEST_F(LocalRateLimiterTest, NewLimitsApplyToTheNextRequest) {
  LocalRateLimiter limiter(limits_of(3, 0), clock);
  EXPECT_EQ(admitted(limiter, alice, 10), 3);
  RateLimits limits = limits_of(5, 0);
  limits.tiers = {{"gold", {6, minute}}};
  limiter.set_limits(limits);
  EXPECT_EQ(admitted(limiter, alice, 10), 2) << "three were counted before";
  EXPECT_EQ(admitted(limiter, {"alice", "gold"}, 10), 1);
  limiter.set_limits(limits_of(2, 0));
  clock.advance(minute - Milliseconds(1));
  EXPECT_EQ(admitted(limiter, alice, 10), 0);
  EXPECT_EQ(admitted(limiter, {"g", "gold"}, 10), 2) << "the tier is gone";
  clock.advance(Milliseconds(1));
  EXPECT_EQ(admitted(limiter, alice, 10), 2);
  limiter.set_limits(test::no_limits());
  EXPECT_EQ(admitted(limiter, alice, 100), 100);
}

TEST_F(LocalRateLimiterTest, ANewAccountLimitKnowsWhatWasCounted) {
  LocalRateLimiter limiter(limits_of(0, 4), clock);
  EXPECT_EQ(admitted(limiter, alice, 3), 3);
  limiter.set_limits(limits_of(0, 5));
  EXPECT_EQ(admitted(limiter, bob, 10), 2);
  limiter.set_limits(limits_of(0, 2));
  clock.advance(second);
  EXPECT_EQ(admitted(limiter, bob, 10), 2);
}

TEST_F(LocalRateLimiterTest, MorePrincipalsThanItCanRememberAreAnOverload) {
  LocalRateLimiter limiter(limits_of(3, 10), clock, {2});
  EXPECT_TRUE(decide(limiter, alice).admitted);
  EXPECT_TRUE(decide(limiter, bob).admitted);
  const auto refused = limiter.decide({"carol"}, clock.steady_now());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::overloaded);
  EXPECT_TRUE(refused.error().retry_after);
  EXPECT_TRUE(decide(limiter, alice).admitted) << "who is remembered goes on";
  EXPECT_EQ(admitted(limiter, bob, 2) + admitted(limiter, alice, 1), 3);
  clock.advance(minute);
  EXPECT_TRUE(decide(limiter, {"carol"}).admitted);
}

TEST_F(LocalRateLimiterTest, AMillionPrincipalsNeverFillIt) {
  LocalRateLimiter limiter(limits_of(3, 0), clock, {65'536});
  for (int i = 0; i < 1'000'000; ++i) {
    // 500 new ones a second: 30,000 in any minute.
    if (i % 500 == 0) clock.advance(second);
    ASSERT_TRUE(decide(limiter, {"arn:aws:iam::123456789012:user/" + std::to_string(i)}).admitted) << i;
  }
  EXPECT_LE(limiter.principals(), 31'000u);
}

TEST_F(LocalRateLimiterTest, ThreadsAndReloadsLoseNoCount) {
  constexpr int rounds = 50;
  RateLimits limits = limits_of(40, 60);
  LocalRateLimiter limiter(limits, clock);
  std::vector<int> counts(2 * rounds);
  std::barrier together(2);
  const auto race = [&](int thread) {
    for (int round = 0; round < rounds; ++round) {
      together.arrive_and_wait();
      int& count = counts[static_cast<std::size_t>(2 * round + thread)];
      for (int i = 0; i < 50; ++i) {
        count += decide(limiter, alice).admitted + decide(limiter, bob).admitted;
        // The same numbers with another tier: every reload makes everything anew.
        if (thread == 1 && i % 10 == 0) {
          limits.tiers["tier"].requests = i;
          limiter.set_limits(limits);
        }
      }
      together.arrive_and_wait();
      if (thread == 0) clock.advance(minute);
    }
  };
  std::thread other(race, 1);
  race(0);
  other.join();
  for (std::size_t round = 0; round < rounds; ++round) {
    EXPECT_EQ(counts[2 * round] + counts[2 * round + 1], 60) << round;
  }
}

TEST_F(LocalRateLimiterTest, NothingIsCountedTwiceWhileLimitsChange) {
  LocalRateLimiter limiter(limits_of(0, 100'000), clock);
  std::atomic<bool> done = false;
  std::thread reloader([&] {
    while (!done) limiter.set_limits(limits_of(0, 100'000));
  });
  const int count = admitted(limiter, alice, 120'000);
  done = true;
  reloader.join();
  EXPECT_EQ(count, 100'000);
}

}  // namespace skymarshal::limits::local_rate_limiter_test

// How often a key came in the last while, to the nanosecond.
#include "limits/sliding_windows.hpp"

#include <barrier>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::limits::sliding_windows_test {

using std::chrono::nanoseconds;

constexpr SteadyTime start{std::chrono::hours(5)};
constexpr RateLimit three_a_second{3, Milliseconds(1'000)};

SlidingWindows windows_of(std::size_t keys_max,
                          SlidingWindows::WhenFull when_full = SlidingWindows::WhenFull::refuse) {
  return SlidingWindows({keys_max, when_full});
}

/// The n-th key of a crowd.
std::string key_of(int n) { return "key " + std::to_string(n); }

TEST(SlidingWindows, AdmitsUpToTheLimit) {
  SlidingWindows windows = windows_of(10);
  for (std::int64_t left = 2; left >= 0; --left) {
    const auto window = windows.take("a", three_a_second, start);
    EXPECT_TRUE(window.admitted);
    EXPECT_EQ(window.remaining, left);
    EXPECT_EQ(window.reset_after, Milliseconds(1'000));
    EXPECT_EQ(window.retry_after, Milliseconds(0));
  }
  const auto refused = windows.take("a", three_a_second, start);
  EXPECT_FALSE(refused.admitted);
  EXPECT_FALSE(refused.full);
  EXPECT_EQ(refused.remaining, 0);
  EXPECT_EQ(refused.retry_after, Milliseconds(1'000));
}

TEST(SlidingWindows, CountsARequestForExactlyTheWindow) {
  SlidingWindows windows = windows_of(10);
  for (int i = 0; i < 3; ++i) windows.take("a", three_a_second, start + nanoseconds(i));
  const SteadyTime end = start + three_a_second.window;
  EXPECT_FALSE(windows.take("a", three_a_second, end - nanoseconds(1)).admitted);
  EXPECT_TRUE(windows.take("a", three_a_second, end).admitted);
  EXPECT_FALSE(windows.take("a", three_a_second, end).admitted) << "the second left one nanosecond later";
  EXPECT_TRUE(windows.take("a", three_a_second, end + nanoseconds(1)).admitted);
}

TEST(SlidingWindows, AdmitsNoTwoBurstsAroundABorder) {
  SlidingWindows windows = windows_of(10);
  const SteadyTime late = start + Milliseconds(999);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(windows.take("a", three_a_second, late).admitted);
  EXPECT_FALSE(windows.take("a", three_a_second, start + Milliseconds(1'000)).admitted);
  EXPECT_FALSE(windows.take("a", three_a_second, start + Milliseconds(1'998)).admitted);
  EXPECT_TRUE(windows.take("a", three_a_second, start + Milliseconds(1'999)).admitted);
}

TEST(SlidingWindows, RoundsUpToWhenWaitingSucceeds) {
  SlidingWindows windows = windows_of(10);
  for (int i = 0; i < 3; ++i) windows.take("a", three_a_second, start + nanoseconds(1));
  const SteadyTime now = start + Milliseconds(400);
  const auto refused = windows.take("a", three_a_second, now);
  EXPECT_EQ(refused.retry_after, Milliseconds(601));
  EXPECT_FALSE(windows.peek("a", three_a_second, now + Milliseconds(600)).admitted);
  EXPECT_TRUE(windows.peek("a", three_a_second, now + Milliseconds(601)).admitted);
}

TEST(SlidingWindows, ARefusalCostsNothing) {
  SlidingWindows windows = windows_of(10);
  for (int i = 0; i < 3; ++i) windows.take("a", three_a_second, start);
  for (int i = 1; i < 1'000; ++i) {
    EXPECT_FALSE(windows.take("a", three_a_second, start + Milliseconds(i)).admitted);
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(windows.take("a", three_a_second, start + Milliseconds(1'000)).admitted);
  }
}

TEST(SlidingWindows, PeekingCountsNothing) {
  SlidingWindows windows = windows_of(10);
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(windows.peek("a", three_a_second, start).admitted);
    EXPECT_EQ(windows.peek("a", three_a_second, start).remaining, 3);
  }
  EXPECT_EQ(windows.size(), 0u);
  for (int i = 0; i < 3; ++i) windows.take("a", three_a_second, start);
  EXPECT_FALSE(windows.peek("a", three_a_second, start).admitted);
  const auto later = windows.peek("a", three_a_second, start + Milliseconds(1'000));
  EXPECT_EQ(later.remaining, 3);
  EXPECT_EQ(later.reset_after, Milliseconds(0));
}

TEST(SlidingWindows, KeysAreApart) {
  SlidingWindows windows = windows_of(100);
  for (const auto* key : {"a", "b", "", "a ", "A"}) {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(windows.take(key, three_a_second, start).admitted) << key;
    EXPECT_FALSE(windows.take(key, three_a_second, start).admitted) << key;
  }
  EXPECT_EQ(windows.size(), 5u);
}

TEST(SlidingWindows, ZeroIsNoLimitAndRemembersNobody) {
  SlidingWindows windows = windows_of(1);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(windows.take(key_of(i), {0, Milliseconds(1'000)}, start).admitted);
    EXPECT_TRUE(windows.peek(key_of(i), {0, Milliseconds(1'000)}, start).admitted);
  }
  EXPECT_EQ(windows.size(), 0u);
}

TEST(SlidingWindows, ALowerLimitAppliesToWhatWasCounted) {
  SlidingWindows windows = windows_of(10);
  for (int i = 0; i < 3; ++i) windows.take("a", three_a_second, start + Milliseconds(i * 100));
  const RateLimit two{2, Milliseconds(1'000)};
  const SteadyTime now = start + Milliseconds(300);
  const auto refused = windows.take("a", two, now);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.remaining, 0);
  EXPECT_EQ(refused.retry_after, Milliseconds(800)) << "two must leave";
  EXPECT_FALSE(windows.take("a", two, now + Milliseconds(799)).admitted);
  EXPECT_TRUE(windows.take("a", two, now + Milliseconds(800)).admitted);
}

TEST(SlidingWindows, AHigherLimitAppliesAtOnce) {
  SlidingWindows windows = windows_of(10);
  for (int i = 0; i < 3; ++i) windows.take("a", three_a_second, start);
  const RateLimit five{5, Milliseconds(1'000)};
  EXPECT_EQ(windows.take("a", five, start).remaining, 1);
  EXPECT_TRUE(windows.take("a", five, start).admitted);
  EXPECT_FALSE(windows.take("a", five, start).admitted);
  EXPECT_TRUE(windows.take("a", {5, Milliseconds(500)}, start + Milliseconds(500)).admitted);
}

TEST(SlidingWindows, TimeDoesNotGoBack) {
  SlidingWindows windows = windows_of(10);
  for (int i = 0; i < 3; ++i) {
    windows.take("a", three_a_second, start + Milliseconds(1'000) - Milliseconds(i * 400));
  }
  const auto early = windows.take("a", three_a_second, start);
  EXPECT_FALSE(early.admitted);
  EXPECT_EQ(early.retry_after, Milliseconds(1'000));
  EXPECT_EQ(windows.peek("a", three_a_second, start).retry_after, Milliseconds(1'000));
  EXPECT_FALSE(windows.take("a", three_a_second, start + Milliseconds(1'999)).admitted);
  EXPECT_TRUE(windows.take("a", three_a_second, start + Milliseconds(2'000)).admitted);
}

TEST(SlidingWindows, CountsOnlyWhatItsConditionLetsPass) {
  SlidingWindows windows = windows_of(10);
  int asked = 0;
  const auto never = [&] { return ++asked < 0; };
  for (int i = 0; i < 5; ++i) {
    const auto window = windows.take_if("a", three_a_second, start, never);
    EXPECT_TRUE(window.admitted);
    EXPECT_EQ(window.remaining, 3);
  }
  EXPECT_EQ(asked, 5);
  EXPECT_EQ(windows.size(), 0u);
  windows.take_if("a", {0, Milliseconds(1)}, start, never);
  EXPECT_EQ(asked, 6) << "what is not limited here is asked for all the same";
  for (int i = 0; i < 3; ++i) windows.take("a", three_a_second, start);
  EXPECT_FALSE(windows.take_if("a", three_a_second, start, never).admitted);
  EXPECT_EQ(asked, 6) << "it would be counted for nothing";
}

TEST(SlidingWindows, ForgetsIdleKeysAsOthersCome) {
  SlidingWindows windows = windows_of(1'000);
  for (int i = 0; i < 500; ++i) windows.take(key_of(i), three_a_second, start);
  EXPECT_EQ(windows.size(), 500u);
  const SteadyTime later = start + three_a_second.window;
  windows.take("late", three_a_second, later - nanoseconds(1));
  EXPECT_EQ(windows.size(), 501u);
  for (int i = 0; i < 300; ++i) windows.take("late", three_a_second, later);
  EXPECT_EQ(windows.size(), 1u);
}

TEST(SlidingWindows, KeepsWhoeverComesOften) {
  SlidingWindows windows = windows_of(10);
  const RateLimit one{1, Milliseconds(1'000)};
  windows.take("a", one, start);
  windows.take("b", one, start + Milliseconds(10));
  windows.take("a", one, start + Milliseconds(1'000));
  for (int i = 0; i < 5; ++i) windows.take("c", one, start + Milliseconds(1'500));
  EXPECT_FALSE(windows.peek("a", one, start + Milliseconds(1'999)).admitted);
  EXPECT_EQ(windows.size(), 2u);
}

TEST(SlidingWindows, RefusesNewKeysWhenItIsFull) {
  SlidingWindows windows = windows_of(4);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(windows.take(key_of(i), three_a_second, start).admitted);
  const auto refused = windows.take("new", three_a_second, start);
  EXPECT_FALSE(refused.admitted);
  EXPECT_TRUE(refused.full);
  EXPECT_EQ(windows.size(), 4u);
  EXPECT_TRUE(windows.take(key_of(0), three_a_second, start).admitted) << "who is remembered goes on";
  EXPECT_TRUE(windows.take("new", three_a_second, start + Milliseconds(1'000)).admitted);
}

TEST(SlidingWindows, ForgetsWhoWasCountedLeastRecently) {
  SlidingWindows windows = windows_of(3, SlidingWindows::WhenFull::forget_oldest);
  const RateLimit one{1, Milliseconds(10'000)};
  for (int i = 0; i < 3; ++i) windows.take(key_of(i), one, start + Milliseconds(i));
  windows.take(key_of(0), {2, Milliseconds(10'000)}, start + Milliseconds(3));
  EXPECT_TRUE(windows.take("new", one, start + Milliseconds(4)).admitted);
  EXPECT_EQ(windows.size(), 3u);
  EXPECT_TRUE(windows.peek(key_of(1), one, start + Milliseconds(4)).admitted) << "forgotten";
  EXPECT_FALSE(windows.peek(key_of(0), one, start + Milliseconds(4)).admitted);
  EXPECT_FALSE(windows.peek(key_of(2), one, start + Milliseconds(4)).admitted);
}

TEST(SlidingWindows, AMillionKeysTakeTheRoomOfThoseThatFit) {
  constexpr std::size_t keys_max = 4'096;
  SlidingWindows strict = windows_of(keys_max);
  SlidingWindows forgetful = windows_of(keys_max, SlidingWindows::WhenFull::forget_oldest);
  int admitted = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const std::string key = key_of(i);
    admitted += strict.take(key, three_a_second, start).admitted ? 1 : 0;
    ASSERT_TRUE(forgetful.take(key, three_a_second, start).admitted);
  }
  EXPECT_EQ(admitted, static_cast<int>(keys_max)) << "every shard fills up";
  EXPECT_EQ(strict.size(), keys_max);
  EXPECT_EQ(forgetful.size(), keys_max);
}

TEST(SlidingWindows, CountsExactlyUnderTwoThreads) {
  constexpr int rounds = 200;
  constexpr RateLimit limit{50, Milliseconds(1'000)};
  SlidingWindows windows = windows_of(100'000);
  std::vector<int> admitted(2 * rounds);
  std::barrier together(2);
  const auto race = [&](int thread) {
    for (int round = 0; round < rounds; ++round) {
      together.arrive_and_wait();
      const SteadyTime now = start + Milliseconds(500 * round);
      for (int i = 0; i < 60; ++i) {
        admitted[static_cast<std::size_t>(2 * round + thread)] += windows.take("a", limit, now).admitted;
        windows.take(key_of(2 * i + thread), limit, now);
      }
    }
  };
  std::thread other(race, 1);
  race(0);
  other.join();
  for (std::size_t round = 0; round < rounds; ++round) {
    EXPECT_EQ(admitted[2 * round] + admitted[2 * round + 1], round % 2 == 0 ? 50 : 0) << round;
  }
}

}  // namespace skymarshal::limits::sliding_windows_test

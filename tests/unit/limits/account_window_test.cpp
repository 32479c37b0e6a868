// The limit of all together, counted by many threads at once.
#include "limits/account_window.hpp"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <deque>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::limits::account_window_test {

using std::chrono::nanoseconds;

constexpr SteadyTime start{std::chrono::milliseconds(5)};
constexpr Milliseconds admitted{0};

TEST(AccountWindow, AdmitsUpToTheLimitSoonAfterTheMachineStarted) {
  AccountWindow window({3, Milliseconds(1'000)});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(window.peek(start), admitted);
    EXPECT_EQ(window.take(start), admitted);
  }
  EXPECT_EQ(window.take(start), Milliseconds(1'000));
  EXPECT_EQ(window.peek(start + Milliseconds(1)), Milliseconds(999));
}

TEST(AccountWindow, CountsARequestForExactlyTheWindow) {
  for (const std::int64_t requests : {1, 2, 3, 7}) {
    AccountWindow window({requests, Milliseconds(1'000)});
    for (int lap = 0; lap < 5; ++lap) {
      const SteadyTime begin = start + lap * Milliseconds(1'000);
      for (std::int64_t i = 0; i < requests; ++i) {
        EXPECT_EQ(window.take(begin + nanoseconds(i)), admitted) << requests << ", lap " << lap;
      }
      EXPECT_EQ(window.take(begin + nanoseconds(requests)), Milliseconds(1'000));
      EXPECT_EQ(window.take(begin + Milliseconds(1'000) - nanoseconds(1)), Milliseconds(1));
    }
  }
}

TEST(AccountWindow, ZeroIsNoLimit) {
  AccountWindow window({0, Milliseconds(1'000)});
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(window.take(start), admitted);
  EXPECT_EQ(window.peek(start), admitted);
}

TEST(AccountWindow, TimeDoesNotGoBack) {
  AccountWindow window({2, Milliseconds(1'000)});
  EXPECT_EQ(window.take(start + Milliseconds(500)), admitted);
  EXPECT_EQ(window.take(start), admitted);
  EXPECT_EQ(window.take(start), Milliseconds(1'000));
  EXPECT_EQ(window.take(start + Milliseconds(1'499)), Milliseconds(1));
}

TEST(AccountWindow, ANewLimitKnowsWhatWasCounted) {
  AccountWindow before({4, Milliseconds(1'000)});
  // Two laps and a half, so that the ring has its seam in the middle.
  for (int i = 0; i < 10; ++i) ASSERT_EQ(before.take(start + Milliseconds(250 * i)), admitted);
  const SteadyTime now = start + Milliseconds(2'250);

  AccountWindow lower({2, Milliseconds(1'000)}, before);
  EXPECT_EQ(lower.take(now), Milliseconds(750)) << "of the last four, three must leave";
  EXPECT_EQ(lower.take(now + Milliseconds(750)), admitted);

  AccountWindow higher({6, Milliseconds(1'000)}, before);
  EXPECT_EQ(higher.take(now), admitted);
  EXPECT_EQ(higher.take(now), admitted);
  EXPECT_EQ(higher.take(now), Milliseconds(250));

  AccountWindow shorter({4, Milliseconds(500)}, before);
  EXPECT_EQ(shorter.take(now), admitted);
  EXPECT_EQ(shorter.take(now), admitted);
  EXPECT_EQ(shorter.take(now), Milliseconds(250));

  AccountWindow none({0, Milliseconds(1'000)}, before);
  EXPECT_EQ(none.take(now), admitted);
  AccountWindow again({4, Milliseconds(1'000)}, none);
  EXPECT_EQ(again.take(now), Milliseconds(250)) << "what was counted before it was off still counts";
  AccountWindow raised({4, Milliseconds(1'000)}, AccountWindow({1, Milliseconds(1'000)}, before));
  EXPECT_EQ(raised.take(now), Milliseconds(250)) << "lowered and raised again, it knows them all";
}

RC_GTEST_PROP(AccountWindow, IsAnExactSlidingWindow, ()) {
  RateLimit limit{*rc::gen::inRange(1, 6), Milliseconds(*rc::gen::inRange(1, 4))};
  auto window = std::make_unique<AccountWindow>(limit);
  std::deque<SteadyTime> model;
  SteadyTime now = start;
  const auto steps = *rc::gen::inRange(1, 200);
  for (int step = 0; step < steps; ++step) {
    now += nanoseconds(*rc::gen::element<std::int64_t>(0, 0, 1, 999'999, 1'000'000, 1'000'001, 300'000));
    if (*rc::gen::inRange(0, 20) == 0) {
      limit.requests = *rc::gen::inRange(1, 6);
      window = std::make_unique<AccountWindow>(limit, *window);
    }
    while (!model.empty() && model.front() + limit.window <= now) model.pop_front();
    const auto counted = static_cast<std::int64_t>(model.size());
    const Milliseconds wait = window->take(now);
    RC_ASSERT((wait == admitted) == (counted < limit.requests));
    if (wait == admitted) {
      model.push_back(now);
    } else {
      RC_ASSERT(window->peek(now + wait) == admitted);
      RC_ASSERT(window->peek(now + wait - Milliseconds(1)) == Milliseconds(1));
    }
  }
}

TEST(AccountWindow, CountsExactlyUnderThreads) {
  constexpr int rounds = 2'000;
  constexpr std::size_t threads = 3;
  constexpr std::int64_t requests = 7;
  AccountWindow window({requests, Milliseconds(10)});
  std::vector<std::vector<std::int64_t>> counted(threads, std::vector<std::int64_t>(rounds));
  std::barrier together(threads);
  const auto race = [&](std::size_t thread) {
    for (std::size_t round = 0; round < rounds; ++round) {
      together.arrive_and_wait();
      const SteadyTime now = start + Milliseconds(5) * round;
      for (int i = 0; i < 10; ++i) counted[thread][round] += window.take(now) == admitted ? 1 : 0;
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t thread = 1; thread < threads; ++thread) others.emplace_back(race, thread);
  race(0);
  others.clear();
  for (std::size_t round = 0; round < rounds; ++round) {
    std::int64_t sum = 0;
    for (std::size_t thread = 0; thread < threads; ++thread) sum += counted[thread][round];
    ASSERT_EQ(sum, round % 2 == 0 ? requests : 0) << round;
  }
}

TEST(AccountWindow, LosesNoPlaceAndGivesNoneTwiceInAThrong) {
  constexpr std::int64_t requests = 4'000'000;
  AccountWindow window({requests, Milliseconds(10)});
  std::atomic<std::int64_t> counted = 0;
  std::barrier together(2);
  const auto race = [&] {
    std::int64_t mine = 0;
    together.arrive_and_wait();
    for (std::int64_t i = 0; i < requests / 2; ++i) mine += window.take(start) == admitted ? 1 : 0;
    counted += mine;
  };
  std::thread other(race);
  race();
  other.join();
  EXPECT_EQ(counted, requests) << "there was room for all of them";
  EXPECT_NE(window.take(start), admitted) << "and for no more";
}

TEST(AccountWindow, CountsExactlyWhileTimeGoesOnUnderThreads) {
  constexpr std::int64_t requests = 5;
  constexpr std::int64_t ticks = 200'000;
  AccountWindow window({requests, Milliseconds(1)});
  std::atomic<std::int64_t> tick = 0;
  std::atomic<std::int64_t> counted = 0;
  const auto race = [&] {
    for (;;) {
      // Far more than are admitted come in every window, each a little later than the one before.
      const std::int64_t mine = tick.fetch_add(1);
      if (mine >= ticks) return;
      if (window.take(start + nanoseconds(20'000 * mine)) == admitted) ++counted;
    }
  };
  std::thread other(race);
  race();
  other.join();
  constexpr std::int64_t windows = ticks * 20'000 / 1'000'000;
  EXPECT_LE(counted, requests * windows);
  // A thread that is late costs its window a little of its time, never a place.
  EXPECT_GE(counted, requests * windows * 9 / 10);
}

}  // namespace skymarshal::limits::account_window_test

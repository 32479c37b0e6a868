// Sleeping and waking on one executor.
#include "base/wakeup.hpp"

#include "support/run_awaitable.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace skymarshal::wakeup_test {

namespace asio = boost::asio;
using namespace std::chrono_literals;

SteadyTime in(Milliseconds delay) { return std::chrono::steady_clock::now() + delay; }

TEST(Wakeup, EndsTheSleepOfWhoSleeps) {
  asio::io_context io;
  Wakeup wakeup(io.get_executor());
  asio::post(io, [&wakeup] { wakeup.wake(); });
  EXPECT_TRUE(test::run_awaitable(io, wakeup.wait_until(in(60s))));
}

TEST(Wakeup, NeedsNoDeadline) {
  asio::io_context io;
  Wakeup wakeup(io.get_executor());
  asio::post(io, [&io, &wakeup] { asio::post(io, [&wakeup] { wakeup.wake(); }); });
  EXPECT_TRUE(test::run_awaitable(io, wakeup.wait_until(Wakeup::never)));
}

TEST(Wakeup, LetsTheNextSleepEndAtOnce) {
  asio::io_context io;
  Wakeup wakeup(io.get_executor());
  wakeup.wake();
  EXPECT_TRUE(test::run_awaitable(io, wakeup.wait_until(in(60s))));
}

TEST(Wakeup, DoesNotAddWakingsUp) {
  asio::io_context io;
  Wakeup wakeup(io.get_executor());
  wakeup.wake();
  wakeup.wake();
  wakeup.wake();
  EXPECT_TRUE(test::run_awaitable(io, wakeup.wait_until(in(60s))));
  EXPECT_FALSE(test::run_awaitable(io, wakeup.wait_until(in(1ms))));
}

TEST(Wakeup, GivesUpAtTheDeadlineAndNotBefore) {
  asio::io_context io;
  Wakeup wakeup(io.get_executor());
  const SteadyTime deadline = in(20ms);
  EXPECT_FALSE(test::run_awaitable(io, wakeup.wait_until(deadline)));
  EXPECT_GE(std::chrono::steady_clock::now(), deadline);
}

TEST(Wakeup, GivesUpAtOnceWhenTheDeadlineIsPast) {
  asio::io_context io;
  Wakeup wakeup(io.get_executor());
  EXPECT_FALSE(test::run_awaitable(io, wakeup.wait_until(in(-1s))));
}

TEST(Wakeup, PrefersTheWakingToAPastDeadline) {
  asio::io_context io;
  Wakeup wakeup(io.get_executor());
  wakeup.wake();
  EXPECT_TRUE(test::run_awaitable(io, wakeup.wait_until(in(-1s))));
}

asio::awaitable<void> sleep_and_count(Wakeup& wakeup, int& wakings) {
  while (wakings < 3) {
    const bool woken = co_await wakeup.wait_until(Wakeup::never);
    if (woken) ++wakings;
  }
}

TEST(Wakeup, WakesAsOftenAsSomebodySleepsAgain) {
  asio::io_context io;
  Wakeup wakeup(io.get_executor());
  int wakings = 0;
  asio::co_spawn(io, sleep_and_count(wakeup, wakings), asio::detached);
  for (int i = 1; i <= 3; ++i) {
    io.poll();
    EXPECT_EQ(wakings, i - 1);
    wakeup.wake();
    io.poll();
    EXPECT_EQ(wakings, i);
  }
}

TEST(Wakeup, DiesQuietlyWithItsSleeper) {
  asio::io_context io;
  Wakeup wakeup(io.get_executor());
  int wakings = 0;
  asio::co_spawn(io, sleep_and_count(wakeup, wakings), asio::detached);
  io.poll();
  EXPECT_EQ(wakings, 0);
}

TEST(Wakeup, KnowsItsExecutor) {
  asio::io_context io;
  EXPECT_EQ(Wakeup(io.get_executor()).executor(), asio::any_io_executor(io.get_executor()));
}

}  // namespace skymarshal::wakeup_test

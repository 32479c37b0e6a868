// A value that is fetched: when, how often, for whom, and what is given out while its source is gone.
#include "base/refreshed_value.hpp"

#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <stdexcept>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace skymarshal::refreshed_value_test {

namespace asio = boost::asio;
using Number = RefreshedValue<int>;

/// Draws the same every time: the middle of the range, so that pauses keep their length, unless told else.
class EvenRandom final : public RandomSource {
 public:
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, std::byte{drawn}); }
  unsigned char drawn = 0x80;
};

/// Fetches as written down, the last for ever; can be made to wait.
struct Source {
  explicit Source(asio::io_context& io) : gate(io.get_executor()) {}

  asio::awaitable<Number::FetchResult> fetch() {
    ++fetches;
    if (waits) co_await gate.wait_until(Wakeup::never);
    if (throws) throw std::runtime_error("a bug");
    const Number::FetchResult next = answers.front();
    if (answers.size() > 1) answers.pop_front();
    co_return next;
  }

  std::deque<Number::FetchResult> answers;
  int fetches = 0;
  bool waits = false;
  bool throws = false;
  Wakeup gate;
};

Number::Shared number(int value) { return std::make_shared<const int>(value); }
Number::FetchResult got(int value) { return Number::Fetched{number(value)}; }
Number::FetchResult got(int value, Lifetime lifetime) { return Number::Fetched{number(value), lifetime}; }
Number::FetchResult failed(const char* why) { return FetchFailure{why}; }

class RefreshedValueTest : public testing::Test {
 protected:
  static RefreshOptions options() {
    RefreshOptions options;
    options.failure_event = "number_not_fetched";
    options.lifetime = {std::chrono::minutes(10), std::chrono::hours(1)};
    options.jitter = 0;
    return options;
  }
  void open(const RefreshOptions& options) {
    value_ = std::make_unique<Number>(
        options, [this] { return asked_->fetch(); }, RefreshParts{clock_, random_, log_});
  }
  Number::Answer current() {
    Number::Answer answer = test::run_awaitable(io_, value_->current());
    settle();
    return answer;
  }
  /// What was sent off behind it.
  void settle() {
    io_.restart();
    io_.poll();
  }
  /// 0 if there is none.
  int held() {
    const Number::Answer answer = current();
    return answer ? **answer : 0;
  }

  asio::io_context io_;
  test::ManualClock clock_;
  EvenRandom random_;
  Logger log_{{LogLevel::off}, clock_};
  Source source_{io_};
  Source* asked_ = &source_;
  std::unique_ptr<Number> value_;
};

TEST_F(RefreshedValueTest, FetchesNothingUntilSomebodyAsks) {
  open(options());
  settle();
  EXPECT_EQ(source_.fetches, 0);
  source_.answers = {got(1)};
  EXPECT_EQ(held(), 1);
  EXPECT_EQ(held(), 1);
  EXPECT_EQ(source_.fetches, 1);
}

TEST_F(RefreshedValueTest, IsFetchedAnewBehindWhoeverAsks) {
  open(options());
  source_.answers = {got(1), got(2)};
  held();
  clock_.advance(std::chrono::minutes(10) - Milliseconds(1));
  held();
  EXPECT_EQ(source_.fetches, 1);
  clock_.advance(Milliseconds(1));
  source_.waits = true;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(held(), 1) << "nobody waits";
  EXPECT_EQ(source_.fetches, 2) << "one does it for all";
  source_.gate.wake();
  settle();
  EXPECT_EQ(held(), 2);
}

TEST_F(RefreshedValueTest, AValueMaySayItselfHowLongItIsGood) {
  open(options());
  source_.answers = {got(1, {std::chrono::minutes(1), std::chrono::minutes(2)}), failed("gone")};
  held();
  clock_.advance(std::chrono::minutes(1));
  EXPECT_EQ(held(), 1);
  EXPECT_EQ(source_.fetches, 2);
  clock_.advance(std::chrono::minutes(1) - Milliseconds(1));
  EXPECT_EQ(held(), 1) << "kept while it is good";
  clock_.advance(Milliseconds(1));
  const Number::Answer ended = current();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().why, "gone");
}

TEST_F(RefreshedValueTest, IsFetchedNowForWhoeverKnowsThatItChanged) {
  open(options());
  source_.answers = {got(1), got(2), failed("gone"), got(3)};
  held();
  EXPECT_EQ(**test::run_awaitable(io_, value_->fetch_now()), 2) << "though the first is fresh";
  EXPECT_FALSE(test::run_awaitable(io_, value_->fetch_now()));
  EXPECT_EQ(held(), 2) << "kept";
  EXPECT_EQ(**test::run_awaitable(io_, value_->fetch_now()), 3) << "though a pause is on";
  EXPECT_EQ(held(), 3);
}

TEST_F(RefreshedValueTest, ALifeWithoutEndIsNoOverflow) {
  open(options());
  source_.answers = {got(1, {Milliseconds::max(), Milliseconds::max()})};
  held();
  clock_.advance(std::chrono::hours(24 * 365 * 20));
  EXPECT_EQ(held(), 1);
  EXPECT_EQ(source_.fetches, 1);
}

TEST_F(RefreshedValueTest, WhatIsUnchangedIsFreshAgain) {
  open(options());
  source_.answers = {got(1), Number::Fetched{}};
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(held(), 1);
    clock_.advance(std::chrono::minutes(10));
  }
  EXPECT_EQ(source_.fetches, 20);
}

TEST_F(RefreshedValueTest, NothingIsNoValue) {
  open(options());
  source_.answers = {Number::Fetched{}};
  EXPECT_EQ(current().error().why, "nothing was fetched");
}

TEST_F(RefreshedValueTest, BacksOffAfterFailuresAndSaysWhyAndUntilWhen) {
  open(options());
  source_.answers = {failed("no route")};
  int fetches = 0;
  for (const int seconds : {1, 2, 4, 8, 16, 32, 60, 60}) {
    const Number::Answer answer = current();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().why, "no route");
    EXPECT_EQ(answer.error().retry_after, std::chrono::seconds(seconds));
    EXPECT_EQ(source_.fetches, ++fetches);
    clock_.advance(std::chrono::seconds(seconds) - Milliseconds(1));
    EXPECT_EQ(current().error().retry_after, Milliseconds(1));
    EXPECT_EQ(source_.fetches, fetches) << "its pause is on";
    clock_.advance(Milliseconds(1));
  }
  source_.answers = {got(1)};
  EXPECT_EQ(held(), 1);
}

TEST_F(RefreshedValueTest, PausesAreNotAllOfOneLength) {
  RefreshOptions jittery = options();
  jittery.jitter = 0.2;
  open(jittery);
  source_.answers = {failed("no")};
  random_.drawn = 0;
  EXPECT_EQ(current().error().retry_after, Milliseconds(800));
  clock_.advance(Milliseconds(800));
  random_.drawn = 0xFF;
  EXPECT_EQ(current().error().retry_after, Milliseconds(2'400));
}

TEST_F(RefreshedValueTest, AnExceptionIsAFailureLikeAnyOther) {
  open(options());
  source_.throws = true;
  EXPECT_EQ(current().error().why, "a bug");
  source_.throws = false;
  source_.answers = {got(3)};
  EXPECT_FALSE(current()) << "its pause is on";
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(held(), 3);
}

TEST_F(RefreshedValueTest, AFetchWithoutEndIsGivenUp) {
  RefreshOptions hasty = options();
  hasty.fetch_timeout = Milliseconds(1);
  open(hasty);
  source_.answers = {got(1), got(2)};
  source_.waits = true;
  int refused = 0;
  std::string why;
  for (int i = 0; i < 3; ++i) {
    asio::co_spawn(io_, value_->current(), [&](std::exception_ptr failure, const Number::Answer& answer) {
      if (failure || answer) return;
      ++refused;
      why = answer.error().why;
    });
  }
  ASSERT_TRUE(test::run_until(io_, [&] { return refused == 3; }));
  EXPECT_EQ(why, "there was no answer within 0.001 s");
  EXPECT_EQ(source_.fetches, 1);

  // The next one does not wait for it, and what it brings at last is thrown away.
  clock_.advance(std::chrono::seconds(1));
  source_.waits = false;
  EXPECT_EQ(held(), 1);
  EXPECT_EQ(source_.fetches, 2);
  source_.gate.wake();
  settle();
  EXPECT_EQ(held(), 1);
}

TEST_F(RefreshedValueTest, OneWhoNeedsANewerOneIsHeardOnceInAWhile) {
  open(options());
  source_.answers = {got(1), got(2), got(3)};
  const Number::Shared first = *current();
  const auto newer_than = [this](const Number::Shared& seen) {
    return test::run_awaitable(io_, value_->newer_than(seen));
  };
  const Number::Shared second = newer_than(first);
  EXPECT_EQ(*second, 2);
  EXPECT_EQ(newer_than(first), second) << "it is there already";
  EXPECT_EQ(newer_than(second), second);
  clock_.advance(std::chrono::seconds(30));
  EXPECT_EQ(*newer_than(second), 3);
  EXPECT_EQ(source_.fetches, 3);
}

TEST_F(RefreshedValueTest, IsLeftAloneWhileItsSourceFails) {
  open(options());
  source_.answers = {got(1), failed("gone")};
  const Number::Shared first = *current();
  EXPECT_EQ(test::run_awaitable(io_, value_->newer_than(first)), first);
  clock_.advance(std::chrono::minutes(10));
  EXPECT_EQ(held(), 1);
  const int fetches = source_.fetches;
  EXPECT_EQ(test::run_awaitable(io_, value_->newer_than(first)), first);
  EXPECT_EQ(source_.fetches, fetches);
}

TEST_F(RefreshedValueTest, MayGoBeforeItsFetch) {
  open(options());
  source_.answers = {got(1)};
  source_.waits = true;
  int seen = 0;
  asio::co_spawn(io_, value_->current(), [&](std::exception_ptr failure, const Number::Answer& answer) {
    if (!failure && answer) seen = **answer;
  });
  settle();
  value_.reset();
  source_.gate.wake();
  EXPECT_TRUE(test::run_until(io_, [&] { return seen == 1; }));
}

TEST_F(RefreshedValueTest, AFetchThatGoesWithItsExecutorIsMadeByTheNext) {
  open(options());
  source_.answers = {got(1)};
  auto short_lived = std::make_unique<asio::io_context>();
  auto lost = std::make_unique<Source>(*short_lived);
  lost->waits = true;
  asked_ = lost.get();
  asio::co_spawn(*short_lived, value_->current(), asio::detached);
  short_lived->poll();
  int seen = 0;
  asio::co_spawn(io_, value_->current(), [&](std::exception_ptr failure, const Number::Answer& answer) {
    if (!failure && answer) seen = **answer;
  });
  settle();
  EXPECT_EQ(lost->fetches, 1);
  asked_ = &source_;
  lost.reset();
  short_lived.reset();
  EXPECT_TRUE(test::run_until(io_, [&] { return seen == 1; }));
  EXPECT_EQ(source_.fetches, 1);
}

TEST(RefreshedValue, ServesAskersOfManyThreads) {
  test::ManualClock clock;
  EvenRandom random;
  Logger log{{LogLevel::off}, clock};
  std::atomic<int> fetches = 0;
  RefreshOptions options;
  options.failure_event = "number_not_fetched";
  options.lifetime = {Milliseconds(5), std::chrono::hours(1)};
  const auto fetch = [](std::atomic<int>& count) -> asio::awaitable<Number::FetchResult> {
    co_return Number::Fetched{std::make_shared<const int>(++count)};
  };
  Number value(options, [&] { return fetch(fetches); }, {clock, random, log});
  constexpr int askers = 100;
  std::atomic<int> answered = 0;
  const auto ask = [&] {
    asio::io_context io;
    for (int i = 0; i < askers; ++i) {
      asio::co_spawn(io, value.current(), [&](std::exception_ptr failure, const Number::Answer& answer) {
        if (!failure && answer && **answer > 0) ++answered;
      });
      clock.advance(Milliseconds(1));
    }
    const auto stay = asio::make_work_guard(io);
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (answered < 2 * askers && std::chrono::steady_clock::now() < give_up) {
      io.run_for(std::chrono::milliseconds(1));
    }
  };
  std::thread other(ask);
  ask();
  other.join();
  EXPECT_EQ(answered, 2 * askers);
  EXPECT_GE(fetches, 1);
}

}  // namespace skymarshal::refreshed_value_test

#include "base/spawn.hpp"

#include "support/manual_clock.hpp"

#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skymarshal::spawn_test {

using ::testing::HasSubstr;

boost::asio::awaitable<void> count(int& runs) {
  ++runs;
  co_return;
}

boost::asio::awaitable<void> fail() {
  throw std::runtime_error("no such gate");
  co_return;
}

boost::asio::awaitable<void> fail_oddly() {
  throw 7;
  co_return;
}

/// What is logged while the task runs to its end.
std::string logged(boost::asio::awaitable<void> task) {
  const test::ManualClock clock;
  ::testing::internal::CaptureStderr();
  {
    Logger log(Logger::Options(), clock);
    boost::asio::io_context io;
    spawn_or_log(io.get_executor(), std::move(task), log, "boarding");
    io.run();
  }
  return ::testing::internal::GetCapturedStderr();
}

TEST(SpawnOrLog, RunsTheTask) {
  int runs = 0;
  EXPECT_EQ(logged(count(runs)), "");
  EXPECT_EQ(runs, 1);
}

TEST(SpawnOrLog, AnExceptionIsHeard) {
  const std::string line = logged(fail());
  EXPECT_THAT(line, HasSubstr(R"("level":"ERROR","event":"task_failed","task":"boarding")"));
  EXPECT_THAT(line, HasSubstr("no such gate"));
}

TEST(SpawnOrLog, WhatIsNoExceptionOfTheStandardIsHeardToo) {
  EXPECT_THAT(logged(fail_oddly()), HasSubstr("task_failed"));
}

/// Goes wrong every second time, and ends the loop after `rounds_max`.
struct Rounds {
  boost::asio::awaitable<void> run() {
    if (++rounds == rounds_max) io.stop();
    if (rounds % 2 == 0) throw std::runtime_error("no such gate");
    co_return;
  }
  static constexpr int rounds_max = 5;
  int rounds = 0;
  boost::asio::io_context io;
};

TEST(SpawnRounds, OneThatFailsIsHeardAndIsNotTheLast) {
  const test::ManualClock clock;
  Rounds rounds;
  ::testing::internal::CaptureStderr();
  {
    Logger log(Logger::Options(), clock);
    spawn_rounds(
        rounds.io.get_executor(), Milliseconds(0), [&rounds] { return rounds.run(); }, log, "rounds");
    rounds.io.run();
  }
  EXPECT_EQ(rounds.rounds, Rounds::rounds_max);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              HasSubstr(R"("event":"task_failed","task":"rounds")"));
}

}  // namespace skymarshal::spawn_test

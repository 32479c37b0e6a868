#include "base/single_flight.hpp"

#include "support/run_until.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace skymarshal::single_flight_test {

namespace asio = boost::asio;

using Flights = SingleFlight<std::string, int>;

/// Work that waits until it is told to end.
struct Question {
  explicit Question(asio::io_context& io) : gate(io.get_executor()) {}
  asio::awaitable<int> ask(int answer) {
    ++asked;
    co_await gate.wait_until(Wakeup::never);
    co_return answer;
  }
  asio::awaitable<int> fail() {
    ++asked;
    co_await gate.wait_until(Wakeup::never);
    throw std::runtime_error("nobody answers");
  }
  int asked = 0;
  Wakeup gate;
};

class SingleFlightTest : public testing::Test {
 protected:
  void ask(const std::string& key, asio::awaitable<int> work) {
    asio::co_spawn(io_, flights_.run(key, std::move(work)), [this](std::exception_ptr failure, int answer) {
      ++ended_;
      if (failure)
        ++failed_;
      else
        sum_ += answer;
    });
  }

  asio::io_context io_;
  Question question_{io_};
  Flights flights_;
  int ended_ = 0;
  int failed_ = 0;
  int sum_ = 0;
};

TEST_F(SingleFlightTest, OneQuestionAnswersAll) {
  for (int i = 0; i < 20; ++i) ask("k", question_.ask(i == 0 ? 7 : 1'000));
  test::run_until(io_, [this] { return question_.asked > 0; });
  io_.poll();
  EXPECT_EQ(flights_.size(), 1U);
  question_.gate.wake();
  ASSERT_TRUE(test::run_until(io_, [this] { return ended_ == 20; }));
  EXPECT_EQ(question_.asked, 1);
  EXPECT_EQ(sum_, 140);
  EXPECT_EQ(flights_.size(), 0U);
}

TEST_F(SingleFlightTest, ALaterQuestionIsAskedAnew) {
  ask("k", question_.ask(1));
  question_.gate.wake();
  ASSERT_TRUE(test::run_until(io_, [this] { return ended_ == 1; }));
  ask("k", question_.ask(2));
  question_.gate.wake();
  ASSERT_TRUE(test::run_until(io_, [this] { return ended_ == 2; }));
  EXPECT_EQ(question_.asked, 2);
  EXPECT_EQ(sum_, 3);
}

TEST_F(SingleFlightTest, OtherKeysDoNotWait) {
  Question other(io_);
  ask("a", question_.ask(1));
  ask("b", other.ask(2));
  other.gate.wake();
  ASSERT_TRUE(test::run_until(io_, [this] { return ended_ == 1; }));
  EXPECT_EQ(sum_, 2);
  question_.gate.wake();
  ASSERT_TRUE(test::run_until(io_, [this] { return ended_ == 2; }));
}

TEST_F(SingleFlightTest, AFailureReachesAll) {
  for (int i = 0; i < 3; ++i) ask("k", question_.fail());
  io_.poll();
  question_.gate.wake();
  ASSERT_TRUE(test::run_until(io_, [this] { return ended_ == 3; }));
  EXPECT_EQ(failed_, 3);
  EXPECT_EQ(question_.asked, 1);
}

TEST_F(SingleFlightTest, AnAskerThatEndsTakesNobodyWithIt) {
  {
    // Its executor, and with it the coroutine, goes while it waits.
    asio::io_context short_lived;
    ask("k", question_.ask(5));
    io_.poll();
    asio::co_spawn(short_lived, flights_.run("k", question_.ask(6)), asio::detached);
    short_lived.poll();
  }
  question_.gate.wake();
  ASSERT_TRUE(test::run_until(io_, [this] { return ended_ == 1; }));
  EXPECT_EQ(sum_, 5);
}

TEST_F(SingleFlightTest, WorkThatGoesWithItsExecutorIsDoneByTheNext) {
  auto short_lived = std::make_unique<asio::io_context>();
  auto lost = std::make_unique<Question>(*short_lived);
  asio::co_spawn(*short_lived, flights_.run("k", lost->ask(6)), asio::detached);
  short_lived->poll();
  for (int i = 0; i < 3; ++i) ask("k", question_.ask(5));
  io_.poll();
  ASSERT_EQ(lost->asked, 1);
  ASSERT_EQ(question_.asked, 0);
  lost.reset();
  short_lived.reset();
  ASSERT_TRUE(test::run_until(io_, [this] { return question_.asked > 0; }));
  question_.gate.wake();
  ASSERT_TRUE(test::run_until(io_, [this] { return ended_ == 3; }));
  EXPECT_EQ(question_.asked, 1);
  EXPECT_EQ(sum_, 15);
  EXPECT_EQ(flights_.size(), 0U);
}

TEST_F(SingleFlightTest, NobodyHasToWaitForEver) {
  int gave_up = 0;
  const auto count = [&gave_up](std::exception_ptr failure, std::optional<int> answer) {
    if (!failure && !answer) ++gave_up;
  };
  const auto now = std::chrono::steady_clock::now();
  asio::co_spawn(io_, flights_.run_until(now, "k", question_.ask(1)), count);
  asio::co_spawn(io_, flights_.run_until(now, "k", question_.ask(2)), count);
  ask("k", question_.ask(3));
  ASSERT_TRUE(test::run_until(io_, [&gave_up] { return gave_up == 2; }));
  question_.gate.wake();
  ASSERT_TRUE(test::run_until(io_, [this] { return ended_ == 1; }));
  EXPECT_EQ(sum_, 1) << "the work went on";
}

TEST(SingleFlight, AnswersAskersOfOtherThreads) {
  Flights flights;
  std::atomic<int> asked = 0;
  std::atomic<int> sum = 0;
  const auto work = [](std::atomic<int>& count) -> asio::awaitable<int> {
    ++count;
    co_return 1;
  };
  constexpr int askers = 200;
  const auto run = [&] {
    asio::io_context io;
    for (int i = 0; i < askers; ++i) {
      asio::co_spawn(io, flights.run("k", work(asked)), [&](std::exception_ptr failure, int answer) {
        if (!failure) sum += answer;
      });
    }
    // Another thread may have to wake the last ones.
    const auto stay = asio::make_work_guard(io);
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (sum < 2 * askers && std::chrono::steady_clock::now() < give_up) {
      io.run_for(std::chrono::milliseconds(1));
    }
  };
  std::thread other(run);
  run();
  other.join();
  EXPECT_EQ(sum, 2 * askers);
  EXPECT_GE(asked, 1);
  EXPECT_LE(asked, 2 * askers);
}

}  // namespace skymarshal::single_flight_test

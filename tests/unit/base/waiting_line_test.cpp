// A line by itself: who is called, who is passed over, who hears of it.
#include "base/waiting_line.hpp"

#include "support/run_until.hpp"

#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

namespace skymarshal::waiting_line_test {

namespace asio = boost::asio;

struct Person {
  explicit Person(asio::io_context& io) : waiter(std::make_shared<WaitingLine::Waiter>(io.get_executor())) {}
  std::shared_ptr<WaitingLine::Waiter> waiter;
  StopSignal stop;
  std::optional<bool> called;
};

asio::awaitable<void> wait(std::shared_ptr<Person> person) {
  person->called = co_await person->waiter->wait(person->stop);
}

std::shared_ptr<Person> line_up(asio::io_context& io, WaitingLine& line) {
  auto person = std::make_shared<Person>(io);
  line.push(person->waiter);
  asio::co_spawn(io, wait(person), asio::detached);
  return person;
}

void settle(asio::io_context& io) {
  io.restart();
  io.poll();
}

TEST(WaitingLine, CallsInTheOrderOfArrival) {
  asio::io_context io;
  WaitingLine line;
  std::vector<std::shared_ptr<Person>> people;
  for (int i = 0; i < 3; ++i) people.push_back(line_up(io, line));
  for (std::size_t turn = 0; turn < people.size(); ++turn) {
    settle(io);
    EXPECT_FALSE(people[turn]->called) << turn;
    line.call_next();
    settle(io);
    EXPECT_EQ(people[turn]->called, true) << turn;
  }
  EXPECT_TRUE(line.empty());
}

TEST(WaitingLine, PassesOverThoseWhoLeft) {
  asio::io_context io;
  WaitingLine line;
  const auto first = line_up(io, line);
  const auto second = line_up(io, line);
  EXPECT_TRUE(line.remove(first->waiter));
  EXPECT_EQ(line.size(), 1u);
  line.call_next();
  settle(io);
  EXPECT_FALSE(first->called);
  EXPECT_EQ(second->called, true);
  EXPECT_FALSE(line.remove(second->waiter)) << "it has been called";
}

TEST(WaitingLine, LetsAWaiterGoWhenItIsStopped) {
  asio::io_context io;
  WaitingLine line;
  const auto person = line_up(io, line);
  settle(io);
  person->stop.raise(make_error(Errc::cancelled, "enough"));
  settle(io);
  EXPECT_EQ(person->called, false);
  EXPECT_TRUE(line.remove(person->waiter)) << "it still stands there";
}

TEST(WaitingLine, ACallCountsForMoreThanAStop) {
  asio::io_context io;
  WaitingLine line;
  const auto person = line_up(io, line);
  settle(io);
  line.call_next();
  person->stop.raise(make_error(Errc::cancelled, "too late"));
  settle(io);
  EXPECT_EQ(person->called, true);
}

TEST(WaitingLine, WakesOnTheWaitersOwnThread) {
  asio::io_context io;
  WaitingLine line;
  const auto person = line_up(io, line);
  settle(io);
  std::thread([&line] { line.call_next(); }).join();
  EXPECT_FALSE(person->called) << "nothing of it runs anywhere else";
  settle(io);
  EXPECT_EQ(person->called, true);
}

}  // namespace skymarshal::waiting_line_test

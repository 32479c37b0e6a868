// What a client sends, for the server itself and for who has taken the connection over.
#include "server/connection_input.hpp"

#include "server/upgraded_stream.hpp"
#include "support/run_awaitable.hpp"
#include "support/scripted_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace skymarshal::server::connection_input_test {

struct ConnectionInputTest : testing::Test {
  boost::asio::io_context io;
  std::shared_ptr<test::ScriptedStream> stream = std::make_shared<test::ScriptedStream>(io.get_executor());
  std::shared_ptr<ConnectionInput> input = std::make_shared<ConnectionInput>(stream, 8192);

  void settle() {
    io.restart();
    io.poll();
  }
};

TEST_F(ConnectionInputTest, GathersWhatArrives) {
  input->read_on();
  stream->arrive("hello ");
  settle();
  input->read_on();
  stream->arrive("world");
  settle();
  EXPECT_EQ(input->data(), "hello world");
  input->consume(6);
  EXPECT_EQ(input->data(), "world");
}

TEST_F(ConnectionInputTest, WaitEndsWithArrivalOrWithTheDeadline) {
  input->read_on();
  stream->arrive("x");
  EXPECT_TRUE(test::run_awaitable(io, input->wait_until(SteadyTime::max())));
  const SteadyTime soon = std::chrono::steady_clock::now() + Milliseconds(5);
  EXPECT_FALSE(test::run_awaitable(io, input->wait_until(soon)));
}

TEST_F(ConnectionInputTest, GrowsToItsLimitAndThenStopsReading) {
  for (int i = 0; i < 10; ++i) {
    input->read_on();
    stream->arrive(std::string(2048, 'a'));
    settle();
  }
  EXPECT_EQ(input->data().size(), 8192U);
  input->consume(8192);
  input->read_on();
  settle();
  EXPECT_GT(input->data().size(), 0U);
}

TEST_F(ConnectionInputTest, KeepsItsBytesWhenItMakesRoom) {
  input->read_on();
  stream->arrive(std::string(4000, 'a') + std::string(96, 'b'));
  settle();
  input->consume(4000);
  input->read_on();
  stream->arrive("ccc");
  settle();
  EXPECT_EQ(input->data(), std::string(96, 'b') + "ccc");
}

TEST_F(ConnectionInputTest, TellsWhenTheClientLeaves) {
  int told = 0;
  input->on_ended([&told] { ++told; });
  input->read_on();
  stream->end();
  settle();
  EXPECT_TRUE(input->ended());
  EXPECT_EQ(told, 1);
  input->on_ended([&told] { ++told; });
  EXPECT_EQ(told, 2) << "one who asks after the end is told at once";
}

TEST_F(ConnectionInputTest, TellsNobodyWhoNoLongerListens) {
  int told = 0;
  input->on_ended([&told] { ++told; });
  input->on_ended({});
  input->read_on();
  stream->end();
  settle();
  EXPECT_EQ(told, 0);
}

TEST_F(ConnectionInputTest, MayBeDroppedWhileItReads) {
  input->read_on();
  input.reset();
  stream->arrive("late");
  settle();
}

TEST_F(ConnectionInputTest, GivesWhoTakesOverWhatHasComeAndThenWhatComes) {
  UpgradedStream upgraded(input, stream);
  input->read_on();
  stream->arrive("first");
  settle();
  std::string room(3, '\0');
  const auto read = [&] {
    const net::IoResult result = test::run_awaitable(io, upgraded.read_some(boost::asio::buffer(room)));
    return result.error ? result.error.message() : room.substr(0, result.bytes);
  };
  EXPECT_EQ(read(), "fir");
  EXPECT_EQ(read(), "st");
  stream->arrive("abc");
  EXPECT_EQ(read(), "abc");
  stream->end();
  EXPECT_EQ(read(), make_error_code(boost::asio::error::eof).message());
}

TEST_F(ConnectionInputTest, GivesWhoTakesOverWhatAReadUnderWayBrings) {
  UpgradedStream upgraded(input, stream);
  input->read_on();
  std::string room(16, '\0');
  net::IoResult result;
  bool read = false;
  const auto on_read = [&](const net::IoResult& outcome) {
    result = outcome;
    read = true;
  };
  upgraded.async_read_some(boost::asio::buffer(room), on_read);
  stream->arrive("late");
  settle();
  ASSERT_TRUE(read);
  EXPECT_EQ(room.substr(0, result.bytes), "late");
  read = false;
  upgraded.async_read_some(boost::asio::buffer(room), on_read);
  upgraded.close();
  settle();
  EXPECT_TRUE(read);
  EXPECT_TRUE(result.error);
}

}  // namespace skymarshal::server::connection_input_test

// Which connections rest, for how long, and who gets them.
#include "net/idle_connections.hpp"

#include "support/scripted_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace skymarshal::net::idle_connections_test {

using test::ScriptedStream;

class IdleConnectionsTest : public testing::Test {
 protected:
  static IdleConnections::Owner new_owner() { return std::make_shared<const int>(0); }

  /// A connection to that peer; named by its address.
  ByteStream* keep(const std::string& peer) {
    auto stream = std::make_unique<ScriptedStream>(io.get_executor());
    last = stream.get();
    idle.keep({owner, peer}, std::move(stream), limits, now);
    return last;
  }
  const void* taken_from(const std::string& peer) {
    taken = idle.take({owner, peer}, limits, now);
    return taken.get();
  }

  boost::asio::io_context io;
  IdleConnections idle;
  IdleConnections::Limits limits{2, 3, Milliseconds(100)};
  IdleConnections::Owner owner = new_owner();
  SteadyTime now = SteadyTime() + std::chrono::hours(1);
  ScriptedStream* last = nullptr;
  std::unique_ptr<ByteStream> taken;
};

TEST_F(IdleConnectionsTest, GivesTheOneThatRestsLeast) {
  const void* const first = keep("http://a");
  const void* const second = keep("http://a");
  EXPECT_EQ(taken_from("http://a"), second);
  EXPECT_EQ(taken_from("http://a"), first);
  EXPECT_EQ(taken_from("http://a"), nullptr);
}

TEST_F(IdleConnectionsTest, GivesNobodyAnothersConnection) {
  const void* const mine = keep("http://a");
  EXPECT_EQ(taken_from("https://a"), nullptr);
  const IdleConnections::Owner me = std::exchange(owner, new_owner());
  EXPECT_EQ(taken_from("http://a"), nullptr);
  owner = me;
  EXPECT_EQ(taken_from("http://a"), mine);
}

TEST_F(IdleConnectionsTest, GivesNoneThatIsNotSilent) {
  keep("http://a");
  last->arrive("HTTP/1.1 408 Request Timeout\r\n\r\n");
  EXPECT_EQ(taken_from("http://a"), nullptr);
  keep("http://a");
  last->end();
  EXPECT_EQ(taken_from("http://a"), nullptr);
  EXPECT_EQ(idle.size(), 0U) << "and it is closed";
}

TEST_F(IdleConnectionsTest, GivesNoneThatHasRestedTooLong) {
  keep("http://a");
  now += Milliseconds(99);
  const void* const later = keep("http://a");
  now += Milliseconds(1);
  EXPECT_EQ(taken_from("http://a"), later);
  EXPECT_EQ(taken_from("http://a"), nullptr);
  EXPECT_EQ(idle.size(), 0U);
}

TEST_F(IdleConnectionsTest, ClosesWhatRestedTooLongWhenAnotherComes) {
  keep("http://a");
  keep("http://b");
  now += Milliseconds(100);
  keep("http://c");
  EXPECT_EQ(idle.size(), 1U);
}

TEST_F(IdleConnectionsTest, KeepsNoMoreOfOnePeerThanItMay) {
  keep("http://a");
  const void* const second = keep("http://a");
  const void* const third = keep("http://a");
  EXPECT_EQ(idle.size(), 2U);
  EXPECT_EQ(taken_from("http://a"), third);
  EXPECT_EQ(taken_from("http://a"), second);
}

TEST_F(IdleConnectionsTest, KeepsNoMoreInAllThanItMay) {
  keep("http://a");
  keep("http://b");
  keep("http://c");
  keep("http://d");
  EXPECT_EQ(idle.size(), 3U);
  EXPECT_EQ(taken_from("http://a"), nullptr);
  EXPECT_NE(taken_from("http://d"), nullptr);
}

TEST_F(IdleConnectionsTest, LimitsAreEachOwnersOwn) {
  for (const char* peer : {"http://a", "http://b", "http://c"}) keep(peer);
  const IdleConnections::Owner other = std::exchange(owner, new_owner());
  keep("http://a");
  EXPECT_EQ(idle.size(), 4U);
}

TEST_F(IdleConnectionsTest, ClosesThoseOfOwnersThatAreGone) {
  keep("http://a");
  owner = new_owner();
  keep("http://a");
  EXPECT_EQ(idle.size(), 1U);
}

TEST_F(IdleConnectionsTest, KeepsNothingWhereNothingMayBeKept) {
  limits.per_peer_max = 0;
  keep("http://a");
  EXPECT_EQ(idle.size(), 0U);
}

TEST(IdleConnectionsOfALoop, AreMadeWhenTheFirstIsKept) {
  boost::asio::io_context io;
  boost::asio::io_context other;
  EXPECT_EQ(find_idle_connections(io.get_executor()), nullptr);
  IdleConnections& made = idle_connections(io.get_executor());
  EXPECT_EQ(find_idle_connections(io.get_executor()), &made);
  EXPECT_EQ(find_idle_connections(other.get_executor()), nullptr);
}

}  // namespace skymarshal::net::idle_connections_test

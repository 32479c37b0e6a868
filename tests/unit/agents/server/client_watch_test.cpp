#include "agents/server/client_watch.hpp"

#include "base/clock.hpp"
#include "support/run_until.hpp"

#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace skymarshal::agents::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct Pair {
  Pair() {
    tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    client.connect(acceptor.local_endpoint());
    acceptor.accept(server);
  }
  asio::io_context io;
  tcp::socket client{io};
  tcp::socket server{io};
  StopSignal left;
};

TEST(ClientWatch, NoticesAClientThatHangsUp) {
  Pair pair;
  const ClientWatch watch(pair.server, pair.left);
  pair.io.run_for(Milliseconds(5));
  EXPECT_FALSE(pair.left.raised());
  pair.client.close();
  EXPECT_TRUE(test::run_until(pair.io, [&] { return pair.left.raised(); }));
}

TEST(ClientWatch, LeavesUnreadWhatTheClientSends) {
  Pair pair;
  const ClientWatch watch(pair.server, pair.left);
  asio::write(pair.client, asio::buffer("GET", 3));
  EXPECT_TRUE(test::run_until(pair.io, [&] { return pair.server.available() == 3; }));
  pair.io.restart();
  pair.io.run_for(Milliseconds(50));
  EXPECT_FALSE(pair.left.raised());
  EXPECT_EQ(pair.server.available(), 3U);
}

TEST(ClientWatch, RaisesNothingWhenItIsOver) {
  Pair pair;
  auto watch = std::make_unique<ClientWatch>(pair.server, pair.left);
  pair.io.run_for(Milliseconds(5));
  watch.reset();
  pair.client.close();
  pair.io.restart();
  pair.io.run_for(std::chrono::seconds(10));
  EXPECT_TRUE(pair.io.stopped()) << "the wait goes on";
  EXPECT_FALSE(pair.left.raised());
}

}  // namespace
}  // namespace skymarshal::agents::server

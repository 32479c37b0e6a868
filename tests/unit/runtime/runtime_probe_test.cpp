// Whether somebody is there.
#include "runtime/runtime_probe.hpp"

#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

namespace skymarshal::runtime::runtime_probe_test {

TEST(RuntimeProbe, TellsWhetherAConnectionIsAccepted) {
  test::ManualClock clock;
  Logger log(Logger::Options{LogLevel::off, 16}, clock);
  RuntimeProbe probe(log);
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
  const http::Endpoint endpoint{"wss", "127.0.0.1", acceptor.local_endpoint().port(), "/ws"};
  EXPECT_TRUE(test::run_awaitable(io, probe.look(endpoint, Milliseconds(20'000))));
  acceptor.close();
  const auto gone = test::run_awaitable(io, probe.look(endpoint, Milliseconds(20'000)));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Errc::connection_failed);
  EXPECT_EQ(gone.error().message.find("127.0.0.1"), std::string::npos) << "strangers may read it";
}

}  // namespace skymarshal::runtime::runtime_probe_test

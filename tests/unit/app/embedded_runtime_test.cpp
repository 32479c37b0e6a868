#include "app/embedded_runtime.hpp"

#include "net/http_client.hpp"
#include "support/run_awaitable.hpp"

#include <gtest/gtest.h>

namespace skymarshal::app {
namespace {

unsigned ping(std::uint16_t port) {
  boost::asio::io_context io;
  net::HttpClient client(io.get_executor(), {}, nullptr);
  const http::Endpoint endpoint{"http", "127.0.0.1", port, "/"};
  const auto head = test::run_awaitable(io, client.send(endpoint, {"GET", "/ping", {}, {}}));
  return head ? head->status : 0;
}

TEST(EmbeddedRuntime, ServesUntilItIsStopped) {
  const SystemClock clock;
  Logger log({.level = LogLevel::off}, clock);
  EmbeddedRuntime runtime({}, clock, log);
  const auto port = runtime.start("127.0.0.1", 0);
  ASSERT_TRUE(port.has_value());
  EXPECT_EQ(ping(*port), 200U);
  runtime.stop();
  EXPECT_EQ(ping(*port), 0U);
  runtime.stop();
}

TEST(EmbeddedRuntime, SaysThatAnAddressCannotBeHad) {
  const SystemClock clock;
  Logger log({.level = LogLevel::off}, clock);
  EmbeddedRuntime runtime({}, clock, log);
  EXPECT_FALSE(runtime.start("203.0.113.1", 0).has_value());
}

}  // namespace
}  // namespace skymarshal::app

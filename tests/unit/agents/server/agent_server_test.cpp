#include "agents/server/agent_server.hpp"

#include "unit/agents/server/runtime_bench.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace skymarshal::agents::server::agent_server_test {

namespace asio = boost::asio;
using asio::ip::tcp;

TEST(AgentServer, ListensOnAnyFreePort) {
  RuntimeBench bench;
  EXPECT_GT(bench.endpoint().port(), 0);
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentServer, SaysThatAPortIsTaken) {
  RuntimeBench bench;
  const test::ManualClock clock;
  Logger logger(Logger::Options{LogLevel::off}, clock);
  AgentServer second(bench.io().get_executor(), {}, clock, logger);
  const auto port = second.listen("localhost", bench.endpoint().port());
  ASSERT_TRUE(port.has_error());
  EXPECT_EQ(port.error().code, Errc::invalid_request);
  // A failed attempt leaves nothing behind: another one may succeed.
  EXPECT_TRUE(second.listen("localhost", 0).has_value());
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentServer, SaysThatAnAddressIsNone) {
  asio::io_context io;
  const test::ManualClock clock;
  Logger logger(Logger::Options{LogLevel::off}, clock);
  AgentServer server(io.get_executor(), {}, clock, logger);
  EXPECT_EQ(server.listen("not an address", 0).error().code, Errc::invalid_request);
}

TEST(AgentServer, StopsBeforeItStarted) {
  asio::io_context io;
  const test::ManualClock clock;
  Logger logger(Logger::Options{LogLevel::off}, clock);
  AgentServer server(io.get_executor(), {}, clock, logger);
  ASSERT_TRUE(server.listen("127.0.0.1", 0).has_value());
  server.stop();
  server.stop();
  server.start();
  io.run_for(std::chrono::seconds(20));
  EXPECT_TRUE(io.stopped());
}

asio::awaitable<bool> connect(tcp::socket& socket, tcp::endpoint endpoint) {
  auto [failed] = co_await socket.async_connect(endpoint, asio::as_tuple(asio::use_awaitable));
  co_return !failed;
}

TEST(AgentServer, StopEndsIdleConnectionsAndWaitsForNoGrace) {
  AgentServer::Options options;
  options.stop_grace = std::chrono::minutes(1);
  RuntimeBench bench(options);
  tcp::socket idle(bench.io());
  EXPECT_TRUE(bench.run(connect(idle, bench.endpoint())));
  bench.io().poll();
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentServer, AcceptsNoMoreAfterStop) {
  RuntimeBench bench;
  ASSERT_TRUE(bench.runs_out());
  tcp::socket late(bench.io());
  EXPECT_FALSE(bench.run(connect(late, bench.endpoint())));
}

TEST(AgentServer, FurtherConnectionsWaitForRoom) {
  AgentServer::Options options;
  options.connections_max = 1;
  RuntimeBench bench(options);
  auto first = std::make_unique<tcp::socket>(bench.io());
  ASSERT_TRUE(bench.run(connect(*first, bench.endpoint())));
  bench.io().poll();
  std::string answer;
  asio::co_spawn(bench.io(), exchange(bench.endpoint(), "GET /ping HTTP/1.0\r\n\r\n"),
                 [&](std::exception_ptr, std::string text) { answer = std::move(text); });
  for (int i = 0; i < 100; ++i) bench.io().poll();
  EXPECT_EQ(answer, "");
  first.reset();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (answer.empty() && std::chrono::steady_clock::now() < deadline) {
    bench.io().run_one_for(std::chrono::milliseconds(100));
  }
  EXPECT_NE(answer.find("200 OK"), std::string::npos);
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentServer, IsDestroyedWithConnectionsOpen) {
  auto bench = std::make_unique<RuntimeBench>();
  tcp::socket idle(bench->io());
  EXPECT_TRUE(bench->run(connect(idle, bench->endpoint())));
  bench->io().poll();
  idle.close();
  bench.reset();
}

}  // namespace skymarshal::agents::server::agent_server_test

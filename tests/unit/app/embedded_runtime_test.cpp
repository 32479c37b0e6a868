#include "app/embedded_runtime.hpp"

#include "net/http_client.hpp"
#include "support/run_awaitable.hpp"

#include <gtest/gtest.h>

namespace skymarshal::app::embedded_runtime_test {

unsigned ping(std::uint16_t port) {
  boost::asio::io_context io;
  const net::HttpClient client(net::one_connection_each);
  const http::Endpoint endpoint{"http", "127.0.0.1", port, "/"};
  const http::Request request{"GET", "/ping", {}, {}};
  const auto response = test::run_awaitable(io, net::fetch(client, endpoint, request, {}));
  return response ? response->status : 0;
}

Result<agents::server::AgentServer::Options> agent_options_with(std::map<std::string, std::string> flags) {
  static SystemRandom random;
  settings::SettingSources sources;
  sources.flags = std::move(flags);
  return agent_options(settings::load_settings(sources).value().values, random);
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

TEST(EmbeddedRuntime, TakesItsDayAndItsWeightsFromTheSettings) {
  std::map<std::string, std::string> flags = {{"option_weights", "network=5,safety=70,passenger=15,cost=10"},
                                              {"agent_chunk_delay_ms", "5"}};
  const auto alone = agent_options_with(flags);
  ASSERT_TRUE(alone) << alone.error().message;
  EXPECT_EQ(alone->operations, nullptr);
  EXPECT_EQ(alone->weights.safety, 70);
  EXPECT_EQ(alone->weights.cost, 10);
  EXPECT_EQ(alone->weights.passenger, 15);
  EXPECT_EQ(alone->weights.network, 5);
  EXPECT_EQ(alone->chunk_delay, Milliseconds(5));
  flags["ops_database"] = "sample";
  const auto with_sample = agent_options_with(flags);
  ASSERT_TRUE(with_sample) << with_sample.error().message;
  EXPECT_EQ(with_sample->operations->flights("EY283").value().size(), 1U);
}

TEST(EmbeddedRuntime, SaysWhichOperationsDatabaseCannotBeOpened) {
  const auto options = agent_options_with({{"ops_database", "/nowhere/ops.db"}});
  ASSERT_FALSE(options);
  EXPECT_NE(options.error().message.find("'/nowhere/ops.db'"), std::string::npos) << options.error().message;
}

TEST(EmbeddedRuntime, SaysThatAnAddressCannotBeHad) {
  const SystemClock clock;
  Logger log({.level = LogLevel::off}, clock);
  EmbeddedRuntime runtime({}, clock, log);
  EXPECT_FALSE(runtime.start("203.0.113.1", 0).has_value());
}

}  // namespace skymarshal::app::embedded_runtime_test

#include "app/wiring.hpp"

#include "app/runtime_choice.hpp"
#include "cli/answer_text.hpp"
#include "support/running_service.hpp"

#include <gtest/gtest.h>

namespace skymarshal::app::wiring_test {

settings::LoadedSettings loaded_with(std::map<std::string, std::string> flags) {
  settings::SettingSources sources;
  sources.flags = std::move(flags);
  sources.dev = true;
  return settings::load_settings(sources).value();
}

settings::Settings settings_with(std::map<std::string, std::string> flags) {
  return loaded_with(std::move(flags)).values;
}

TEST(Wiring, AnswersWithTheEmbeddedAgents) {
  test::RunningService running;
  const http::Response response =
      running.fetch("POST", "/api/v1/invoke", std::string(R"({"prompt":")") + test::disruption + "\"}");
  ASSERT_EQ(response.status, 200U) << response.body;
  EXPECT_NE(response.body.find(R"("runtime":"embedded")"), std::string::npos);
  const std::string session = cli::response_field(response.body, "session_id");
  const http::Response history = running.fetch("GET", "/api/v1/sessions/" + session);
  EXPECT_EQ(cli::response_field(history.body, "interaction_count"), "1");
}

TEST(Wiring, LooksAfterItsHealth) {
  test::RunningService running({{"probe_interval_ms", "10"}});
  std::string status;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (status != "up" && std::chrono::steady_clock::now() < give_up) {
    const std::string body = running.fetch("GET", "/api/v1/health").body;
    const std::size_t at = body.find(R"("runtime":{"status":")");
    ASSERT_NE(at, std::string::npos);
    status = body.substr(at + 21, 2);
  }
  EXPECT_EQ(status, "up");
}

TEST(Wiring, StopsInGoodOrderAndKeepsWhatItKnows) {
  const test::TemporaryFolder folder;
  const std::string database = folder.file("kept.db").string();
  std::string session;
  {
    test::RunningService running({{"database", database}});
    session = cli::response_field(running.fetch("POST", "/api/v1/sessions").body, "session_id");
    running.service().stop();
  }
  test::RunningService again({{"database", database}});
  EXPECT_EQ(again.fetch("GET", "/api/v1/sessions/" + session).status, 200U);
}

TEST(Wiring, SaysThatTheDatabaseCannotBeOpened) {
  const auto service = GatewayService::open(
      loaded_with({{"listen", "127.0.0.1:0"}, {"database", "/nowhere/test.db"}, {"log_level", "OFF"}}));
  ASSERT_FALSE(service.has_value());
  EXPECT_EQ(service.error().message.find("cannot open the database '/nowhere/test.db': "), 0U);
}

TEST(Wiring, SaysThatTheAddressCannotBeHad) {
  const test::TemporaryFolder folder;
  const auto service = GatewayService::open(loaded_with(
      {{"listen", "203.0.113.1:0"}, {"database", folder.file("test.db").string()}, {"log_level", "OFF"}}));
  ASSERT_FALSE(service.has_value());
  EXPECT_NE(service.error().message.find("203.0.113.1"), std::string::npos);
  EXPECT_NE(service.error().message.find("--listen HOST:PORT"), std::string::npos) << "and what to do";
}

TEST(Wiring, SaysThatACertificateCannotBeRead) {
  const test::TemporaryFolder folder;
  const auto service = GatewayService::open(loaded_with({{"listen", "127.0.0.1:0"},
                                                         {"database", folder.file("test.db").string()},
                                                         {"tls_cert", "/nowhere/cert.pem"},
                                                         {"tls_key", "/nowhere/key.pem"},
                                                         {"log_level", "OFF"}}));
  EXPECT_FALSE(service.has_value());
}

TEST(Wiring, EverySettingReachesItsPart) {
  const settings::Settings settings = settings_with({{"session_concurrency", "reject"},
                                                     {"max_concurrent_invocations", "3"},
                                                     {"max_queued_invocations", "4"},
                                                     {"max_queued_per_session", "5"},
                                                     {"keep_alive_ms", "600"},
                                                     {"disconnect_grace_ms", "700"},
                                                     {"journal_bytes_max", "80000"},
                                                     {"buffered_wait_ms", "810"},
                                                     {"keep_streams", "false"},
                                                     {"journal_retain_hours", "82"},
                                                     {"outbox", "/some/outbox"},
                                                     {"probe_interval_ms", "900"},
                                                     {"listen", "[::1]:8443"},
                                                     {"max_connections", "11"},
                                                     {"body_bytes_max", "12000"},
                                                     {"header_bytes_max", "13000"},
                                                     {"target_bytes_max", "1400"},
                                                     {"header_timeout_ms", "15"},
                                                     {"body_timeout_ms", "16"},
                                                     {"idle_timeout_ms", "17"},
                                                     {"write_timeout_ms", "18"},
                                                     {"threads", "19"},
                                                     {"connect_timeout_ms", "20"},
                                                     {"first_message_timeout_ms", "21"},
                                                     {"silence_timeout_ms", "22"},
                                                     {"total_timeout_ms", "23"},
                                                     {"close_timeout_ms", "24"},
                                                     {"ping_interval_ms", "25"},
                                                     {"message_bytes_max", "26000"},
                                                     {"fragment_bytes_max", "2700"},
                                                     {"retry_delays_ms", "28"},
                                                     {"session_expire_minutes", "29"},
                                                     {"session_retain_days", "31"},
                                                     {"database", "some.db"},
                                                     {"runtime_url", "wss://runtime.example/ws?secret=1"}});
  const auto gateway = gateway_options(settings);
  EXPECT_EQ(gateway.invocations.turns.when_busy, invocations::SessionTurns::WhenBusy::reject);
  EXPECT_EQ(gateway.invocations.gate.running_max, 3);
  EXPECT_EQ(gateway.invocations.gate.queued_max, 4);
  EXPECT_EQ(gateway.invocations.turns.queued_per_session_max, 5U);
  EXPECT_EQ(gateway.keep_alive, Milliseconds(600));
  EXPECT_EQ(gateway.disconnect_grace, Milliseconds(700));
  EXPECT_EQ(gateway.invocations.journal_bytes_max, 80'000U);
  EXPECT_EQ(gateway.buffered_wait, Milliseconds(810));
  EXPECT_FALSE(gateway.keep_streams);
  EXPECT_EQ(gateway.invocations.runner, "/some/outbox");
  EXPECT_EQ(invocation_store_options(settings).journal_retain, std::chrono::hours(82));
  EXPECT_EQ(invocation_store_options(settings).expire_after, std::chrono::minutes(29));
  EXPECT_EQ(gateway.allowed_origins, std::vector<std::string>{"*"});

  const auto server = server_options(settings);
  EXPECT_EQ(server.host, "::1");
  EXPECT_EQ(server.port, 8443);
  EXPECT_EQ(server.connections_max, 11U);
  EXPECT_EQ(server.connection.limits.body_bytes_max, 12'000U);
  EXPECT_EQ(server.connection.limits.header_bytes_max, 13'000U);
  EXPECT_EQ(server.connection.limits.target_bytes_max, 1'400U);
  EXPECT_EQ(server.connection.header_timeout, Milliseconds(15));
  EXPECT_EQ(server.connection.body_timeout, Milliseconds(16));
  EXPECT_EQ(server.connection.idle_timeout, Milliseconds(17));
  EXPECT_EQ(server.connection.write_timeout, Milliseconds(18));
  EXPECT_EQ(server.threads, 19U);

  const auto runtime = websocket_options(settings);
  EXPECT_EQ(runtime.connect_timeout, Milliseconds(20));
  EXPECT_EQ(runtime.first_message_timeout, Milliseconds(21));
  EXPECT_EQ(runtime.silence_timeout, Milliseconds(22));
  EXPECT_EQ(runtime.total_timeout, Milliseconds(23));
  EXPECT_EQ(runtime.websocket.close_timeout, Milliseconds(24));
  EXPECT_EQ(runtime.ping_interval, Milliseconds(25));
  EXPECT_EQ(runtime.websocket.message_bytes_max, 26'000U);
  EXPECT_EQ(runtime.websocket.fragment_bytes_max, 2'700U);
  EXPECT_EQ(runtime.retry.delays, std::vector{Milliseconds(28)});
  const auto http = http_options(settings);
  EXPECT_EQ(http.total_timeout, Milliseconds(23));
  EXPECT_EQ(http.message_bytes_max, 26'000U);
  EXPECT_EQ(http.close_timeout, Milliseconds(24));

  const auto store = store_options(settings);
  EXPECT_EQ(store.file.path, "some.db");
  EXPECT_EQ(store.expire_after, std::chrono::minutes(29));
  EXPECT_EQ(store.retain_for, std::chrono::days(31));
}

TEST(Wiring, WithoutAListTheOriginThatARequestWasSentToMayCall) {
  std::map<std::string, std::string> flags = {{"listen", "0.0.0.0:0"}, {"allowed_origins", ""}};
  EXPECT_TRUE(gateway_options(settings_with(flags)).allowed_origins.empty());
  EXPECT_EQ(gateway_options(settings_with(flags)).own_scheme, "http");
  flags["tls_cert"] = "cert.pem";
  EXPECT_EQ(gateway_options(settings_with(flags)).own_scheme, "https");
}

}  // namespace skymarshal::app::wiring_test

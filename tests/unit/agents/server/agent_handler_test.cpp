// The HTTP half of the container contract, through the server that carries it.
#include "agents/server/agent_handler.hpp"

#include "support/recording_writer.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"
#include "unit/agents/server/runtime_bench.hpp"

#include <string>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace skymarshal::agents::server::agent_handler_test {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::string_view demo =
    "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay, 286 "
    "passengers, "
    "51 connecting";
constexpr const char* ping = "GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

std::string status_in(const std::string& answer) { return answer.size() < 12 ? answer : answer.substr(9, 3); }

TEST(AgentHandler, AnswersInvocationsWithJson) {
  RuntimeBench bench;
  const std::string body = json::serialize(json::object{{"prompt", json::string(demo)}, {"session_id", "s"}});
  const std::string answer = bench.run(exchange(bench.endpoint(), post("/invocations", body)));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  const json::value data = json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
  EXPECT_EQ(data.at("final_decision"), "conditional");
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentHandler, StreamsInvocationsAsServerSentEvents) {
  RuntimeBench bench;
  const std::string body = json::serialize(json::object{{"prompt", json::string(demo)}});
  const std::string header = "Accept: text/event-stream\r\nConnection: close\r\n";
  const std::string answer = bench.run(exchange(bench.endpoint(), post("/invocations", body, header)));
  EXPECT_NE(answer.find("Content-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n0\r\n\r\n"));
  std::size_t events = 0;
  for (std::size_t at = answer.find("data: "); at != std::string::npos; at = answer.find("data: ", at + 1))
    ++events;
  EXPECT_EQ(events, 15U);
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentHandler, StreamsToOldClientsUntilTheConnectionCloses) {
  RuntimeBench bench;
  const std::string body = json::serialize(json::object{{"prompt", json::string(demo)}});
  const std::string request = "POST /invocations HTTP/1.0\r\nAccept: text/event-stream\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\n\r\n" + body;
  const std::string answer = bench.run(exchange(bench.endpoint(), request));
  EXPECT_EQ(answer.find("Transfer-Encoding"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("}\n\n"));
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentHandler, KeepsAliveAndTakesPipelinedRequests) {
  RuntimeBench bench;
  const std::string first = "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string last = "HEAD /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const std::string answer =
      bench.run(exchange(bench.endpoint(), first + post("/invocations", "{}", "") + last));
  std::size_t heads = 0;
  for (std::size_t at = answer.find("HTTP/1.1 "); at != std::string::npos;
       at = answer.find("HTTP/1.1 ", at + 1)) {
    ++heads;
  }
  EXPECT_EQ(heads, 3U);
  EXPECT_NE(answer.find("400 Bad Request"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentHandler, RefusesWhatIsTooLargeOrNoHttp) {
  AgentServer::Options options;
  options.body_bytes_max = 1000;
  options.header_bytes_max = 1000;
  RuntimeBench bench(options);
  const auto status = [&](std::string request) {
    return status_in(bench.run(exchange(bench.endpoint(), std::move(request))));
  };
  EXPECT_EQ(status(post("/invocations", std::string(1001, 'x'))), "413");
  EXPECT_EQ(status("GET /ping HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n"), "431");
  EXPECT_EQ(status("complete nonsense\r\n\r\n"), "400");
  EXPECT_EQ(status(post("/nowhere", "{}")), "404");
  EXPECT_EQ(status("GET /invocations HTTP/1.0\r\n\r\n"), "405");
  EXPECT_EQ(status("GET /ws HTTP/1.0\r\n\r\n"), "426");
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentHandler, CutsAClientThatNeverFinishesItsHeader) {
  AgentServer::Options options;
  options.header_timeout = Milliseconds(50);
  RuntimeBench bench(options);
  EXPECT_EQ(status_in(bench.run(exchange(bench.endpoint(), "GET /ping HT"))), "408");
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentHandler, CutsAClientThatSaysNothingWithoutAWord) {
  AgentServer::Options options;
  options.idle_timeout = Milliseconds(50);
  RuntimeBench bench(options);
  EXPECT_EQ(bench.run(exchange(bench.endpoint(), "")), "");
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentHandler, CutsAClientThatNeverFinishesItsBody) {
  AgentServer::Options options;
  options.body_timeout = Milliseconds(50);
  RuntimeBench bench(options);
  const std::string begun = "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{";
  EXPECT_EQ(status_in(bench.run(exchange(bench.endpoint(), begun))), "408");
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentHandler, RefusalsSpeakTheRuntimesProtocol) {
  RuntimeBench bench;
  const std::string answer = bench.run(exchange(bench.endpoint(), "complete nonsense\r\n\r\n"));
  const json::value body = json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
  EXPECT_EQ(body.at("type"), "error");
  EXPECT_EQ(body.at("error").at("code"), "INVALID_REQUEST");
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentHandler, StopLetsARunningStreamFinishWithoutItsPacing) {
  AgentServer::Options options;
  options.chunk_delay = std::chrono::minutes(1);
  RuntimeBench bench(options);
  const std::string body = json::serialize(json::object{{"prompt", json::string(demo)}});
  std::string answer;
  asio::co_spawn(bench.io(),
                 exchange(bench.endpoint(), post("/invocations", body, "Accept: text/event-stream\r\n")),
                 [&](std::exception_ptr, std::string text) { answer = std::move(text); });
  ASSERT_TRUE(test::run_until(bench.io(), [&] {
    return bench.run(exchange(bench.endpoint(), ping)).find("HealthyBusy") != std::string::npos;
  }));
  EXPECT_TRUE(bench.runs_out());
  EXPECT_NE(answer.find(R"({"type":"complete")"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n0\r\n\r\n"));
}

asio::awaitable<bool> answer(AgentHandler& handler, http::Request request, http::ResponseWriter& writer) {
  co_await handler.handle(std::move(request), writer);
  co_return true;
}

TEST(AgentHandler, StopRefusesNewWebSockets) {
  asio::io_context io;
  const test::ManualClock clock;
  Logger log(Logger::Options{LogLevel::off}, clock);
  const auto handler = std::make_shared<AgentHandler>(io.get_executor(), AgentServer::Options(), clock, log);
  http::Request request;
  request.method = "GET";
  request.target = "/ws";
  request.headers = {{"Connection", "Upgrade"}, {"Upgrade", "websocket"}};
  EXPECT_TRUE(handler->upgrades(request));
  handler->stop();
  EXPECT_FALSE(handler->upgrades(request));
  test::RecordingWriter writer;
  test::run_awaitable(io, answer(*handler, request, writer));
  EXPECT_EQ(writer.status, 503U);
  EXPECT_NE(writer.body.find("SHUTTING_DOWN"), std::string::npos);
}

TEST(AgentHandler, TheTimeOfTheLastUpdateMovesWithWorkAndNeverWithAPing) {
  AgentServer::Options options;
  options.chunk_delay = std::chrono::minutes(1);
  RuntimeBench bench(options);
  const std::string body = json::serialize(json::object{{"prompt", json::string(demo)}});
  const auto health = [&] {
    const std::string answer = bench.run(exchange(bench.endpoint(), ping));
    return answer.substr(answer.rfind('{'));
  };
  const auto report = [](const char* state, std::int64_t seconds) {
    return R"({"status":")" + std::string(state) + R"(","time_of_last_update":)" + std::to_string(seconds) +
           "}";
  };
  const std::int64_t start = unix_ms(bench.clock().wall_now()) / 1000;
  for (int i = 0; i < 3; ++i) {
    bench.clock().advance(std::chrono::seconds(10));
    EXPECT_EQ(health(), report("Healthy", start));
  }
  RuntimeBench::tcp::socket client(bench.io());
  client.connect(bench.endpoint());
  asio::write(client, asio::buffer(post("/invocations", body, "Accept: text/event-stream\r\n")));
  ASSERT_TRUE(test::run_until(bench.io(), [&] { return health() == report("HealthyBusy", start + 30); }))
      << health();
  bench.clock().advance(std::chrono::seconds(10));
  EXPECT_EQ(health(), report("HealthyBusy", start + 30)) << "it is asked, and does nothing";
  client.close();
  EXPECT_TRUE(test::run_until(bench.io(), [&] { return health() == report("Healthy", start + 40); }))
      << health();
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentHandler, AStreamsClientThatVanishesGivesItsPlaceBackAtOnce) {
  AgentServer::Options options;
  options.chunk_delay = std::chrono::minutes(1);
  RuntimeBench bench(options);
  const std::string body = json::serialize(json::object{{"prompt", json::string(demo)}});
  const auto health = [&] { return bench.run(exchange(bench.endpoint(), ping)); };
  RuntimeBench::tcp::socket client(bench.io());
  client.connect(bench.endpoint());
  asio::write(client, asio::buffer(post("/invocations", body, "Accept: text/event-stream\r\n")));
  ASSERT_TRUE(test::run_until(bench.io(), [&] { return health().find("HealthyBusy") != std::string::npos; }));
  client.close();
  EXPECT_TRUE(test::run_until(bench.io(), [&] { return health().find("\"Healthy\"") != std::string::npos; }));
  EXPECT_TRUE(bench.runs_out());
}

}  // namespace skymarshal::agents::server::agent_handler_test

#include "agents/server/agent_conversation.hpp"

#include "agents/server/agent_handler.hpp"
#include "support/run_awaitable.hpp"
#include "support/scripted_stream.hpp"
#include "unit/agents/server/runtime_bench.hpp"

#include <memory>
#include <string>
#include <vector>

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace skymarshal::agents::server::agent_conversation_test {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace json = boost::json;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using Client = websocket::stream<tcp::socket, false>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view demo =
    "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay, 286 "
    "passengers, 51 "
    "connecting";
constexpr std::string_view session = "3f0c6c5e-9f0e-4a53-9a3a-0d6a5b1f2c11";

std::string invocation(std::string_view prompt, std::string_view session_id = session) {
  json::object payload = {{"prompt", json::string(prompt)}};
  if (!session_id.empty()) payload["session_id"] = json::string(session_id);
  return json::serialize(json::object{{"action", "invoke"}, {"payload", payload}});
}

asio::awaitable<std::shared_ptr<Client>> open(tcp::endpoint endpoint, std::string header_session = {}) {
  auto client = std::make_shared<Client>(co_await asio::this_coro::executor);
  co_await client->next_layer().async_connect(endpoint, asio::use_awaitable);
  const auto decorate = [header_session](websocket::request_type& request) {
    if (!header_session.empty()) request.set("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", header_session);
  };
  client->set_option(websocket::stream_base::decorator(decorate));
  const std::string host = "127.0.0.1";
  const std::string path = "/ws?qualifier=DEFAULT";
  co_await client->async_handshake(host, path, asio::use_awaitable);
  co_return client;
}

/// The next message; empty when the connection ended.
asio::awaitable<std::string> receive(std::shared_ptr<Client> client) {
  beast::flat_buffer buffer;
  auto [failed, count] = co_await client->async_read(buffer, as_result);
  if (failed) co_return std::string();
  co_return beast::buffers_to_string(buffer.data());
}

/// Messages up to the one that ends the invocation, or to the end of the connection.
asio::awaitable<std::vector<std::string>> receive_all(std::shared_ptr<Client> client) {
  std::vector<std::string> messages;
  while (true) {
    std::string message = co_await receive(client);
    if (message.empty()) break;
    messages.push_back(std::move(message));
    if (!messages.back().starts_with(R"({"type":"chunk")")) break;
  }
  co_return messages;
}

asio::awaitable<std::vector<std::string>> invoke(std::shared_ptr<Client> client, std::string text) {
  co_await client->async_write(asio::buffer(text), asio::use_awaitable);
  co_return co_await receive_all(client);
}

asio::awaitable<std::vector<std::string>> open_and_invoke(tcp::endpoint endpoint, std::string text,
                                                          std::string header_session = {}) {
  const auto client = co_await open(endpoint, header_session);
  auto messages = co_await invoke(client, text);
  const websocket::close_reason normal(websocket::close_code::normal);
  co_await client->async_close(normal, as_result);
  co_return messages;
}

/// Starts an invocation and reads its first message.
asio::awaitable<std::string> begin(std::shared_ptr<Client> client) {
  const std::string text = invocation(demo);
  co_await client->async_write(asio::buffer(text), asio::use_awaitable);
  co_return co_await receive(client);
}

asio::awaitable<bool> ping(std::shared_ptr<Client> client) {
  const websocket::ping_data nothing;
  auto [failed] = co_await client->async_ping(nothing, as_result);
  co_return !failed;
}

std::string delay_of(const std::vector<std::string>& messages) {
  const auto facts = json::parse(messages.back()).at("data").at("assessment").at("facts");
  for (const auto& fact : facts.as_array()) {
    if (fact.at("name") == "delay_minutes") return json::serialize(fact.at("value"));
  }
  return "absent";
}

TEST(AgentConversation, StreamsAWholeAssessment) {
  RuntimeBench bench;
  const auto messages = bench.run(open_and_invoke(bench.endpoint(), invocation(demo)));
  ASSERT_EQ(messages.size(), 15U);
  EXPECT_EQ(
      messages[0],
      R"({"type":"chunk","data":{"agent":"crew_compliance","status":"analyzing","partial_result":{}}})");
  EXPECT_EQ(json::parse(messages.back()).at("type"), "complete");
  EXPECT_EQ(json::parse(messages.back()).at("data").at("final_decision"), "conditional");
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, RemembersASessionAcrossInvocationsAndConnections) {
  RuntimeBench bench;
  const auto client = bench.run(open(bench.endpoint()));
  bench.run(invoke(client, invocation(demo)));
  EXPECT_EQ(delay_of(bench.run(invoke(client, invocation("and if we swap to A6-BND?")))), "180");
  EXPECT_EQ(delay_of(bench.run(open_and_invoke(bench.endpoint(), invocation("what else?")))), "180");
  EXPECT_EQ(delay_of(bench.run(open_and_invoke(bench.endpoint(), invocation("what else?", "another")))),
            "absent");
  EXPECT_EQ(delay_of(bench.run(open_and_invoke(bench.endpoint(), invocation("what else?", "")))), "absent");
  client->next_layer().close();
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, ForgetsASessionThatIsErased) {
  RuntimeBench bench;
  bench.run(open_and_invoke(bench.endpoint(), invocation(demo)));
  const std::string forget =
      R"({"action":"forget","payload":{"session_id":")" + std::string(session) + "\"}}";
  const auto answer = bench.run(open_and_invoke(bench.endpoint(), forget));
  EXPECT_EQ(answer, std::vector<std::string>{R"({"type":"complete","data":{"forgotten":true}})"});
  EXPECT_EQ(delay_of(bench.run(open_and_invoke(bench.endpoint(), invocation("what else?")))), "absent");
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, TakesTheSessionFromTheHeader) {
  RuntimeBench bench;
  bench.run(open_and_invoke(bench.endpoint(), invocation(demo)));
  const std::string unnamed = invocation("what else?", "");
  EXPECT_EQ(delay_of(bench.run(open_and_invoke(bench.endpoint(), unnamed, std::string(session)))), "180");
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, RefusesGarbageAndStaysUsable) {
  RuntimeBench bench;
  const auto client = bench.run(open(bench.endpoint()));
  for (const std::string text :
       {"garbage", "[]", R"({"action":"dance","payload":{}})", R"({"action":"invoke"})"}) {
    const auto messages = bench.run(invoke(client, text));
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(json::parse(messages[0]).at("error").at("code"), "INVALID_REQUEST");
  }
  EXPECT_EQ(bench.run(invoke(client, invocation(demo))).size(), 15U);
  client->next_layer().close();
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, TakesBinaryAndFragmentedMessages) {
  RuntimeBench bench;
  const auto client = bench.run(open(bench.endpoint()));
  client->binary(true);
  client->auto_fragment(true);
  client->write_buffer_bytes(16);
  EXPECT_EQ(bench.run(invoke(client, invocation(demo))).size(), 15U);
  client->next_layer().close();
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, ClosesOnAnOversizeMessage) {
  AgentServer::Options options;
  options.message_bytes_max = 1000;
  RuntimeBench bench(options);
  const auto client = bench.run(open(bench.endpoint()));
  EXPECT_TRUE(bench.run(invoke(client, std::string(1001, 'x'))).empty());
  EXPECT_EQ(client->reason().code, websocket::close_code::too_big);
  EXPECT_TRUE(bench.runs_out());
}

/// Sends `count` invocations before reading anything.
asio::awaitable<std::size_t> flood(std::shared_ptr<Client> client, int count) {
  const std::string text = invocation(demo);
  for (int i = 0; i < count; ++i) co_await client->async_write(asio::buffer(text), asio::use_awaitable);
  std::size_t ended = 0;
  while (true) {
    const std::string message = co_await receive(client);
    if (message.empty()) break;
    if (message.starts_with(R"({"type":"complete")") && ++ended == static_cast<std::size_t>(count)) break;
  }
  co_return ended;
}

TEST(AgentConversation, AnswersQueuedInvocationsInTurn) {
  RuntimeBench bench;
  const auto client = bench.run(open(bench.endpoint()));
  EXPECT_EQ(bench.run(flood(client, 5)), 5U);
  client->next_layer().close();
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, ClosesWhenTooManyWait) {
  AgentServer::Options options;
  options.chunk_delay = std::chrono::minutes(1);
  options.queued_messages_max = 2;
  RuntimeBench bench(options);
  const auto client = bench.run(open(bench.endpoint()));
  EXPECT_EQ(bench.run(flood(client, 4)), 0U);
  EXPECT_EQ(client->reason().code, websocket::close_code::policy_error);
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, AnswersPingsWhileAnAssessmentIsPaced) {
  AgentServer::Options options;
  options.chunk_delay = std::chrono::minutes(1);
  RuntimeBench bench(options);
  const auto client = bench.run(open(bench.endpoint()));
  bool pong = false;
  client->control_callback([&](websocket::frame_type type, beast::string_view) {
    pong = pong || type == websocket::frame_type::pong;
  });
  EXPECT_TRUE(bench.run(begin(client)).starts_with(R"({"type":"chunk")"));
  bench.run(ping(client));
  asio::co_spawn(bench.io(), receive(client), [](std::exception_ptr, const std::string&) {});
  for (int i = 0; i < 200 && !pong; ++i) bench.io().run_one_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(pong);
  client->next_layer().close();
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, ReportsHealthAndThatItIsBusy) {
  AgentServer::Options options;
  options.chunk_delay = std::chrono::minutes(1);
  RuntimeBench bench(options);
  const std::string ping = "GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  EXPECT_NE(bench.run(exchange(bench.endpoint(), ping))
                .find(R"({"status":"Healthy","time_of_last_update":1767225600})"),
            std::string::npos);
  auto client = bench.run(open(bench.endpoint()));
  bench.run(begin(client));
  EXPECT_NE(bench.run(exchange(bench.endpoint(), ping)).find("HealthyBusy"), std::string::npos);
  // A client that vanishes gives its place back at once, not when the pacing would have ended.
  client->next_layer().close();
  client.reset();
  std::string health;
  for (int i = 0; i < 100 && health.find("\"Healthy\"") == std::string::npos; ++i) {
    health = bench.run(exchange(bench.endpoint(), ping));
  }
  EXPECT_NE(health.find("\"Healthy\""), std::string::npos);
  EXPECT_TRUE(bench.runs_out());
}

std::string handshake() {
  return "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
         "13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

TEST(AgentConversation, WantsAWholeHandshake) {
  RuntimeBench bench;
  const auto status = [&](std::string request) {
    return bench.run(exchange(bench.endpoint(), std::move(request))).substr(9, 3);
  };
  const std::string whole = handshake();
  const auto without = [&](const std::string& line) {
    std::string text = whole;
    text.erase(text.find(line), line.size());
    return text.insert(text.find("\r\n\r\n"), "\r\nX: y");
  };
  EXPECT_EQ(status(without("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")), "400");
  EXPECT_EQ(status(without("Sec-WebSocket-Version: 13\r\n")), "400");
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, ReadsWhatCameTogetherWithTheHandshake) {
  RuntimeBench bench;
  // A close frame, masked with nothing (RFC 6455 section 5.2).
  const std::string close("\x88\x80\0\0\0\0", 6);
  const std::string received = bench.run(exchange(bench.endpoint(), handshake() + close));
  const std::size_t end = received.find("\r\n\r\n");
  ASSERT_NE(end, std::string::npos);
  EXPECT_TRUE(received.starts_with("HTTP/1.1 101 "));
  EXPECT_EQ(received.substr(end + 4, 1), "\x88");
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, CutsAWebSocketThatAnswersNoPings) {
  AgentServer::Options options;
  // Long enough for the handshake, which must come first.
  options.idle_timeout = Milliseconds(500);
  RuntimeBench bench(options);
  const std::string received = bench.run(exchange(bench.endpoint(), handshake()));
  EXPECT_NE(received.find("101 Switching Protocols"), std::string::npos);
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, StopCutsAWebSocketThatIgnoresTheClose) {
  AgentServer::Options options;
  options.stop_grace = Milliseconds(50);
  RuntimeBench bench(options);
  std::string received;
  asio::co_spawn(bench.io(), exchange(bench.endpoint(), handshake()),
                 [&](std::exception_ptr, std::string text) { received = std::move(text); });
  for (int i = 0; i < 200; ++i) bench.io().poll();
  EXPECT_TRUE(bench.runs_out());
  EXPECT_NE(received.find("101 Switching Protocols"), std::string::npos);
}

TEST(AgentConversation, StopLetsARunningAssessmentFinishWithoutItsPacing) {
  AgentServer::Options options;
  options.chunk_delay = std::chrono::minutes(1);
  RuntimeBench bench(options);
  const auto client = bench.run(open(bench.endpoint()));
  bench.run(begin(client));
  bench.server().stop();
  const auto rest = bench.run(receive_all(client));
  ASSERT_EQ(rest.size(), 14U);
  EXPECT_TRUE(rest.back().starts_with(R"({"type":"complete")"));
  EXPECT_EQ(bench.run(receive(client)), "");
  EXPECT_EQ(client->reason().code, websocket::close_code::going_away);
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, AMessageDuringAStopDoesNotEndTheAnswerUnderWay) {
  AgentServer::Options options;
  options.chunk_delay = std::chrono::minutes(1);
  RuntimeBench bench(options);
  const auto client = bench.run(open(bench.endpoint()));
  bench.run(begin(client));
  bench.server().stop();
  const auto rest = bench.run(invoke(client, invocation(demo)));
  ASSERT_EQ(rest.size(), 14U);
  EXPECT_TRUE(rest.back().starts_with(R"({"type":"complete")"));
  EXPECT_EQ(bench.run(receive(client)), "") << "nothing new is begun";
  EXPECT_EQ(client->reason().code, websocket::close_code::going_away);
  EXPECT_TRUE(bench.runs_out());
}

/// Asks, and then sends and sends without reading what it asked for. Ends once it is cut.
asio::awaitable<bool> talk_without_listening(std::shared_ptr<Client> client) {
  const std::string text = invocation(demo);
  co_await client->async_write(asio::buffer(text), asio::use_awaitable);
  bool sent = true;
  while (sent) sent = co_await ping(client);
  co_return true;
}

TEST(AgentConversation, CutsAWebSocketThatReadsNothing) {
  AgentServer::Options options;
  options.write_timeout = Milliseconds(50);
  // More than the kernel keeps between the two.
  const auto verbose = [](const assessment::Situation&, const assessment::Plan&) {
    constexpr std::size_t many_bytes = 16 << 20;
    assessment::AgentAssessment assessment;
    assessment.agent_name = "maintenance";
    assessment.reasoning = std::string(many_bytes, 'x');
    return assessment;
  };
  options.agents = {assessment::Agent{"maintenance", assessment::AgentPhase::safety, verbose}};
  RuntimeBench bench(options);
  const auto client = bench.run(open(bench.endpoint()));
  EXPECT_TRUE(bench.run(talk_without_listening(client)));
  EXPECT_TRUE(bench.runs_out());
}

TEST(AgentConversation, StopClosesIdleWebSockets) {
  RuntimeBench bench;
  const auto client = bench.run(open(bench.endpoint()));
  bench.server().stop();
  EXPECT_EQ(bench.run(receive(client)), "");
  EXPECT_EQ(client->reason().code, websocket::close_code::going_away);
  EXPECT_TRUE(bench.runs_out());
}

asio::awaitable<bool> upgrade(AgentHandler& handler, std::shared_ptr<net::ByteStream> stream) {
  http::Request request;
  request.method = "GET";
  request.target = "/ws";
  request.headers = {{"Host", "x"},
                     {"Upgrade", "websocket"},
                     {"Connection", "Upgrade"},
                     {"Sec-WebSocket-Version", "13"},
                     {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  co_await handler.upgrade(std::move(request), std::move(stream));
  co_return true;
}

TEST(AgentConversation, StopSaysGoodbyeToAClientThatHasOnlyJustBeenAccepted) {
  asio::io_context io;
  const test::ManualClock clock;
  Logger log(Logger::Options{LogLevel::off}, clock);
  const auto handler = std::make_shared<AgentHandler>(io.get_executor(), AgentServer::Options(), clock, log);
  const auto stream = std::make_shared<test::ScriptedStream>(io.get_executor());
  stream->on_write = [&] {
    if (stream->writes > 1) return stream->end();
    // The client has its 101, and the server does not know yet that it was sent.
    handler->stop();
  };
  test::run_awaitable(io, upgrade(*handler, stream));
  const std::size_t end = stream->written.find("\r\n\r\n");
  ASSERT_NE(end, std::string::npos) << stream->written;
  EXPECT_TRUE(stream->written.starts_with("HTTP/1.1 101 "));
  // A close frame with code 1001 (RFC 6455 section 5.5.1).
  EXPECT_EQ(stream->written.substr(end + 4), "\x88\x02\x03\xE9");
}

TEST(AgentConversation, IsDestroyedInTheMiddleOfAnAssessment) {
  AgentServer::Options options;
  options.chunk_delay = std::chrono::minutes(1);
  auto bench = std::make_unique<RuntimeBench>(options);
  auto client = bench->run(open(bench->endpoint()));
  EXPECT_FALSE(bench->run(begin(client)).empty());
  client.reset();
  bench.reset();
}

}  // namespace skymarshal::agents::server::agent_conversation_test

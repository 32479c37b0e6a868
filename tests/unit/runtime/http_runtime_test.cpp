// One invocation over real HTTP, peer by peer: what is sent, what is made of what comes, and every limit.
#include "runtime/http_runtime.hpp"

#include "base/wakeup.hpp"
#include "support/json_text.hpp"
#include "support/run_awaitable.hpp"
#include "support/test_authority.hpp"
#include "unit/net/http_peer.hpp"
#include "unit/runtime/runtime_rig.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace skymarshal::runtime::http_runtime_test {

using Connections = std::vector<test::HttpPeer::Connection>;
using Texts = std::vector<std::string>;

std::string answer(const std::string& status, const std::string& type, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string json_document(const std::string& body) { return answer("200 OK", "application/json", body); }
/// A stream that has begun, and goes on.
std::string stream_head() {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
}
std::string piece(const std::string& body) { return fmt::format("{:x}\r\n{}\r\n", body.size(), body); }
std::string event(const std::string& data) { return piece("data: " + data + "\n\n"); }
constexpr const char* last_piece = "0\r\n\r\n";

boost::asio::awaitable<void> stop_when_asked(StopSignal& stop, test::HttpPeer& peer) {
  Wakeup pause(co_await boost::asio::this_coro::executor);
  while (peer.requests().empty())
    co_await pause.wait_until(std::chrono::steady_clock::now() + Milliseconds(1));
  stop.raise(make_error(Errc::cancelled, "enough"));
}

class HttpRuntimeTest : public testing::Test {
 protected:
  HttpRuntimeTest() {
    options.name = "http";
    options.retry.delays = {Milliseconds(1), Milliseconds(1)};
  }

  struct Outcome {
    Result<std::string> end;
    invocations::RunTimings timings;
  };

  Outcome run(Connections connections, std::optional<net::TlsContext> server = {},
              std::optional<net::TlsContext> client = {}) {
    peer.emplace(io, std::move(connections), std::move(server));
    options.endpoint = peer->endpoint();
    options.endpoint.target = "/invocations?qualifier=live";
    HttpRuntime subject(options, std::move(client), clock, random, log);
    return run(subject);
  }

  Outcome run(HttpRuntime& subject) {
    invocations::RuntimeRequest request{RequestId::generate(random), session, "EY283 is \"late\""};
    request.trace.amzn_trace_id = "Root=1-2-3";
    std::optional<Outcome> outcome;
    std::exception_ptr failure;
    boost::asio::co_spawn(io, subject.run(std::move(request), sink, stop),
                          [&](std::exception_ptr thrown, invocations::RunOutcome ended) {
                            failure = thrown;
                            Result<std::string> end = std::string();
                            if (ended.end) end = std::string(ended.end->data());
                            if (!ended.end) end = ended.end.error();
                            outcome.emplace(Outcome{std::move(end), ended.timings});
                          });
    EXPECT_TRUE(test::run_until(io, [&] { return outcome.has_value(); }));
    if (failure) std::rethrow_exception(failure);
    return *outcome;
  }

  test::ManualClock clock;
  SystemRandom random;
  Logger log{Logger::Options{LogLevel::off, 16}, clock};
  HttpRuntimeOptions options;
  SessionId session = SessionId::generate(random);
  test::RecordingSink sink;
  StopSignal stop;
  boost::asio::io_context io;
  std::optional<test::HttpPeer> peer;
};

TEST_F(HttpRuntimeTest, AsksAsTheContractSays) {
  const auto outcome = run({{{json_document(R"({"response":"fine"})")}}});
  ASSERT_TRUE(outcome.end) << outcome.end.error().message;
  EXPECT_EQ(*outcome.end, R"({"response":"fine"})");
  ASSERT_EQ(peer->requests().size(), 1u);
  const std::string& asked = peer->requests().at(0);
  EXPECT_TRUE(asked.starts_with("0 POST /invocations?qualifier=live HTTP/1.1\r\n")) << asked;
  for (const std::string& line : {"X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: " + session.str(),
                                  std::string("Content-Type: application/json"),
                                  std::string("Accept: text/event-stream, application/json;q=0.9"),
                                  std::string("X-Amzn-Trace-Id: Root=1-2-3")}) {
    EXPECT_NE(asked.find("\r\n" + line + "\r\n"), std::string::npos) << line << " in " << asked;
  }
  EXPECT_TRUE(asked.ends_with(R"({"prompt":"EY283 is \"late\"","session_id":")" + session.str() + "\"}"));
  EXPECT_EQ(outcome.timings.attempts, 1);
  EXPECT_TRUE(outcome.timings.connect);
  EXPECT_TRUE(outcome.timings.first_message);
  EXPECT_TRUE(outcome.timings.reached);
}

TEST_F(HttpRuntimeTest, HandsEventsOnAndEndsWithTheEnd) {
  const auto outcome =
      run({{{stream_head() + event(R"({"type":"chunk","data":1})") + event(R"({"type":"chunk","data":2})") +
             event(R"({"type":"complete","data":{"a":1}})") + event(R"({"type":"chunk","data":3})")}}});
  ASSERT_TRUE(outcome.end) << outcome.end.error().message;
  EXPECT_EQ(*outcome.end, R"({"a":1})");
  EXPECT_EQ(sink.chunks, (Texts{"1", "2"}));
}

TEST_F(HttpRuntimeTest, AFullerEndMayFollowOneWithoutData) {
  const std::string bare = event(R"({"type":"complete"})");
  const auto fuller =
      run({{{stream_head() + bare + event(R"({"type":"complete","data":{"a":1}})") + last_piece}}});
  EXPECT_EQ(*fuller.end, R"({"a":1})");
  const auto alone = run({{{stream_head() + bare + last_piece}}});
  EXPECT_EQ(*alone.end, R"({"type":"complete"})");
  options.close_timeout = Milliseconds(1);
  const auto endless = run({{{stream_head() + bare}}});
  EXPECT_EQ(*endless.end, R"({"type":"complete"})") << "nothing more follows in time";
}

TEST_F(HttpRuntimeTest, TellsHowAnAnswerBroke) {
  const auto cut = run({{{stream_head() + event("1")}, false}});
  EXPECT_EQ(cut.end.error().code, Errc::runtime_protocol_error);
  EXPECT_EQ(cut.end.error().message.find("127.0.0.1"), std::string::npos);
  const auto none = run({{{""}}});
  EXPECT_EQ(none.end.error().code, Errc::runtime_protocol_error);
  EXPECT_EQ(none.timings.attempts, 1) << "it had the prompt";
  const auto wrong = run({{{"SSH-2.0-OpenSSH\r\n"}}});
  EXPECT_EQ(wrong.end.error().code, Errc::runtime_protocol_error);
}

TEST_F(HttpRuntimeTest, ComesAgainWhereNobodyIsThere) {
  options.endpoint = {"http", "127.0.0.1", 1, "/invocations"};
  HttpRuntime subject(options, {}, clock, random, log);
  const auto outcome = run(subject);
  EXPECT_EQ(outcome.end.error().code, Errc::connection_failed);
  EXPECT_EQ(outcome.timings.attempts, 3);
  EXPECT_FALSE(outcome.timings.reached);
}

TEST_F(HttpRuntimeTest, ComesAgainWhereItIsBusyAndNotWhereItFailed) {
  const auto busy = run({{{answer("429 X", "text/plain", "later")}}, {{json_document("{}")}}});
  EXPECT_TRUE(busy.end);
  EXPECT_EQ(busy.timings.attempts, 2);
  const auto away = run({{{answer("503 X", "text/plain", "upstream reset")}}});
  EXPECT_EQ(away.end.error().code, Errc::runtime_unavailable);
  EXPECT_EQ(away.timings.attempts, 1) << "proxies say so of one that had begun, too";
  EXPECT_TRUE(away.timings.reached);
  const auto failed = run({{{answer("500 X", "application/json", R"({"error":"no such flight"})")}}});
  EXPECT_EQ(failed.end.error().code, Errc::runtime_error);
  EXPECT_NE(failed.end.error().message.find("no such flight"), std::string::npos);
  EXPECT_EQ(failed.timings.attempts, 1);
}

TEST_F(HttpRuntimeTest, EachStageHasItsLimit) {
  struct Case {
    std::string said;
    std::string stage;
    Milliseconds RuntimeOptions::* limit;
  };
  const HttpRuntimeOptions defaults = options;
  for (const Case& now :
       {Case{"HTTP/1.1 100 Continue\r\n\r\n", "first_message", &RuntimeOptions::first_message_timeout},
        Case{stream_head() + event("1"), "silence", &RuntimeOptions::silence_timeout},
        Case{stream_head() + piece(": keep-alive\n\n"), "first_message",
             &RuntimeOptions::first_message_timeout},
        Case{stream_head() + event("1"), "total", &RuntimeOptions::total_timeout}}) {
    options = defaults;
    options.*now.limit = Milliseconds(60);
    const auto outcome = run({{{now.said}}});
    ASSERT_FALSE(outcome.end) << now.stage;
    EXPECT_EQ(outcome.end.error().code, Errc::timeout) << outcome.end.error().message;
    EXPECT_EQ(test::text_at(outcome.end.error().details, {"stage"}), now.stage);
  }
}

TEST_F(HttpRuntimeTest, StopsAtOnceWhereverItIs) {
  sink.heard = [this] { stop.raise(make_error(Errc::cancelled, "enough")); };
  const auto reading = run({{{stream_head() + event("1") + event("2")}}});
  EXPECT_EQ(reading.end.error().code, Errc::cancelled);
  EXPECT_EQ(sink.chunks, Texts{"1"}) << "what had come already is not wanted any more";
}

TEST_F(HttpRuntimeTest, StopsWhileItWaitsForTheAnswer) {
  peer.emplace(io, Connections{{{"HTTP/1.1 100 Continue\r\n\r\n"}}});
  options.endpoint = peer->endpoint();
  HttpRuntime subject(options, {}, clock, random, log);
  boost::asio::co_spawn(io, stop_when_asked(stop, *peer), boost::asio::detached);
  EXPECT_EQ(run(subject).end.error().code, Errc::cancelled);
}

TEST_F(HttpRuntimeTest, SpeaksTls) {
  test::TestAuthority authority;
  const auto files = authority.issue("IP:127.0.0.1");
  const auto server = net::TlsContext::server(files.certificate_file, files.key_file).value();
  const auto outcome =
      run({{{json_document("{}")}}}, server, net::TlsContext::client(authority.file()).value());
  EXPECT_TRUE(outcome.end);
  test::TestAuthority stranger;
  const auto refused =
      run({{{json_document("{}")}}}, server, net::TlsContext::client(stranger.file()).value());
  EXPECT_EQ(refused.end.error().code, Errc::connection_failed);
}

TEST_F(HttpRuntimeTest, LooksWhetherSomebodyIsThere) {
  peer.emplace(io, Connections{});
  options.endpoint = peer->endpoint();
  HttpRuntime subject(options, {}, clock, random, log);
  EXPECT_TRUE(test::run_awaitable(io, subject.probe()));
  EXPECT_EQ(subject.name(), "http");
}

}  // namespace skymarshal::runtime::http_runtime_test

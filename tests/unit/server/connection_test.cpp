#include "server/connection.hpp"

#include "gateway/gateway.hpp"
#include "limits/local_rate_limiter.hpp"
#include "support/fake_runtime.hpp"
#include "support/http_text.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_invocation_store.hpp"
#include "support/memory_session_store.hpp"
#include "support/no_limits.hpp"
#include "support/run_until.hpp"
#include "support/scripted_stream.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace skymarshal::server::connection_test {

const std::string invoke_body = R"({"prompt":"EY283 is three hours late"})";

struct ConnectionTest : testing::Test {
  boost::asio::io_context io;
  test::ManualClock clock;
  SystemRandom random;
  Logger log{Logger::Options{LogLevel::off, 1}, clock};
  gateway::OpenAuthorizer authorizer;
  limits::LocalRateLimiter limiter{test::no_limits(), clock};
  test::FakeRuntime runtime;
  test::MemorySessionStore store{clock};
  test::MemoryInvocationStore invocations{store, clock};
  skymarshal::invocations::LoneGateway fleet;
  gateway::Gateway gateway{{}, {authorizer, limiter, runtime, store, invocations, fleet, clock, random, log}};
  ConnectionOptions options;
  test::ScriptedStream* stream = nullptr;
  std::shared_ptr<Connection> connection;
  bool ended = false;

  void connect() { connect_to(gateway); }
  void connect_to(http::Handler& handler) {
    auto owned = std::make_unique<test::ScriptedStream>(io.get_executor());
    stream = owned.get();
    connection = std::make_shared<Connection>(std::move(owned), "127.0.0.1", options, handler, clock);
    boost::asio::co_spawn(io, connection->run(), [this](std::exception_ptr) { ended = true; });
  }
  bool wait_for_end() {
    return test::run_until(io, [this] { return ended; });
  }
  bool wait_for_text(const std::string& text) {
    return test::run_until(io, [&] { return stream->written.find(text) != std::string::npos; });
  }
  std::size_t answers() const {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = stream->written.find("HTTP/1.1 ", at)) != std::string::npos; ++at) ++count;
    return count;
  }
};

TEST_F(ConnectionTest, AnswersAndKeepsTheConnection) {
  connect();
  stream->arrive(test::post_request("/api/v1/invoke", invoke_body));
  ASSERT_TRUE(wait_for_text("final_decision"));
  EXPECT_EQ(test::status_of(stream->written), 200U);
  EXPECT_NE(stream->written.find("Connection: keep-alive"), std::string::npos);
  stream->arrive(test::get_request("/api/v1/health"));
  ASSERT_TRUE(wait_for_text("dependencies"));
  EXPECT_FALSE(ended);
  stream->end();
  EXPECT_TRUE(wait_for_end());
}

TEST_F(ConnectionTest, AnswersPipelinedRequestsInTheirOrder) {
  connect();
  stream->arrive(test::post_request("/api/v1/invoke", invoke_body) + test::get_request("/api/v1/health") +
                 test::get_request("/nowhere"));
  ASSERT_TRUE(wait_for_text("NOT_FOUND"));
  EXPECT_EQ(answers(), 3U);
  EXPECT_LT(stream->written.find("final_decision"), stream->written.find("dependencies"));
  stream->end();
  EXPECT_TRUE(wait_for_end());
}

TEST_F(ConnectionTest, AsksForTheBodyOfThoseWhoWaitForIt) {
  connect();
  stream->arrive("POST /api/v1/invoke HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: " +
                 std::to_string(invoke_body.size()) + "\r\n\r\n");
  ASSERT_TRUE(wait_for_text("100 Continue\r\n\r\n"));
  stream->arrive(invoke_body);
  EXPECT_TRUE(wait_for_text("final_decision"));
  stream->end();
  EXPECT_TRUE(wait_for_end());
}

TEST_F(ConnectionTest, AClientThatDoesNotTakeTheInvitationToSendItsBodyIsCut) {
  options.write_timeout = Milliseconds(20);
  connect();
  stream->stalled = true;
  stream->arrive(
      "POST /api/v1/invoke HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 40\r\n\r\n");
  EXPECT_TRUE(wait_for_end());
  EXPECT_TRUE(stream->closed);
}

TEST_F(ConnectionTest, EmptyLinesBeforeARequestAreNothing) {
  connect();
  stream->arrive("\r\n" + test::get_request("/api/v1/health") + "\r\n\r\n" + test::get_request("/nowhere"));
  ASSERT_TRUE(wait_for_text("NOT_FOUND"));
  EXPECT_EQ(answers(), 2U);
  EXPECT_EQ(test::status_of(stream->written), 200U);
  stream->end();
  EXPECT_TRUE(wait_for_end());
}

TEST_F(ConnectionTest, WhoSendsAnEmptyLineAndNoRequestIsIdle) {
  options.idle_timeout = Milliseconds(20);
  options.header_timeout = Milliseconds(1);
  connect();
  stream->arrive("\r\n");
  ASSERT_TRUE(test::run_until(io, [this] { return stream->shut_down; }));
  stream->end();
  EXPECT_TRUE(wait_for_end());
  EXPECT_EQ(stream->written, "");
}

TEST_F(ConnectionTest, SlowHeadsAreCutWith408) {
  options.header_timeout = Milliseconds(20);
  connect();
  stream->arrive("POST /api/v1/invoke HT");
  ASSERT_TRUE(wait_for_text("REQUEST_TIMEOUT"));
  EXPECT_EQ(test::status_of(stream->written), 408U);
  EXPECT_NE(stream->written.find("Connection: close"), std::string::npos);
  stream->end();
  EXPECT_TRUE(wait_for_end());
}

TEST_F(ConnectionTest, SlowBodiesAreCutWith408) {
  options.body_timeout = Milliseconds(20);
  connect();
  stream->arrive("POST /api/v1/invoke HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
  ASSERT_TRUE(wait_for_text("REQUEST_TIMEOUT"));
  stream->end();
  EXPECT_TRUE(wait_for_end());
}

TEST_F(ConnectionTest, TheSilentAreClosedWithoutAWord) {
  options.idle_timeout = Milliseconds(20);
  connect();
  stream->end();
  EXPECT_TRUE(wait_for_end());
  EXPECT_EQ(stream->written, "");
}

TEST_F(ConnectionTest, RefusalsCarryTheCommonHeaders) {
  connect();
  stream->arrive("nonsense\r\n\r\n");
  ASSERT_TRUE(wait_for_text("INVALID_REQUEST"));
  EXPECT_EQ(test::status_of(stream->written), 400U);
  for (const char* header :
       {"X-Request-Id: ", "X-Api-Version: v1", "Access-Control-Allow-Origin: ", "Server-Timing: "}) {
    EXPECT_NE(stream->written.find(header), std::string::npos) << header;
  }
  stream->end();
  EXPECT_TRUE(wait_for_end());
}

TEST_F(ConnectionTest, ReadsWhatARefusedClientStillSendsSoThatItCanReadWhy) {
  options.limits.body_bytes_max = 10;
  connect();
  stream->arrive(test::post_request("/api/v1/invoke", std::string(5000, 'x')));
  ASSERT_TRUE(wait_for_text("PAYLOAD_TOO_LARGE"));
  stream->arrive(std::string(5000, 'y'));
  EXPECT_FALSE(stream->closed);
  stream->end();
  EXPECT_TRUE(wait_for_end());
  EXPECT_TRUE(stream->shut_down);
}

TEST_F(ConnectionTest, DrainingClosesTheIdleAtOnce) {
  connect();
  io.poll();
  connection->drain();
  EXPECT_TRUE(wait_for_end());
}

TEST_F(ConnectionTest, DrainingLetsTheAnswerUnderWayFinish) {
  runtime.play = [](const invocations::RuntimeRequest&) {
    test::FakeRuntime::Play play;
    play.chunks = {R"({"agent":"cargo","status":"analyzing"})"};
    return play;
  };
  connect();
  stream->arrive(test::post_request("/api/v1/invoke", invoke_body));
  ASSERT_TRUE(test::run_until(io, [this] { return runtime.open == 1; }));
  connection->drain();
  ASSERT_TRUE(wait_for_text("final_decision"));
  EXPECT_NE(stream->written.find("Connection: close\r\n"), std::string::npos);
  stream->end();
  EXPECT_TRUE(wait_for_end());
}

TEST_F(ConnectionTest, ClientThatLeavesEndsTheWaitAndTheInvocationFollowsAfterItsGrace) {
  runtime.play = [](const invocations::RuntimeRequest&) {
    test::FakeRuntime::Play play;
    play.end = test::FakeRuntime::Play::End::hang;
    return play;
  };
  connect();
  stream->arrive(test::post_request("/api/v1/invoke", invoke_body));
  ASSERT_TRUE(test::run_until(io, [this] { return runtime.open == 1; }));
  stream->end();
  EXPECT_TRUE(wait_for_end());
  EXPECT_EQ(stream->written, "") << "there is nobody to answer";
  gateway.stop_invocations(make_error(Errc::cancelled, "the test is over"));
  EXPECT_TRUE(test::run_until(io, [this] { return gateway.idle(); }));
}

/// Speaks a protocol of its own on /upgrade: says hello, then gives back what it is sent, until it is sent a
/// full stop. On /bug it fails.
struct EchoHandler final : http::Handler {
  boost::asio::awaitable<void> handle(http::Request request, http::ResponseWriter& writer) override {
    if (request.target == "/bug") throw std::logic_error("a bug");
    http::Response response;
    response.body = "plain";
    co_await writer.send(std::move(response));
  }
  boost::asio::awaitable<void> refuse(Error, http::ResponseWriter& writer) override {
    http::Response response;
    response.status = 400;
    co_await writer.send(std::move(response));
  }
  bool upgrades(const http::Request& request) const override { return request.target == "/upgrade"; }
  boost::asio::awaitable<void> upgrade(http::Request, std::shared_ptr<net::ByteStream> stream) override {
    taken_over = true;
    std::string text = "hello ";
    bool over = false;
    while (!over) {
      const boost::asio::const_buffer piece = boost::asio::buffer(text);
      co_await stream->write(std::span(&piece, 1));
      text.assign(16, '\0');
      const boost::asio::mutable_buffer room = boost::asio::buffer(text);
      const net::IoResult read = co_await stream->read_some(room);
      text.resize(read.bytes);
      over = read.error || text.find('.') != std::string::npos;
    }
    taken_over = false;
  }
  bool taken_over = false;
};

struct UpgradeTest : ConnectionTest {
  EchoHandler handler;
};

TEST_F(UpgradeTest, TheHandlerTakesTheConnectionOver) {
  connect_to(handler);
  stream->arrive(test::get_request("/plain") + test::get_request("/upgrade") + "one ");
  ASSERT_TRUE(wait_for_text("hello one "));
  stream->arrive("two ");
  ASSERT_TRUE(wait_for_text("two "));
  EXPECT_TRUE(handler.taken_over);
  stream->arrive(".");
  ASSERT_TRUE(test::run_until(io, [this] { return stream->shut_down; }));
  EXPECT_FALSE(handler.taken_over);
  stream->end();
  EXPECT_TRUE(wait_for_end());
}

TEST_F(UpgradeTest, DrainingLeavesItToTheHandler) {
  connect_to(handler);
  stream->arrive(test::get_request("/upgrade"));
  ASSERT_TRUE(wait_for_text("hello "));
  connection->drain();
  stream->arrive("still there ");
  EXPECT_TRUE(wait_for_text("still there "));
  connection->close();
  EXPECT_TRUE(wait_for_end());
  EXPECT_FALSE(handler.taken_over);
}

TEST_F(UpgradeTest, ClientsOfHttp10AreAnsweredPlainly) {
  connect_to(handler);
  stream->arrive("GET /upgrade HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(wait_for_text("plain"));
  stream->end();
  EXPECT_TRUE(wait_for_end());
}

TEST_F(UpgradeTest, ABugInTheHandlerLeavesNoClientWaiting) {
  connect_to(handler);
  stream->arrive(test::get_request("/bug"));
  ASSERT_TRUE(wait_for_end());
  EXPECT_FALSE(stream->closed);
  connection.reset();
  EXPECT_TRUE(stream->closed);
  io.restart();
  io.poll();
}

}  // namespace skymarshal::server::connection_test

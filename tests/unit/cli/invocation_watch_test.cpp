#include "cli/invocation_watch.hpp"

#include "support/captured_output.hpp"
#include "unit/net/http_peer.hpp"

#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>

namespace skymarshal::cli::invocation_watch_test {

using test::HttpPeer;

constexpr const char* id = "11111111-1111-4111-8111-111111111111";

std::string chunked(const std::string& text) {
  std::array<char, 20> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", text.size());
  return size.data() + text + "\r\n";
}

/// A stream of events, cut off or whole.
std::string stream(const std::vector<std::string>& events, bool is_whole) {
  std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& event : events) answer += chunked("data: " + event + "\n\n");
  return is_whole ? answer + "0\r\n\r\n" : answer;
}

const std::string started =
    R"({"type":"metadata","seq":0,"request_id":"11111111-1111-4111-8111-111111111111","session_id":"s"})";
const std::string spoke = R"({"type":"chunk","seq":1,"data":{"agent":"cargo","status":"approved"}})";
const std::string completed = R"({"type":"complete","seq":2,"data":{"final_decision":"approved"}})";

class InvocationWatchTest : public testing::Test {
 protected:
  /// What one connection after the other answers.
  void serve(const std::vector<std::string>& answers) {
    std::vector<HttpPeer::Connection> connections;
    for (const std::string& answer : answers) connections.push_back({{answer}, false});
    peer_.emplace(io_, std::move(connections));
  }

  ExitCode watch(const WatchOptions& options = {}, const std::string& key = {}) {
    auto work = boost::asio::make_work_guard(io_);
    std::thread server([this] { io_.run(); });
    const ExitCode code = watch_at(peer_->endpoint().port, options, key);
    work.reset();
    io_.stop();
    server.join();
    return code;
  }

  ExitCode watch_at(std::uint16_t port, WatchOptions options, const std::string& key) {
    options.json = true;
    options.timeout_seconds = 20;
    EndpointArguments endpoint;
    endpoint.url = "http://127.0.0.1:" + std::to_string(port);
    options.endpoint_url = endpoint.url;
    GatewayClient client = GatewayClient::open(endpoint, {}).value();
    http::Request request = client.request("POST", "/api/v1/invoke", "{}");
    if (!key.empty()) request.headers.add("Idempotency-Key", key);
    ExitCode code{};
    test::CapturedOutput output =
        test::captured([&] { code = watch_invocation(options, client, Terminal(), request); });
    out_ = std::move(output.out);
    error_ = std::move(output.error);
    return code;
  }

  boost::asio::io_context io_{1};
  std::optional<HttpPeer> peer_;
  std::string out_;
  std::string error_;
};

TEST_F(InvocationWatchTest, GoesOnWhereTheStreamBroke) {
  serve({stream({started, spoke}, false), stream({completed}, true)});
  EXPECT_EQ(watch(), ExitCode::done) << error_;
  EXPECT_EQ(out_, "{\"final_decision\":\"approved\"}\n");
  ASSERT_EQ(peer_->requests().size(), 2U);
  const std::string& again = peer_->requests()[1];
  EXPECT_NE(again.find("GET /api/v1/invocations/" + std::string(id) + "/events HTTP/1.1"), std::string::npos)
      << again;
  EXPECT_NE(again.find("Last-Event-ID: 1\r\n"), std::string::npos) << again;
}

TEST_F(InvocationWatchTest, AStreamThatEndsTooEarlyHasBroken) {
  serve({stream({started}, true), stream({spoke, completed}, true)});
  EXPECT_EQ(watch(), ExitCode::done) << error_;
  EXPECT_EQ(peer_->requests().size(), 2U);
}

TEST_F(InvocationWatchTest, DoesNotAskAgainForWhatItCannotName) {
  serve({stream({}, false), stream({completed}, true)});
  EXPECT_EQ(watch(), ExitCode::failed);
  EXPECT_EQ(peer_->requests().size(), 1U) << "it would be another invocation";
}

TEST_F(InvocationWatchTest, SendsAgainWhatHasAKey) {
  serve({stream({}, false), stream({started, spoke}, false), stream({completed}, true)});
  EXPECT_EQ(watch({}, "order-1"), ExitCode::done) << error_;
  ASSERT_EQ(peer_->requests().size(), 3U);
  EXPECT_TRUE(peer_->requests()[1].starts_with("1 POST /api/v1/invoke ")) << peer_->requests()[1];
  EXPECT_NE(peer_->requests()[1].find("Idempotency-Key: order-1\r\n"), std::string::npos);
  EXPECT_TRUE(peer_->requests()[2].starts_with("2 GET ")) << "by then it has a name";
}

TEST_F(InvocationWatchTest, WhereNobodyIsNothingWasLost) {
  constexpr std::uint16_t port_of_nobody = 1;
  EXPECT_NE(watch_at(port_of_nobody, {}, "order-1"), ExitCode::done);
  EXPECT_NE(error_.find("Is the gateway running?"), std::string::npos) << error_;
  EXPECT_EQ(error_.find("was lost"), std::string::npos) << error_;
}

TEST_F(InvocationWatchTest, WhatIsNamedFromTheStartIsAskedForAgain) {
  serve({stream({}, false), stream({completed}, true)});
  WatchOptions options;
  options.request_id = id;
  EXPECT_EQ(watch(options), ExitCode::done) << error_;
  EXPECT_EQ(peer_->requests()[1].find("Last-Event-ID"), std::string::npos) << "it has seen nothing yet";
}

TEST_F(InvocationWatchTest, GivesUpAfterSomeTime) {
  serve({stream({started}, false), stream({}, false), stream({}, false), stream({}, false), stream({}, false),
         stream({completed}, true)});
  EXPECT_EQ(watch(), ExitCode::failed);
  EXPECT_EQ(peer_->requests().size(), 5U);
  EXPECT_NE(error_.find("'skymarshal invocations show --endpoint http://127.0.0.1:"), std::string::npos)
      << error_;
  EXPECT_NE(error_.find(std::string(" ") + id + "' tells"), std::string::npos) << error_;
}

TEST_F(InvocationWatchTest, DoesNotGiveUpWhileSomethingComes) {
  std::vector<std::string> answers = {stream({started}, false)};
  for (int seq = 1; seq <= 6; ++seq) {
    answers.push_back(stream({R"({"type":"chunk","seq":)" + std::to_string(seq) +
                              R"(,"data":{"agent":"cargo","status":"approved"}})"},
                             false));
  }
  answers.push_back(stream({completed}, true));
  serve(answers);
  EXPECT_EQ(watch(), ExitCode::done) << error_;
  EXPECT_EQ(peer_->requests().size(), 8U);
}

TEST_F(InvocationWatchTest, ARefusalIsNotALostConnection) {
  serve(
      {"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"});
  EXPECT_NE(watch(), ExitCode::done);
  EXPECT_EQ(peer_->requests().size(), 1U);
}

}  // namespace skymarshal::cli::invocation_watch_test

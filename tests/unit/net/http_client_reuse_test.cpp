// Connections that carry one exchange after the other, and what happens when the server has had enough of
// them.
#include "net/http_client.hpp"
#include "support/run_awaitable.hpp"
#include "support/test_authority.hpp"
#include "unit/net/http_peer.hpp"

#include <gtest/gtest.h>

namespace skymarshal::net::http_client_reuse_test {

namespace asio = boost::asio;
using test::HttpPeer;

const std::string ok_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

asio::awaitable<std::string> stream_body(HttpClient client, http::Endpoint endpoint) {
  HttpExchange exchange(client);
  http::Request request{"POST", "/", {}, "a"};
  const auto started = co_await exchange.start(std::move(endpoint), std::move(request));
  if (!started) co_return started.error().message;
  const auto head = co_await exchange.finish();
  if (!head) co_return head.error().message;
  const auto rest = co_await exchange.read_rest();
  co_return rest ? *rest : rest.error().message;
}

asio::awaitable<bool> read_head_only(HttpClient client, http::Endpoint endpoint) {
  HttpExchange exchange(client);
  http::Request request{"GET", "/", {}, {}};
  const auto head = co_await exchange.send(std::move(endpoint), std::move(request));
  co_return head.has_value();
}

class HttpReuseTest : public testing::Test {
 protected:
  Result<http::Response> ask(const HttpPeer& peer, const std::string& method = "GET",
                             FetchOptions options = {}) {
    const http::Request request{method, "/", {{"Host", "h"}}, method == "POST" ? "b" : ""};
    return test::run_awaitable(io, fetch(client, peer.endpoint(), request, options));
  }
  std::string body_of(const HttpPeer& peer, const std::string& method = "GET", FetchOptions options = {}) {
    const auto response = ask(peer, method, options);
    return response ? response->body : response.error().message;
  }
  /// What the server still does behind its last answer.
  void let_it_finish() {
    io.restart();
    io.poll();
  }

  asio::io_context io;
  HttpClient client;
};

TEST_F(HttpReuseTest, ManyExchangesShareAConnection) {
  const HttpPeer peer(
      io,
      {{{ok_answer, "HTTP/1.1 204 No Content\r\n\r\n",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n", ok_answer}}});
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(body_of(peer, "POST"), "");
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(peer.connections(), 1U);
  EXPECT_EQ(peer.requests().at(0), "0 GET / HTTP/1.1\r\nHost: h\r\n\r\n") << "to stay open is the rule";
}

TEST_F(HttpReuseTest, AStreamedExchangeLeavesItsConnectionToTheNext) {
  const HttpPeer peer(io, {{{ok_answer, ok_answer}}});
  EXPECT_EQ(test::run_awaitable(io, stream_body(client, peer.endpoint())), "ok");
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(peer.connections(), 1U);
}

TEST_F(HttpReuseTest, OnlyAWholeAnswerLeavesTheConnection) {
  const HttpPeer peer(io, {{{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"}}, {{ok_answer}}});
  EXPECT_TRUE(test::run_awaitable(io, read_head_only(client, peer.endpoint())));
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(peer.connections(), 2U);
}

TEST_F(HttpReuseTest, TheServersWordIsKept) {
  for (const std::string& last :
       {std::string("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"),
        std::string("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        // What comes behind an answer belongs to nobody.
        ok_answer + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"}) {
    const HttpPeer peer(io, {{{last, ok_answer}}, {{ok_answer}}});
    EXPECT_EQ(body_of(peer), "ok") << last;
    EXPECT_EQ(body_of(peer), "ok") << last;
    EXPECT_EQ(peer.connections(), 2U) << last;
  }
}

TEST_F(HttpReuseTest, AConnectionThatTheServerClosedIsNotUsedAgain) {
  const HttpPeer peer(io, {{{ok_answer}, false}, {{ok_answer}}});
  EXPECT_EQ(body_of(peer), "ok");
  let_it_finish();
  EXPECT_EQ(body_of(peer, "POST"), "ok");
  EXPECT_EQ(peer.connections(), 2U);
}

TEST_F(HttpReuseTest, WhatMayBeRepeatedGoesOnceMoreOverANewConnection) {
  for (const std::string method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}) {
    const std::string answer = method == "HEAD" ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" : ok_answer;
    const HttpPeer peer(io, {{{answer, ""}}, {{answer}}});
    EXPECT_TRUE(ask(peer, method)) << method;
    EXPECT_TRUE(ask(peer, method)) << method;
    ASSERT_EQ(peer.requests().size(), 3U) << method;
    EXPECT_EQ(peer.requests()[1].substr(1), peer.requests()[2].substr(1));
    EXPECT_EQ(peer.requests()[2][0], '1') << "the second connection";
  }
}

TEST_F(HttpReuseTest, AnythingElseIsNotRepeatedUnlessTheCallerSaysSo) {
  const HttpPeer peer(io, {{{ok_answer, ""}}, {{ok_answer, ""}}, {{ok_answer}}});
  EXPECT_EQ(body_of(peer, "POST"), "ok");
  const auto lost = ask(peer, "POST");
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, ErrorKind::broken);
  EXPECT_EQ(peer.requests().size(), 2U);
  EXPECT_EQ(body_of(peer, "POST"), "ok");
  EXPECT_EQ(body_of(peer, "POST", {.repeatable = true}), "ok");
  EXPECT_EQ(peer.requests().size(), 5U);
}

TEST_F(HttpReuseTest, NothingIsRepeatedMoreThanOnce) {
  const HttpPeer peer(io, {{{ok_answer, ""}}, {{""}}, {{ok_answer}}});
  EXPECT_EQ(body_of(peer), "ok");
  const auto lost = ask(peer);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, ErrorKind::broken);
  EXPECT_EQ(peer.connections(), 2U);
}

TEST_F(HttpReuseTest, NothingIsRepeatedOnceAnAnswerHasBegun) {
  const HttpPeer peer(io, {{{ok_answer, "HTTP/1.1 2"}, false}, {{ok_answer}}});
  EXPECT_EQ(body_of(peer), "ok");
  const auto cut = ask(peer);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().kind, ErrorKind::broken);
  EXPECT_EQ(peer.connections(), 1U);
}

TEST_F(HttpReuseTest, NothingIsRepeatedThatANewConnectionDidNotCarry) {
  const HttpPeer peer(io, {{{""}}, {{ok_answer}}});
  EXPECT_FALSE(ask(peer));
  EXPECT_EQ(peer.connections(), 1U);
}

TEST_F(HttpReuseTest, AClientThatKeepsNothingSaysSo) {
  client = HttpClient(one_connection_each);
  const HttpPeer peer(io, {{{ok_answer, ok_answer}}, {{ok_answer, ok_answer}}});
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(peer.connections(), 2U);
  EXPECT_NE(peer.requests().at(0).find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST_F(HttpReuseTest, RestsNoLongerThanItMay) {
  client = HttpClient({.idle_time_max = Milliseconds(0)});
  const HttpPeer peer(io, {{{ok_answer, ok_answer}}, {{ok_answer, ok_answer}}});
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(peer.connections(), 2U);
}

TEST_F(HttpReuseTest, ClientsShareNoConnectionButWithTheirCopies) {
  const HttpPeer peer(io, {{{ok_answer, ok_answer}}, {{ok_answer, ok_answer}}});
  const HttpClient first = client;
  EXPECT_EQ(body_of(peer), "ok");
  client = HttpClient();
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(peer.connections(), 2U) << "another client may trust others";
  client = first;
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(peer.connections(), 2U);
}

TEST_F(HttpReuseTest, EachEventLoopHasItsOwn) {
  const HttpPeer peer(io, {{{ok_answer, ok_answer}}});
  EXPECT_EQ(body_of(peer), "ok");
  {
    asio::io_context other;
    const HttpPeer second(other, {{{ok_answer}}});
    http::Request request{"GET", "/", {}, {}};
    const auto response = test::run_awaitable(other, fetch(client, second.endpoint(), request, {}));
    EXPECT_TRUE(response);
  }
  EXPECT_EQ(body_of(peer), "ok") << "the other loop is gone, with its connection";
  EXPECT_EQ(peer.connections(), 1U);
}

TEST_F(HttpReuseTest, AKeptConnectionKeepsNoLoopRunning) {
  {
    const HttpPeer peer(io, {{{ok_answer}}});
    EXPECT_EQ(body_of(peer), "ok");
  }
  io.restart();
  io.run_for(std::chrono::seconds(10));
  EXPECT_TRUE(io.stopped());
}

TEST_F(HttpReuseTest, KeepsConnectionsOfTlsToo) {
  test::TestAuthority authority;
  const auto files = authority.issue("IP:127.0.0.1");
  const HttpPeer peer(io, {{{ok_answer, ok_answer}, false}, {{ok_answer}}},
                      TlsContext::server(files.certificate_file, files.key_file).value());
  client = HttpClient({}, TlsContext::client(authority.file()).value());
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(body_of(peer), "ok");
  EXPECT_EQ(peer.connections(), 1U);
  let_it_finish();
  EXPECT_EQ(body_of(peer), "ok") << "closed meanwhile, by close_notify";
  EXPECT_EQ(peer.connections(), 2U);
}

}  // namespace skymarshal::net::http_client_reuse_test

// A second connection to the same host goes on where the first one was: what the server counts as resumed.
#include "net/tls_sessions.hpp"

#include "net/http_client.hpp"
#include "net/tls.hpp"
#include "net/websocket_client.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"
#include "support/scripted_runtime.hpp"
#include "support/test_authority.hpp"
#include "unit/net/http_peer.hpp"

#include <boost/asio/ssl/context.hpp>
#include <gtest/gtest.h>

namespace skymarshal::net::tls_sessions_test {

using Peer = test::ScriptedRuntime;

TlsSession session_of(int protocol) {
  TlsSession session(SSL_SESSION_new());
  SSL_SESSION_set_protocol_version(session.get(), protocol);
  return session;
}

class TlsSessionsTest : public testing::Test {
 protected:
  TlsContext server_context() {
    const auto files = authority.issue("IP:127.0.0.1");
    return *TlsContext::server(files.certificate_file, files.key_file);
  }
  static long resumed(const TlsContext& server) { return SSL_CTX_sess_hits(server.native().native_handle()); }

  test::TestAuthority authority;
  TlsContext server = server_context();
  TlsContext client = *TlsContext::client(authority.file());
  boost::asio::io_context io;
};

TEST_F(TlsSessionsTest, WebSocketsResume) {
  Peer peer(io, server);
  peer.play({{Peer::upgrade(), Peer::read_message(), Peer::text("fine")}});
  for (int connection = 0; connection < 3; ++connection) {
    const auto socket = make_websocket_client(io.get_executor(), peer.endpoint(), &client, {});
    ASSERT_EQ(test::run_awaitable(io, socket->connect({})).kind, WebSocketClient::ConnectOutcome::Kind::open);
    EXPECT_EQ(resumed(server), connection);
    EXPECT_FALSE(test::run_awaitable(io, socket->send("hello")));
    std::string text;
    EXPECT_EQ(test::run_awaitable(io, socket->read(text)).kind, WebSocketClient::ReadOutcome::Kind::message);
    EXPECT_EQ(test::run_awaitable(io, socket->close()), "");
  }
}

TEST_F(TlsSessionsTest, HttpResumes) {
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  test::HttpPeer peer(io, std::vector<test::HttpPeer::Connection>(3, {{answer}}), server);
  const HttpClient each(one_connection_each, client);
  for (int connection = 0; connection < 3; ++connection) {
    const auto got = test::run_awaitable(io, fetch(each, peer.endpoint(), {"GET", "/", {}, {}}, {}));
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(resumed(server), connection);
  }
}

TEST_F(TlsSessionsTest, AnotherContextKnowsNothingOfThem) {
  Peer peer(io, server);
  peer.play({{Peer::upgrade(), Peer::text("fine")}});
  for (int connection = 0; connection < 2; ++connection) {
    TlsContext own = *TlsContext::client(authority.file());
    const auto socket = make_websocket_client(io.get_executor(), peer.endpoint(), &own, {});
    ASSERT_EQ(test::run_awaitable(io, socket->connect({})).kind, WebSocketClient::ConnectOutcome::Kind::open);
    std::string text;
    (void)test::run_awaitable(io, socket->read(text));
    (void)test::run_awaitable(io, socket->close());
  }
  EXPECT_EQ(resumed(server), 0);
}

TEST(TlsSessions, GivesThoseOfTls13OnceAndOthersAgain) {
  TlsSessions sessions({});
  EXPECT_FALSE(sessions.take("a.test"));
  sessions.keep("a.test", session_of(TLS1_3_VERSION));
  EXPECT_TRUE(sessions.take("a.test"));
  EXPECT_FALSE(sessions.take("a.test"));
  sessions.keep("a.test", session_of(TLS1_2_VERSION));
  EXPECT_TRUE(sessions.take("a.test"));
  EXPECT_TRUE(sessions.take("a.test"));
  EXPECT_FALSE(sessions.take("b.test"));
  sessions.keep("a.test", nullptr);
}

TEST(TlsSessions, AreBounded) {
  TlsSessions sessions({.hosts_max = 2, .per_host_max = 3});
  for (int i = 0; i < 5; ++i) sessions.keep("a.test", session_of(TLS1_3_VERSION));
  int kept = 0;
  while (sessions.take("a.test")) ++kept;
  EXPECT_EQ(kept, 3);
  for (const auto* host : {"a.test", "b.test", "a.test", "c.test"})
    sessions.keep(host, session_of(TLS1_3_VERSION));
  EXPECT_EQ(sessions.hosts(), 2u);
  EXPECT_FALSE(sessions.take("b.test")) << "the one that nobody came to for the longest time";
  EXPECT_TRUE(sessions.take("a.test"));
}

}  // namespace skymarshal::net::tls_sessions_test

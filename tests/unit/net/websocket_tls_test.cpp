// The same WebSocket over TLS: what is encrypted, and who is trusted.
#include "net/websocket_tls.hpp"

#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"
#include "support/scripted_runtime.hpp"
#include "support/test_authority.hpp"

#include <gtest/gtest.h>

namespace skymarshal::net::websocket_tls_test {

using Connect = WebSocketClient::ConnectOutcome;
using Read = WebSocketClient::ReadOutcome;
using Peer = test::ScriptedRuntime;
using test::run_awaitable;

class WebSocketTlsTest : public testing::Test {
 protected:
  TlsContext server_for(const std::string& name) {
    const auto files = authority.issue(name);
    return *TlsContext::server(files.certificate_file, files.key_file);
  }

  Connect connect(const Peer& peer) {
    client = make_websocket_client(io.get_executor(), peer.endpoint(), &trust, {});
    return run_awaitable(io, client->connect({}));
  }

  test::TestAuthority authority;
  TlsContext trust = *TlsContext::client(authority.file());
  boost::asio::io_context io;
  std::unique_ptr<WebSocketClient> client;
};

TEST_F(WebSocketTlsTest, TalksToAPeerItTrusts) {
  Peer peer(io, server_for("IP:127.0.0.1"));
  peer.play({{Peer::upgrade(), Peer::read_message(), Peer::text(std::string(200'000, 'x')), Peer::ping()}});
  ASSERT_EQ(connect(peer).kind, Connect::Kind::open);
  EXPECT_FALSE(run_awaitable(io, client->send("secret")));
  std::string text;
  EXPECT_EQ(run_awaitable(io, client->read(text)).kind, Read::Kind::message);
  EXPECT_EQ(text.size(), 200'000u);
  EXPECT_EQ(peer.connections().at(0).messages, (std::vector<std::string>{"secret"}));
  client->ping();
  EXPECT_EQ(run_awaitable(io, client->close()), "");
  EXPECT_EQ(peer.connections().at(0).close_code, 1000);
  EXPECT_EQ(peer.open_connections(), 0);
}

TEST_F(WebSocketTlsTest, SaysNothingToAPeerOfAnotherName) {
  Peer peer(io, server_for("DNS:other.test"));
  const Connect outcome = connect(peer);
  EXPECT_EQ(outcome.kind, Connect::Kind::unreachable);
  EXPECT_FALSE(outcome.message.empty());
  EXPECT_TRUE(peer.connections().at(0).head.empty());
  EXPECT_EQ(run_awaitable(io, client->close()), "");
  EXPECT_EQ(peer.open_connections(), 0);
}

TEST_F(WebSocketTlsTest, SaysNothingToAPeerOfAnUnknownAuthority) {
  test::TestAuthority stranger;
  const auto files = stranger.issue("IP:127.0.0.1");
  Peer peer(io, *TlsContext::server(files.certificate_file, files.key_file));
  EXPECT_EQ(connect(peer).kind, Connect::Kind::unreachable);
  EXPECT_TRUE(peer.connections().at(0).head.empty());
}

TEST_F(WebSocketTlsTest, CannotTalkToAPlainPeer) {
  Peer peer(io);
  peer.play({{Peer::read_head()}});
  http::Endpoint endpoint = peer.endpoint();
  endpoint.scheme = "wss";
  client = make_tls_websocket(io.get_executor(), endpoint, trust, {});
  std::optional<Connect::Kind> outcome;
  boost::asio::co_spawn(io, client->connect({}),
                        [&](std::exception_ptr, Connect made) { outcome = made.kind; });
  ASSERT_TRUE(test::run_until(io, [&] { return !peer.connections().empty(); }));
  client->abort();
  ASSERT_TRUE(test::run_until(io, [&] { return outcome.has_value(); }));
  EXPECT_EQ(outcome, Connect::Kind::unreachable);
}

TEST_F(WebSocketTlsTest, NoticesLateMessagesAndSilentPeersToo) {
  Peer peer(io, server_for("IP:127.0.0.1"));
  peer.play({{Peer::upgrade(), Peer::read_close(), Peer::text("late"), Peer::close(1000)},
             {Peer::upgrade(), Peer::read_close(), Peer::drop()},
             {Peer::upgrade(), Peer::read_close(), Peer::reset()}});
  for (const std::string_view seen : {"a message", "no close frame", "no close frame"}) {
    ASSERT_EQ(connect(peer).kind, Connect::Kind::open);
    EXPECT_EQ(run_awaitable(io, client->close()), seen);
    EXPECT_EQ(peer.open_connections(), 0);
  }
}

}  // namespace skymarshal::net::websocket_tls_test

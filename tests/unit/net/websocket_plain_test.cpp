// The client's end of a WebSocket over TCP, against a peer that follows a script.
#include "net/websocket_client.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"
#include "support/scripted_runtime.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

namespace skymarshal::net::websocket_plain_test {

namespace asio = boost::asio;
using Connect = WebSocketClient::ConnectOutcome;
using Read = WebSocketClient::ReadOutcome;
using Peer = test::ScriptedRuntime;
using test::run_awaitable;
using test::run_until;

class WebSocketPlainTest : public testing::Test {
 protected:
  void play(Peer::Script script) {
    peer.play({std::move(script)});
    client = make_websocket_client(io.get_executor(), peer.endpoint(), nullptr, options);
  }
  Connect connect(http::Headers headers = {}) {
    return run_awaitable(io, client->connect(std::move(headers)));
  }
  Read read(std::string& text) { return run_awaitable(io, client->read(text)); }
  /// What came that should not have.
  std::string_view close() { return run_awaitable(io, client->close()); }

  WebSocketClient::Options options;
  asio::io_context io;
  Peer peer{io};
  std::unique_ptr<WebSocketClient> client;
};

TEST_F(WebSocketPlainTest, ShakesHandsWithTheHeadersItIsGiven) {
  play({Peer::upgrade()});
  EXPECT_EQ(connect({{"X-One", "1"}, {"X-Two", "2"}}).kind, Connect::Kind::open);
  const std::string head = peer.connections().at(0).head;
  EXPECT_NE(head.find("\r\nX-One: 1\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("\r\nX-Two: 2\r\n"), std::string::npos) << head;
  EXPECT_NE(head.find("\r\nSec-WebSocket-Version: 13\r\n"), std::string::npos) << head;
}

TEST_F(WebSocketPlainTest, TellsRefusalsFromAbsence) {
  play({Peer::read_head(), Peer::refuse(403)});
  const Connect refused = connect();
  EXPECT_EQ(refused.kind, Connect::Kind::refused);
  EXPECT_EQ(refused.http_status, 403u);
  EXPECT_NE(refused.message.find(peer.endpoint().authority()), std::string::npos) << refused.message;
  EXPECT_EQ(close(), "");
  for (const auto* answer : {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n", ""}) {
    play({Peer::read_head(), Peer::raw(answer), Peer::drop()});
    const Connect absent = connect();
    EXPECT_EQ(absent.kind == Connect::Kind::open, false) << answer;
    EXPECT_NE(absent.message.find(peer.endpoint().authority()), std::string::npos) << absent.message;
    EXPECT_EQ(close(), "");
  }
}

TEST_F(WebSocketPlainTest, KeepsWhatARefusalSays) {
  const std::string body = R"({"error":"no such agent"})" + std::string(2000, '.');
  play({Peer::read_head(), Peer::refuse(400, "Retry-After: 17\r\n", body)});
  const Connect refused = connect();
  EXPECT_EQ(refused.http_status, 400u);
  EXPECT_EQ(refused.fields.find("Retry-After"), "17");
  EXPECT_EQ(refused.body, body.substr(0, 1024));
}

TEST_F(WebSocketPlainTest, SendsOneMessageInFrames) {
  options.fragment_bytes_max = 100;
  play({Peer::upgrade()});
  ASSERT_EQ(connect().kind, Connect::Kind::open);
  std::string text;
  for (int i = 0; i < 250; ++i) text += static_cast<char>('a' + i % 26);
  EXPECT_FALSE(run_awaitable(io, client->send(text)));
  ASSERT_TRUE(run_until(io, [&] { return !peer.connections().at(0).messages.empty(); }));
  const auto seen = peer.connections().at(0);
  EXPECT_EQ(seen.messages, (std::vector<std::string>{text}));
  EXPECT_GE(seen.frames, 3u);
  EXPECT_LE(seen.longest_frame, 100u);
}

TEST_F(WebSocketPlainTest, ReadsMessagesOneByOneIntoTheSameString) {
  play({Peer::upgrade(), Peer::text("a long first message"), Peer::binary("2"), Peer::fragments("three", 2),
        Peer::text("")});
  ASSERT_EQ(connect().kind, Connect::Kind::open);
  std::string text = "what was there before";
  for (const auto* expected : {"a long first message", "2", "three", ""}) {
    EXPECT_EQ(read(text).kind, Read::Kind::message);
    EXPECT_EQ(text, expected);
  }
}

TEST_F(WebSocketPlainTest, TellsHowTheConnectionEnded) {
  struct Row {
    Peer::Step step;
    Read::Kind kind;
    std::uint16_t code;
    const char* reason;
  };
  for (const Row& row : {Row{Peer::close(1000), Read::Kind::closed, 1000, ""},
                         Row{Peer::close(1013, "not now"), Read::Kind::closed, 1013, "not now"},
                         Row{Peer::close(4711), Read::Kind::closed, 4711, ""},
                         Row{Peer::raw(std::string("\x88\0", 2)), Read::Kind::closed, 1005, ""},
                         Row{Peer::drop(), Read::Kind::failed, 0, "without a close frame"},
                         Row{Peer::reset(), Read::Kind::failed, 0, "reset"},
                         Row{Peer::text("\xFF"), Read::Kind::failed, 0, "not UTF-8"},
                         Row{Peer::raw("\x83\x01x"), Read::Kind::failed, 0, "opcode"},
                         Row{Peer::raw("\x88\x02\x03\xED"), Read::Kind::failed, 0, "close"}}) {
    play({Peer::upgrade(), row.step});
    ASSERT_EQ(connect().kind, Connect::Kind::open);
    std::string text;
    const Read outcome = read(text);
    EXPECT_EQ(outcome.kind, row.kind);
    EXPECT_EQ(outcome.close_code, row.code);
    EXPECT_NE(outcome.reason.find(row.reason), std::string::npos) << outcome.reason;
    EXPECT_EQ(close(), "") << "closing it again does no harm";
    EXPECT_EQ(peer.open_connections(), 0);
  }
}

TEST_F(WebSocketPlainTest, TellsAFarewellFromTheRoughEndBehindIt) {
  options.close_timeout = Milliseconds(30);
  for (const Peer::Step& rough : {Peer::reset(), Peer::mute(), Peer::freeze()}) {
    play({Peer::upgrade(), Peer::close(1011, "out of memory"), rough});
    ASSERT_EQ(connect().kind, Connect::Kind::open);
    std::string text;
    const Read outcome = read(text);
    EXPECT_EQ(outcome.kind, Read::Kind::closed);
    EXPECT_EQ(outcome.reason, "out of memory");
  }
}

TEST_F(WebSocketPlainTest, RefusesMessagesOverItsLimit) {
  options.message_bytes_max = 10;
  for (const Peer::Step& step : {Peer::text("12345678901"), Peer::fragments("12345678901", 3)}) {
    play({Peer::upgrade(), Peer::text("1234567890"), step});
    ASSERT_EQ(connect().kind, Connect::Kind::open);
    std::string text;
    EXPECT_EQ(read(text).kind, Read::Kind::message);
    EXPECT_EQ(read(text).kind, Read::Kind::too_large);
    EXPECT_EQ(close(), "");
    ASSERT_TRUE(run_until(io, [&] { return peer.connections().back().close_code.has_value(); }));
    EXPECT_EQ(peer.connections().back().close_code, 1009) << "Message Too Big, RFC 6455 section 7.4.1";
  }
}

TEST_F(WebSocketPlainTest, ClosesWithItsPeer) {
  play({Peer::upgrade()});
  ASSERT_EQ(connect().kind, Connect::Kind::open);
  EXPECT_EQ(close(), "");
  EXPECT_EQ(peer.connections().at(0).close_code, 1000);
  EXPECT_EQ(peer.open_connections(), 0);
}

TEST_F(WebSocketPlainTest, NoticesWhatComesBesideTheClose) {
  struct Row {
    Peer::Script script;
    std::string_view seen;
  };
  const std::vector<Row> rows = {
      {{Peer::text("late")}, "a message"},
      {{Peer::read_close(), Peer::text("late"), Peer::close(1000)}, "a message"},
      {{Peer::read_close(), Peer::fragments("late", 1), Peer::ping(), Peer::close(1000)}, "a message"},
      {{Peer::read_close(), Peer::text(std::string(100, 'x')), Peer::close(1000)},
       "a message beyond the limit"},
      {{Peer::read_close(), Peer::drop()}, "no close frame"},
      {{Peer::read_close(), Peer::raw("\xFF\xFF\xFF"), Peer::drop()}, "no close frame"}};
  options.message_bytes_max = 50;
  for (const Row& row : rows) {
    Peer::Script script = {Peer::upgrade()};
    script.insert(script.end(), row.script.begin(), row.script.end());
    play(script);
    ASSERT_EQ(connect().kind, Connect::Kind::open);
    EXPECT_EQ(close(), row.seen);
    EXPECT_EQ(peer.open_connections(), 0);
  }
}

TEST_F(WebSocketPlainTest, SaysGoodbyeThoughItHasStoppedReading) {
  play({Peer::upgrade()});
  ASSERT_EQ(connect().kind, Connect::Kind::open);
  std::string text;
  std::optional<Read::Kind> got;
  asio::co_spawn(io, client->read(text), [&](std::exception_ptr, Read outcome) { got = outcome.kind; });
  io.restart();
  io.poll();
  ASSERT_FALSE(got);
  client->stop_reading();
  ASSERT_TRUE(run_until(io, [&] { return got.has_value(); }));
  EXPECT_EQ(got, Read::Kind::failed);
  EXPECT_EQ(close(), "");
  ASSERT_TRUE(run_until(io, [&] { return peer.connections().at(0).close_code.has_value(); }));
  EXPECT_EQ(peer.connections().at(0).close_code, 1000);
}

TEST_F(WebSocketPlainTest, ReadsNothingMoreOnceItHasStoppedReading) {
  play({Peer::upgrade()});
  ASSERT_EQ(connect().kind, Connect::Kind::open);
  client->stop_reading();
  std::string text;
  std::optional<Read::Kind> got;
  asio::co_spawn(io, client->read(text), [&](std::exception_ptr, Read outcome) { got = outcome.kind; });
  ASSERT_TRUE(run_until(io, [&] { return got.has_value(); }))
      << "nothing was under way to be cancelled, as when a frame has just come";
  EXPECT_EQ(got, Read::Kind::failed);
  EXPECT_EQ(close(), "");
}

TEST_F(WebSocketPlainTest, EndsTheCloseOfASilentPeerWhenItIsAborted) {
  play({Peer::upgrade(), Peer::mute()});
  ASSERT_EQ(connect().kind, Connect::Kind::open);
  std::optional<std::string_view> closed;
  asio::co_spawn(io, client->close(), [&](std::exception_ptr, std::string_view seen) { closed = seen; });
  io.restart();
  io.poll();
  EXPECT_FALSE(closed);
  client->abort();
  ASSERT_TRUE(run_until(io, [&] { return closed.has_value(); }));
  EXPECT_EQ(closed, "no close frame");
}

TEST_F(WebSocketPlainTest, CountsPingsUntilASignOfLife) {
  play({Peer::upgrade(), Peer::read_message(), Peer::text("alive")});
  ASSERT_EQ(connect().kind, Connect::Kind::open);
  EXPECT_EQ(client->unanswered_pings(), 0);
  client->ping();
  client->ping();
  EXPECT_EQ(client->unanswered_pings(), 1) << "the first is still on its way";
  std::string text;
  EXPECT_FALSE(run_awaitable(io, client->send("go on")));
  EXPECT_EQ(read(text).kind, Read::Kind::message);
  EXPECT_EQ(client->unanswered_pings(), 0);
  EXPECT_EQ(peer.connections().at(0).pings, 1);
  client->ping();
  EXPECT_EQ(client->unanswered_pings(), 1);
  EXPECT_EQ(close(), "");
}

TEST_F(WebSocketPlainTest, EndsWhateverIsUnderWayWhenItIsAborted) {
  play({Peer::freeze()});
  std::optional<Connect::Kind> connected;
  asio::co_spawn(io, client->connect({}),
                 [&](std::exception_ptr, Connect outcome) { connected = outcome.kind; });
  ASSERT_TRUE(run_until(io, [&] { return peer.connections().size() == 1; }));
  client->abort();
  ASSERT_TRUE(run_until(io, [&] { return connected.has_value(); }));
  EXPECT_EQ(connected, Connect::Kind::unreachable);

  play({Peer::upgrade()});
  ASSERT_EQ(connect().kind, Connect::Kind::open);
  std::string text;
  std::optional<Read::Kind> got;
  asio::co_spawn(io, client->read(text), [&](std::exception_ptr, Read outcome) { got = outcome.kind; });
  io.restart();
  io.poll();
  client->abort();
  client->abort();
  ASSERT_TRUE(run_until(io, [&] { return got.has_value(); }));
  EXPECT_EQ(got, Read::Kind::failed);
  EXPECT_EQ(close(), "");
}

TEST_F(WebSocketPlainTest, StaysClosedWhenItIsAbortedBeforeItConnects) {
  play({Peer::upgrade()});
  client->abort();
  EXPECT_EQ(connect().kind, Connect::Kind::unreachable);
  io.restart();
  io.poll();
  EXPECT_TRUE(peer.connections().empty());
}

TEST_F(WebSocketPlainTest, GoesAwayInTheMiddle) {
  play({Peer::upgrade(), Peer::raw("\x81\x20half")});
  ASSERT_EQ(connect().kind, Connect::Kind::open);
  client->ping();
  client.reset();
  io.restart();
  io.poll();
  EXPECT_EQ(peer.open_connections(), 0);
}

}  // namespace skymarshal::net::websocket_plain_test

// TLS between our two ends: who is trusted, and who is not.
#include "net/tls.hpp"

#include "support/run_until.hpp"
#include "support/test_authority.hpp"

#include <fstream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

namespace skymarshal::net::tls_test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Both ends of one connection, and what became of their handshakes.
struct Pair {
  std::unique_ptr<TlsStream> client, server;
  std::optional<error_code> client_outcome, server_outcome;
};

asio::awaitable<void> shake(TlsStream& stream, std::optional<error_code>& outcome) {
  outcome = co_await stream.handshake();
}

asio::awaitable<void> write_text(ByteStream& stream, std::vector<std::string> texts, bool& done) {
  std::vector<asio::const_buffer> buffers;
  for (const std::string& text : texts) buffers.push_back(asio::buffer(text));
  co_await stream.write(buffers);
  done = true;
}

asio::awaitable<void> read_text(ByteStream& stream, std::string& text, std::size_t size, error_code& error) {
  std::string piece(1000, '\0');
  while (text.size() < size) {
    const auto buffer = asio::buffer(piece);
    const IoResult result = co_await stream.read_some(buffer);
    text += piece.substr(0, result.bytes);
    error = result.error;
    if (error) co_return;
  }
}

asio::awaitable<void> shut_down(ByteStream& stream, bool& done) {
  co_await stream.shutdown();
  done = true;
}

class TlsTest : public testing::Test {
 protected:
  std::unique_ptr<Pair> connect(const std::string& certificate_for, const std::string& host,
                                const std::string& trusted) {
    const auto files = authority.issue(certificate_for);
    server_tls.emplace(*TlsContext::server(files.certificate_file, files.key_file));
    client_tls.emplace(*TlsContext::client(trusted));
    tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    tcp::socket socket(io);
    socket.connect(acceptor.local_endpoint());
    auto pair = std::make_unique<Pair>();
    pair->client = make_tls_client_stream(std::move(socket), *client_tls, host);
    pair->server = make_tls_server_stream(acceptor.accept(), *server_tls);
    asio::co_spawn(io, shake(*pair->client, pair->client_outcome), asio::detached);
    asio::co_spawn(io, shake(*pair->server, pair->server_outcome), asio::detached);
    EXPECT_TRUE(test::run_until(io, [&] { return pair->client_outcome && pair->server_outcome; }));
    return pair;
  }

  test::TestAuthority authority;
  std::optional<TlsContext> server_tls, client_tls;
  asio::io_context io;
};

TEST_F(TlsTest, CarriesBytesBothWays) {
  const auto pair = connect("DNS:gateway.test", "gateway.test", authority.file());
  ASSERT_FALSE(*pair->client_outcome) << pair->client_outcome->message();
  ASSERT_FALSE(*pair->server_outcome);
  for (const auto& [from, to] : {std::pair(pair->client.get(), pair->server.get()),
                                 std::pair(pair->server.get(), pair->client.get())}) {
    std::string got;
    bool written = false;
    error_code error;
    const std::string large(100'000, 'x');
    asio::co_spawn(io, read_text(*to, got, large.size() + 8, error), asio::detached);
    asio::co_spawn(io, write_text(*from, {"one ", "two ", large}, written), asio::detached);
    ASSERT_TRUE(test::run_until(io, [&] { return written && got.size() == large.size() + 8; }));
    EXPECT_EQ(got, "one two " + large);
  }
}

TEST_F(TlsTest, TrustsAnAddressByItsCertificate) {
  EXPECT_FALSE(*connect("IP:127.0.0.1", "127.0.0.1", authority.file())->client_outcome);
  EXPECT_TRUE(*connect("DNS:localhost", "127.0.0.1", authority.file())->client_outcome);
  EXPECT_TRUE(*connect("IP:127.0.0.2", "127.0.0.1", authority.file())->client_outcome);
}

TEST_F(TlsTest, RefusesACertificateForAnotherName) {
  for (const auto* host : {"other.test", "gateway.test.evil", "sub.gateway.test", "127.0.0.1"}) {
    const auto pair = connect("DNS:gateway.test", host, authority.file());
    EXPECT_TRUE(*pair->client_outcome) << host;
    EXPECT_TRUE(*pair->server_outcome) << host;
  }
}

TEST_F(TlsTest, RefusesAuthoritiesItDoesNotKnow) {
  test::TestAuthority stranger;
  EXPECT_TRUE(*connect("DNS:gateway.test", "gateway.test", stranger.file())->client_outcome);
  EXPECT_TRUE(*connect("DNS:gateway.test", "gateway.test", "")->client_outcome)
      << "the system knows nothing of it either";
}

TEST_F(TlsTest, SaysWhichFileIsOfNoUse) {
  const auto files = authority.issue("DNS:gateway.test");
  const auto other = authority.issue("DNS:gateway.test");
  const auto expect_refusal = [](const auto& context, const std::string& file) {
    ASSERT_FALSE(context);
    EXPECT_EQ(context.error().kind, ErrorKind::bad_file);
    EXPECT_NE(context.error().message.find(file), std::string::npos) << context.error().message;
  };
  expect_refusal(TlsContext::server("/nowhere/cert.pem", files.key_file), "/nowhere/cert.pem");
  expect_refusal(TlsContext::server(files.certificate_file, "/nowhere/key.pem"), "/nowhere/key.pem");
  expect_refusal(TlsContext::server(files.certificate_file, other.key_file), other.key_file);
  expect_refusal(TlsContext::server(files.key_file, files.key_file), files.key_file);
  expect_refusal(TlsContext::client("/nowhere/authority.pem"), "/nowhere/authority.pem");
}

TEST_F(TlsTest, SaysGoodbye) {
  const auto pair = connect("DNS:gateway.test", "gateway.test", authority.file());
  std::string got;
  error_code error;
  bool client_done = false, server_done = false;
  asio::co_spawn(io, read_text(*pair->server, got, 1, error), asio::detached);
  asio::co_spawn(io, shut_down(*pair->client, client_done), asio::detached);
  ASSERT_TRUE(test::run_until(io, [&] { return error.failed(); }));
  EXPECT_EQ(error, asio::error::eof) << "a proper end, not a cut";
  asio::co_spawn(io, shut_down(*pair->server, server_done), asio::detached);
  EXPECT_TRUE(test::run_until(io, [&] { return client_done && server_done; }));
}

TEST_F(TlsTest, EndsAHandshakeWhenItIsClosed) {
  client_tls.emplace(*TlsContext::client(authority.file()));
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  tcp::socket socket(io);
  socket.connect(acceptor.local_endpoint());
  const auto client = make_tls_client_stream(std::move(socket), *client_tls, "gateway.test");
  std::optional<error_code> outcome;
  asio::co_spawn(io, shake(*client, outcome), asio::detached);
  io.poll();
  EXPECT_FALSE(outcome);
  client->close();
  client->close();
  ASSERT_TRUE(test::run_until(io, [&] { return outcome.has_value(); }));
  EXPECT_TRUE(outcome->failed());
}

}  // namespace skymarshal::net::tls_test

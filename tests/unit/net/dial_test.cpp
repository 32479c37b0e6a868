// From an address to a connection, or to a clear word why there is none, in bounded time.
#include "net/dial.hpp"

#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"
#include "support/test_authority.hpp"
#include "unit/net/black_hole.hpp"
#include "unit/net/fake_resolver.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

namespace skymarshal::net::dial_test {

namespace asio = boost::asio;
using asio::ip::tcp;
using test::BlackHole;

constexpr Milliseconds long_enough{20'000};

http::Endpoint endpoint_of(const tcp::acceptor& acceptor, const std::string& host = "127.0.0.1",
                           const std::string& scheme = "http") {
  return {scheme, host, acceptor.local_endpoint().port(), "/"};
}

class DialTest : public testing::Test {
 protected:
  using Stream = Result<std::unique_ptr<ByteStream>>;

  Stream dialled(http::Endpoint endpoint, Milliseconds limit = long_enough, TlsContext* tls = nullptr) {
    const auto started = std::chrono::steady_clock::now();
    Stream stream = test::run_awaitable(io, dial(std::move(endpoint), tls, limit));
    took = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - started);
    return stream;
  }

  asio::io_context io;
  tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  Milliseconds took{};
};

TEST_F(DialTest, ConnectsToAnAddress) {
  const auto stream = dialled(endpoint_of(acceptor));
  ASSERT_TRUE(stream);
  tcp::socket peer = acceptor.accept();
  EXPECT_EQ((*stream)->executor(), io.get_executor());
}

TEST_F(DialTest, ConnectsToAName) { EXPECT_TRUE(dialled(endpoint_of(acceptor, test::good_name))); }

TEST_F(DialTest, TriesEachAddressOfAName) { EXPECT_TRUE(dialled(endpoint_of(acceptor, test::second_name))); }

TEST_F(DialTest, IsNotHeldUpByAnAddressThatSwallowsEverything) {
  // The first address of that name, at the same port.
  const BlackHole hole(io, {asio::ip::make_address("127.0.0.2"), acceptor.local_endpoint().port()});
  EXPECT_TRUE(dialled(endpoint_of(acceptor, test::second_name)));
  EXPECT_LT(took, long_enough);
}

TEST_F(DialTest, SendsAtOnce) {
  Dialer dialer(io.get_executor());
  tcp::socket socket(io);
  ASSERT_TRUE(test::run_awaitable(io, dialer.connect(socket, endpoint_of(acceptor))));
  tcp::no_delay at_once;
  socket.get_option(at_once);
  EXPECT_TRUE(at_once.value());
}

TEST_F(DialTest, SaysWhoRefused) {
  const http::Endpoint endpoint = endpoint_of(acceptor);
  acceptor.close();
  const auto stream = dialled(endpoint);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, ErrorKind::unreachable);
  EXPECT_NE(stream.error().message.find(endpoint.authority()), std::string::npos) << stream.error().message;
}

TEST_F(DialTest, SaysWhatItCouldNotFind) {
  const auto stream = dialled(endpoint_of(acceptor, test::unknown_name));
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, ErrorKind::unreachable);
  EXPECT_NE(stream.error().message.find(test::unknown_name), std::string::npos) << stream.error().message;
}

TEST_F(DialTest, WaitsForNoConnectionBeyondItsLimit) {
  const BlackHole hole(io);
  const http::Endpoint endpoint{"http", "127.0.0.1", hole.endpoint().port(), "/"};
  const auto stream = dialled(endpoint, Milliseconds(50));
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, ErrorKind::timed_out) << stream.error().message;
  EXPECT_GE(took, Milliseconds(50));
  EXPECT_LT(took, Milliseconds(5'000));
}

TEST_F(DialTest, WaitsForNoNameBeyondItsLimit) {
  const auto stream = dialled(endpoint_of(acceptor, test::hanging_name), Milliseconds(50));
  EXPECT_LT(took, Milliseconds(5'000));
  test::release_hanging_lookups();
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, ErrorKind::timed_out);
}

TEST_F(DialTest, WaitsForNoHandshakeBeyondItsLimit) {
  test::TestAuthority authority;
  auto tls = TlsContext::client(authority.file());
  ASSERT_TRUE(tls);
  const auto stream = dialled(endpoint_of(acceptor, "127.0.0.1", "https"), Milliseconds(50), &*tls);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, ErrorKind::timed_out);
}

TEST_F(DialTest, BeginsNothingAfterItWasCancelled) {
  for (const std::string& host : {std::string("127.0.0.1"), test::good_name}) {
    Dialer dialer(io.get_executor());
    dialer.cancel();
    tcp::socket socket(io);
    const auto connected = test::run_awaitable(io, dialer.connect(socket, endpoint_of(acceptor, host)));
    ASSERT_FALSE(connected);
    EXPECT_EQ(connected.error().kind, ErrorKind::unreachable);
    EXPECT_FALSE(socket.is_open());
  }
}

TEST_F(DialTest, EndsALookUpWhenItIsCancelled) {
  Dialer dialer(io.get_executor());
  tcp::socket socket(io);
  const http::Endpoint endpoint = endpoint_of(acceptor, test::good_name);
  std::optional<bool> connected;
  asio::co_spawn(io, dialer.connect(socket, endpoint),
                 [&](std::exception_ptr, Result<void> outcome) { connected = outcome.has_value(); });
  io.poll_one();
  dialer.cancel();
  ASSERT_TRUE(test::run_until(io, [&] { return connected.has_value(); }));
  EXPECT_EQ(connected, false);
  EXPECT_FALSE(socket.is_open());
}

}  // namespace skymarshal::net::dial_test

// From several addresses to one connection, though some of them swallow everything.
#include "net/address_race.hpp"

#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"
#include "unit/net/black_hole.hpp"

#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

namespace skymarshal::net::address_race_test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using test::BlackHole;

tcp::endpoint loopback(unsigned short port) { return {asio::ip::address_v4::loopback(), port}; }

tcp::endpoint address(const char* text) { return {asio::ip::make_address(text), 80}; }

class AddressRaceTest : public testing::Test {
 protected:
  error_code run(std::vector<tcp::endpoint> addresses) {
    AddressRace race(io.get_executor());
    return test::run_awaitable(io, race.run(socket, std::move(addresses)));
  }

  /// An address that nobody listens at any more.
  tcp::endpoint refusing() {
    tcp::acceptor gone(io, loopback(0));
    return gone.local_endpoint();
  }

  asio::io_context io;
  tcp::acceptor acceptor{io, loopback(0)};
  tcp::socket socket{io};
};

TEST_F(AddressRaceTest, TakesTheFirstThatAccepts) {
  EXPECT_FALSE(run({refusing(), acceptor.local_endpoint(), refusing()}));
  EXPECT_EQ(socket.remote_endpoint(), acceptor.local_endpoint());
}

TEST_F(AddressRaceTest, IsNotHeldUpByAddressesThatSwallowEverything) {
  const BlackHole one(io), other(io);
  const auto started = std::chrono::steady_clock::now();
  EXPECT_FALSE(run({one.endpoint(), other.endpoint(), acceptor.local_endpoint()}));
  EXPECT_EQ(socket.remote_endpoint(), acceptor.local_endpoint());
  EXPECT_GE(std::chrono::steady_clock::now() - started, 2 * attempt_delay) << "each has its time alone";
}

TEST_F(AddressRaceTest, GoesOnAtOnceWhereItIsRefused) {
  std::vector<tcp::endpoint> addresses(200, refusing());
  addresses.push_back(acceptor.local_endpoint());
  const auto started = std::chrono::steady_clock::now();
  EXPECT_FALSE(run(addresses));
  EXPECT_LT(std::chrono::steady_clock::now() - started, 200 * attempt_delay);
}

TEST_F(AddressRaceTest, SaysWhyNobodyAccepted) {
  EXPECT_EQ(run({refusing(), refusing()}), asio::error::connection_refused);
  EXPECT_FALSE(socket.is_open());
}

TEST_F(AddressRaceTest, EndsWhenItIsCancelled) {
  const BlackHole hole(io);
  AddressRace race(io.get_executor());
  std::optional<error_code> outcome;
  asio::co_spawn(io, race.run(socket, {hole.endpoint(), hole.endpoint()}),
                 [&](std::exception_ptr, error_code ended) { outcome = ended; });
  io.poll();
  race.cancel();
  ASSERT_TRUE(test::run_until(io, [&] { return outcome.has_value(); }));
  EXPECT_EQ(*outcome, asio::error::operation_aborted);
  EXPECT_FALSE(socket.is_open());
}

TEST_F(AddressRaceTest, BeginsNothingAfterItWasCancelled) {
  AddressRace race(io.get_executor());
  race.cancel();
  const std::vector<tcp::endpoint> addresses = {acceptor.local_endpoint()};
  EXPECT_EQ(test::run_awaitable(io, race.run(socket, addresses)), asio::error::operation_aborted);
  acceptor.non_blocking(true);
  error_code nobody;
  acceptor.accept(nobody);
  EXPECT_EQ(nobody, asio::error::would_block);
}

TEST(InterleavedAddresses, TakeTurnsByFamily) {
  EXPECT_EQ(
      interleaved({address("::1"), address("::2"), address("::3"), address("10.0.0.1"), address("10.0.0.2")}),
      (std::vector{address("::1"), address("10.0.0.1"), address("::2"), address("10.0.0.2"),
                   address("::3")}));
  EXPECT_EQ(interleaved({address("10.0.0.1"), address("10.0.0.2"), address("::1")}),
            (std::vector{address("10.0.0.1"), address("::1"), address("10.0.0.2")}));
  EXPECT_TRUE(interleaved({}).empty());
}

}  // namespace skymarshal::net::address_race_test

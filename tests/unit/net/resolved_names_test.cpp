// How long names are remembered, and that a connection asks for them once.
#include "net/resolved_names.hpp"

#include "net/dial.hpp"
#include "support/run_awaitable.hpp"
#include "unit/net/fake_resolver.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::net::resolved_names_test {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr Milliseconds long_enough{20'000};

ResolvedNames::Addresses addresses_of(const char* address) {
  return {{asio::ip::make_address(address), 443}};
}

TEST(ResolvedNames, HoldForTheirTime) {
  ResolvedNames names({.names_max = 10, .time_max = Milliseconds(1000)});
  const SteadyTime start{};
  EXPECT_TRUE(names.find("a:443", start).empty());
  names.keep("a:443", addresses_of("10.0.0.1"), start);
  EXPECT_EQ(names.find("a:443", start + Milliseconds(999)), addresses_of("10.0.0.1"));
  EXPECT_TRUE(names.find("a:443", start + Milliseconds(1000)).empty());
  names.keep("a:443", addresses_of("10.0.0.2"), start + Milliseconds(1000));
  EXPECT_EQ(names.find("a:443", start + Milliseconds(1500)), addresses_of("10.0.0.2"));
  names.forget("a:443");
  EXPECT_TRUE(names.find("a:443", start + Milliseconds(1500)).empty());
}

TEST(ResolvedNames, AreBounded) {
  ResolvedNames names({.names_max = 2, .time_max = Milliseconds(1000)});
  const SteadyTime start{};
  names.keep("a:1", addresses_of("10.0.0.1"), start + Milliseconds(1));
  names.keep("b:1", addresses_of("10.0.0.2"), start);
  names.keep("c:1", addresses_of("10.0.0.3"), start + Milliseconds(2));
  EXPECT_EQ(names.size(), 2u);
  EXPECT_TRUE(names.find("b:1", start + Milliseconds(3)).empty());
  EXPECT_FALSE(names.find("a:1", start + Milliseconds(3)).empty());
}

class DialledNames : public testing::Test {
 protected:
  auto dialled(const std::string& host) {
    const http::Endpoint endpoint{"http", host, acceptor.local_endpoint().port(), "/"};
    return test::run_awaitable(io, dial(endpoint, nullptr, long_enough));
  }

  asio::io_context io;
  tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
};

TEST_F(DialledNames, AreAskedForOnce) {
  const int before = test::lookups();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(dialled(test::good_name));
  EXPECT_EQ(test::lookups(), before + 1);
  EXPECT_EQ(resolved_names(io.get_executor()).size(), 1u);
}

TEST_F(DialledNames, AreNotRememberedAsUnknown) {
  const int before = test::lookups();
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(dialled(test::unknown_name));
  EXPECT_EQ(test::lookups(), before + 2);
  EXPECT_EQ(resolved_names(io.get_executor()).size(), 0u);
}

TEST_F(DialledNames, AreForgottenWhereNobodyAnswers) {
  EXPECT_TRUE(dialled(test::good_name));
  const auto port = acceptor.local_endpoint().port();
  acceptor.close();
  const http::Endpoint endpoint{"http", test::good_name, port, "/"};
  EXPECT_FALSE(test::run_awaitable(io, dial(endpoint, nullptr, long_enough)));
  EXPECT_EQ(resolved_names(io.get_executor()).size(), 0u);
}

TEST_F(DialledNames, AreForgottenWhereNobodyAnswersAtAll) {
  EXPECT_TRUE(dialled(test::good_name));
  ASSERT_EQ(resolved_names(io.get_executor()).size(), 1u);
  // With nobody who accepts and no room to wait in, the kernel drops whoever knocks.
  acceptor.listen(0);
  std::vector<tcp::socket> waiting;
  waiting.reserve(4);
  for (int i = 0; i < 4; ++i) {
    waiting.emplace_back(io).async_connect(acceptor.local_endpoint(), [](const auto&) {});
  }
  const http::Endpoint endpoint{"http", test::good_name, acceptor.local_endpoint().port(), "/"};
  const auto stream = test::run_awaitable(io, dial(endpoint, nullptr, Milliseconds(100)));
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, ErrorKind::timed_out);
  EXPECT_EQ(resolved_names(io.get_executor()).size(), 0u) << "it may have moved";
}

}  // namespace skymarshal::net::resolved_names_test

// A session's micro-VM is ended where the session is erased.
#include "runtime/agentcore_runtime.hpp"

#include "support/fake_runtime.hpp"
#include "support/run_awaitable.hpp"
#include "unit/net/http_peer.hpp"

#include <gtest/gtest.h>

namespace skymarshal::runtime::agentcore_runtime_test {

class CountingAccess final : public RuntimeAccess {
 public:
  int authorised = 0;
  int renewals = 0;
  std::optional<Failure> refusal;

  boost::asio::awaitable<std::optional<Failure>> authorize(http::Request& request, Pass&) override {
    ++authorised;
    request.headers.set("Authorization", "number " + std::to_string(authorised));
    co_return refusal;
  }
  boost::asio::awaitable<bool> may_authorize_again(aws::ServiceError, Pass) override {
    co_return renewals-- > 0;
  }
};

std::string status(const std::string& line) { return "HTTP/1.1 " + line + "\r\nContent-Length: 0\r\n\r\n"; }

class AgentCoreRuntimeTest : public testing::Test {
 protected:
  Result<void> forgotten(const std::vector<std::string>& answers) {
    peer.emplace(io, std::vector<test::HttpPeer::Connection>{{answers}});
    auto made = std::make_unique<CountingAccess>();
    access = made.get();
    access->renewals = renewals;
    access->refusal = refusal;
    http::Endpoint endpoint = peer->endpoint();
    endpoint.target = "/runtimes/a/stopruntimesession";
    AgentCoreRuntime subject({std::move(made), std::make_unique<test::FakeRuntime>(), endpoint, std::nullopt},
                             Milliseconds(20'000));
    EXPECT_EQ(subject.name(), "fake");
    return test::run_awaitable(io, subject.forget(session));
  }

  SystemRandom random;
  SessionId session = SessionId::generate(random);
  boost::asio::io_context io;
  std::optional<test::HttpPeer> peer;
  CountingAccess* access = nullptr;
  int renewals = 0;
  std::optional<Failure> refusal;
};

TEST_F(AgentCoreRuntimeTest, StopsTheSession) {
  EXPECT_TRUE(forgotten({status("200 OK")}));
  const std::string& asked = peer->requests().at(0);
  EXPECT_TRUE(asked.starts_with("0 POST /runtimes/a/stopruntimesession HTTP/1.1\r\n")) << asked;
  EXPECT_NE(asked.find("Session-Id: " + session.str() + "\r\n"), std::string::npos);
  EXPECT_NE(asked.find("Authorization: number 1\r\n"), std::string::npos);
}

TEST_F(AgentCoreRuntimeTest, OneThatIsNotKnownIsForgotten) {
  EXPECT_TRUE(forgotten({status("404 Not Found")}));
}

TEST_F(AgentCoreRuntimeTest, AuthorisesAnewOnce) {
  renewals = 5;
  EXPECT_TRUE(forgotten({status("403 Forbidden"), status("200 OK")}));
  EXPECT_FALSE(forgotten({status("403 Forbidden"), status("403 Forbidden"), status("200 OK")}));
  EXPECT_EQ(peer->requests().size(), 2u);
}

TEST_F(AgentCoreRuntimeTest, SaysWhyItMayStillRemember) {
  const auto refused = forgotten({status("500 Oops")});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("HTTP 500"), std::string::npos);
  refusal = Failure{make_error(Errc::runtime_unavailable, "no"), "no credentials"};
  const auto unsigned_one = forgotten({status("200 OK")});
  ASSERT_FALSE(unsigned_one);
  EXPECT_NE(unsigned_one.error().message.find("no credentials"), std::string::npos);
}

}  // namespace skymarshal::runtime::agentcore_runtime_test

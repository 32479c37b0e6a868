// A session's micro-VM is ended where the session is erased.
#include "runtime/agentcore_runtime.hpp"

#include "support/fake_runtime.hpp"
#include "support/run_awaitable.hpp"
#include "unit/net/http_peer.hpp"
#include "unit/runtime/hanging_access.hpp"

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
    auto made = std::make_unique<CountingAccess>();
    access = made.get();
    access->renewals = renewals;
    access->refusal = refusal;
    return forgotten(answers, std::move(made));
  }

  Result<void> forgotten(const std::vector<std::string>& answers, std::unique_ptr<RuntimeAccess> by) {
    peer.emplace(io, std::vector<test::HttpPeer::Connection>{{answers}});
    http::Endpoint endpoint = peer->endpoint();
    endpoint.target = "/runtimes/a/stopruntimesession";
    AgentCoreRuntime subject(
        {std::move(by), std::make_unique<test::FakeRuntime>(), endpoint, std::nullopt, random}, options);
    EXPECT_EQ(subject.name(), "fake");
    return test::run_awaitable(io, subject.forget(session));
  }

  SystemRandom random;
  SessionId session = SessionId::generate(random);
  AgentCoreRuntime::StopOptions options{Milliseconds(20'000), {{Milliseconds(1), Milliseconds(2)}}};
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
  const auto refused = forgotten({status("402 Payment Required")});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("HTTP 402"), std::string::npos);
  refusal = Failure{make_error(Errc::runtime_unavailable, "no"), "no credentials"};
  const auto unsigned_one = forgotten({status("200 OK")});
  ASSERT_FALSE(unsigned_one);
  EXPECT_NE(unsigned_one.error().message.find("no credentials"), std::string::npos);
}

TEST_F(AgentCoreRuntimeTest, AsksAgainWhereItMayBeTakenLater) {
  for (const auto* not_now : {"429 Too Many Requests", "409 Conflict", "500 Oops", "503 Busy"}) {
    EXPECT_TRUE(forgotten({status(not_now), status(not_now), status("200 OK")})) << not_now;
    const auto never = forgotten({status(not_now), status(not_now), status(not_now), status("200 OK")});
    ASSERT_FALSE(never) << not_now;
    EXPECT_EQ(peer->requests().size(), 3u);
  }
  // One that was let in anew may still be told to come later.
  renewals = 1;
  EXPECT_TRUE(forgotten({status("403 Forbidden"), status("429 Later"), status("200 OK")}));
}

TEST_F(AgentCoreRuntimeTest, HasOneLimitOverAllOfIt) {
  options.timeout = Milliseconds(60);
  const auto unsigned_one = forgotten({}, std::make_unique<test::HangingAccess>());
  ASSERT_FALSE(unsigned_one);
  EXPECT_NE(unsigned_one.error().message.find("not within 60 ms"), std::string::npos);
  options.retry.delays = {Milliseconds(60'000)};
  const auto refused = forgotten({status("429 Later"), status("200 OK")});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("not within 60 ms: HTTP 429"), std::string::npos);
}

}  // namespace skymarshal::runtime::agentcore_runtime_test

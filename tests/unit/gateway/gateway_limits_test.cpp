// Rate limits and challenges on a request's way: who is counted, and what every answer says of it.
#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"

#include <gtest/gtest.h>

namespace skymarshal::gateway::gateway_limits_test {

using test::GatewayRig;
using test::request_of;
using test::text_at;
using test::value_at;

limits::RateLimits limits_of(std::int64_t principal, std::int64_t account = 0) {
  limits::RateLimits limits;
  limits.principal = {principal, Milliseconds(60'000)};
  limits.account = {account, Milliseconds(1'000)};
  return limits;
}

http::Request request_from(const std::string& who, http::Request request) {
  request.headers.set("X-Principal", who);
  return request;
}

std::string header(const GatewayRig::Call& call, std::string_view name) {
  return std::string(call.writer.headers.find(name).value_or("none"));
}

TEST(GatewayLimits, RefusesWhatIsOverTheLimit) {
  GatewayRig rig;
  rig.limiter.set_limits(limits_of(2));
  EXPECT_EQ(rig.ask(test::invoke_request())->writer.status, 200u);
  rig.clock.advance(Milliseconds(1'500));
  EXPECT_EQ(rig.ask(request_of("GET", "/api/v1/sessions"))->writer.status, 200u);
  const auto refused = rig.ask(test::invoke_request());
  EXPECT_EQ(refused->writer.status, 429u);
  EXPECT_EQ(text_at(refused->writer.body, {"error_code"}), "RATE_LIMITED");
  EXPECT_EQ(value_at(refused->writer.body, {"details"}),
            R"({"scope":"principal","limit":2,"window_ms":60000,"retry_after_ms":58500})");
  EXPECT_EQ(header(*refused, "Retry-After"), "59");
  EXPECT_EQ(rig.store.saved.size(), 1u);
  EXPECT_EQ(rig.ask(request_from("bob", test::invoke_request()))->writer.status, 200u);
}

TEST(GatewayLimits, TellsWhenItIsTheAccountsLimit) {
  GatewayRig rig;
  rig.limiter.set_limits(limits_of(5, 2));
  rig.ask(request_of("GET", "/api/v1/sessions"));
  rig.ask(request_from("bob", request_of("GET", "/api/v1/sessions")));
  const auto refused = rig.ask(request_of("GET", "/api/v1/sessions"));
  EXPECT_EQ(refused->writer.status, 429u);
  EXPECT_EQ(text_at(refused->writer.body, {"details", "scope"}), "account");
  EXPECT_EQ(header(*refused, "Retry-After"), "1");
  EXPECT_EQ(header(*refused, "RateLimit-Remaining"), "4");
}

TEST(GatewayLimits, EveryAnswerToSomebodyKnownSaysWhatIsLeft) {
  GatewayRig rig;
  rig.limiter.set_limits(limits_of(9));
  const std::string lost = "/api/v1/sessions/" + SessionId::generate(rig.random).str();
  const auto streamed = test::invoke_body(SessionId::generate(rig.random).view(), true);
  const std::vector<http::Request> requests = {test::invoke_request(),
                                               test::invoke_request(streamed),
                                               test::invoke_request("garbage"),
                                               request_of("POST", "/api/v1/sessions"),
                                               request_of("GET", lost),
                                               request_of("DELETE", lost),
                                               request_of("GET", "/api/v1/sessions?limit=0"),
                                               request_of("HEAD", "/api/v1/sessions")};
  int left = 9;
  for (const http::Request& request : requests) {
    const auto call = rig.ask(request);
    EXPECT_EQ(header(*call, "RateLimit-Limit"), "9") << request.target;
    EXPECT_EQ(header(*call, "RateLimit-Remaining"), std::to_string(--left)) << request.target;
    EXPECT_EQ(header(*call, "RateLimit-Reset"), "60") << request.target;
  }
  rig.store.throws = true;
  const auto unsaved = rig.ask(test::invoke_request());
  EXPECT_EQ(header(*unsaved, "RateLimit-Remaining"), "0");
  const auto refused = rig.ask(test::invoke_request());
  EXPECT_EQ(refused->writer.status, 429u);
  EXPECT_EQ(header(*refused, "RateLimit-Limit"), "9");
  EXPECT_EQ(header(*refused, "RateLimit-Remaining"), "0");
  EXPECT_EQ(header(*refused, "RateLimit-Reset"), "60");
}

TEST(GatewayLimits, SaysNothingWhereThereIsNoLimit) {
  GatewayRig rig;
  const auto call = rig.ask(test::invoke_request());
  EXPECT_EQ(call->writer.status, 200u);
  for (const auto* name : {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"}) {
    EXPECT_EQ(header(*call, name), "none");
  }
}

TEST(GatewayLimits, CountsNobodyWhoIsNotKnown) {
  GatewayRig rig;
  rig.limiter.set_limits(limits_of(1, 1));
  http::Request anonymous = test::invoke_request();
  anonymous.headers.remove("X-Principal");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(rig.ask(anonymous)->writer.status, 401u);
    EXPECT_EQ(rig.ask(request_from("banned", test::invoke_request()))->writer.status, 403u);
    EXPECT_EQ(rig.ask(request_of("GET", "/api/v1/health"))->writer.status, 200u);
    EXPECT_EQ(rig.ask(request_of("GET", "/nothing"))->writer.status, 404u);
    EXPECT_EQ(rig.ask(request_of("OPTIONS", "/api/v1/invoke"))->writer.status, 204u);
  }
  EXPECT_EQ(rig.limiter.principals(), 0u);
  EXPECT_EQ(header(*rig.ask(anonymous), "RateLimit-Limit"), "none");
  EXPECT_EQ(rig.ask(test::invoke_request())->writer.status, 200u);
}

/// Cannot count.
class FullLimiter final : public limits::RateLimiter {
 public:
  boost::asio::awaitable<Result<limits::RateDecision>> admit(const Principal&) override {
    Error error = make_error(Errc::overloaded, "too many callers");
    error.retry_after = std::chrono::seconds(3);
    co_return error;
  }
};

/// Knows nobody, and says what it would like to see.
class Challenger final : public Authorizer {
 public:
  Errc code = Errc::unauthorized;
  std::string asks_for = R"(Bearer realm="skymarshal")";
  boost::asio::awaitable<Result<Principal>> authorize(Attempt) override { co_return make_error(code, "no"); }
  std::string challenge() const override { return asks_for; }
};

std::shared_ptr<GatewayRig::Call> ask(GatewayRig& rig, Gateway& gateway) {
  auto call = std::make_shared<GatewayRig::Call>();
  boost::asio::co_spawn(rig.io, gateway.handle(test::invoke_request(), call->writer),
                        [call](std::exception_ptr) { call->done = true; });
  rig.finish(call);
  return call;
}

TEST(GatewayLimits, WhatCannotBeCountedIsRefused) {
  GatewayRig rig;
  FullLimiter full;
  Gateway gateway({}, {rig.authorizer, full, rig.runtime, rig.store, rig.invocations, rig.fleet, rig.clock,
                       rig.random, rig.log});
  const auto call = ask(rig, gateway);
  EXPECT_EQ(call->writer.status, 503u);
  EXPECT_EQ(text_at(call->writer.body, {"error_code"}), "OVERLOADED");
  EXPECT_EQ(header(*call, "Retry-After"), "3");
  EXPECT_EQ(header(*call, "RateLimit-Limit"), "none");
  EXPECT_TRUE(rig.store.saved.empty());
}

TEST(GatewayChallenge, StandsOnA401Alone) {
  GatewayRig rig;
  Challenger challenger;
  Gateway gateway({}, {challenger, rig.limiter, rig.runtime, rig.store, rig.invocations, rig.fleet, rig.clock,
                       rig.random, rig.log});
  EXPECT_EQ(header(*ask(rig, gateway), "WWW-Authenticate"), challenger.asks_for);
  for (const Errc other : {Errc::forbidden, Errc::rate_limited, Errc::identity_unavailable}) {
    challenger.code = other;
    EXPECT_EQ(header(*ask(rig, gateway), "WWW-Authenticate"), "none");
  }
  challenger.code = Errc::unauthorized;
  challenger.asks_for.clear();
  EXPECT_EQ(header(*ask(rig, gateway), "WWW-Authenticate"), "none");
}

}  // namespace skymarshal::gateway::gateway_limits_test

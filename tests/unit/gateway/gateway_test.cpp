// One request through all its steps, in their order.
#include "gateway/gateway.hpp"

#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"

#include <gtest/gtest.h>

namespace skymarshal::gateway::gateway_test {

using test::FakeRuntime;
using test::GatewayRig;
using test::request_of;
using test::text_at;
using test::value_at;

std::string error_of(const GatewayRig::Call& call) { return text_at(call.writer.body, {"error_code"}); }

/// The same request from somebody unknown.
http::Request without_credentials(http::Request request) {
  request.headers.remove("X-Principal");
  return request;
}

void hangs(GatewayRig& rig) {
  rig.runtime.play = [](const invocations::RuntimeRequest&) {
    return FakeRuntime::Play{{}, FakeRuntime::Play::End::hang};
  };
}

TEST(Gateway, KnowsNoOtherPaths) {
  GatewayRig rig;
  for (const auto* target :
       {"/api/v1", "/api/v1/", "/api/v1/invoke/", "/api/v1/invokes", "/api", "/nothing", "/api/v1/sessions/",
        "/api/v1/sessions/a/b", "/api/v1//invoke", "/API/v1/invoke"}) {
    const auto call = rig.ask(request_of("GET", target));
    EXPECT_EQ(call->writer.status, 404u) << target;
    EXPECT_EQ(error_of(*call), "NOT_FOUND") << target;
  }
}

TEST(Gateway, NamesTheVersionsThereAre) {
  GatewayRig rig;
  for (const auto* target : {"/api/v2/invoke", "/api/v0/health", "/api/v10", "/api/v2"}) {
    const auto call = rig.ask(request_of("POST", target));
    EXPECT_EQ(call->writer.status, 404u) << target;
    EXPECT_EQ(error_of(*call), "UNSUPPORTED_VERSION") << target;
    EXPECT_EQ(value_at(call->writer.body, {"details", "supported_versions"}), R"(["v1"])");
  }
}

TEST(Gateway, RefusesTargetsThatAreNoPaths) {
  GatewayRig rig;
  for (const auto* target : {"", "http://x/api/v1/health", "*", "/%", "/%FF", "/a%00b", "/a#b"}) {
    EXPECT_EQ(rig.ask(request_of("GET", target))->writer.status, 400u) << target;
  }
}

TEST(Gateway, NamesTheMethodsOfAPath) {
  GatewayRig rig;
  struct Row {
    const char *method, *target, *allow;
  };
  for (const Row& row :
       {Row{"GET", "/api/v1/invoke", "POST, OPTIONS"}, Row{"HEAD", "/api/v1/invoke", "POST, OPTIONS"},
        Row{"PUT", "/api/v1/sessions", "POST, GET, HEAD, OPTIONS"},
        Row{"PATCH", "/api/v1/sessions/x", "GET, HEAD, DELETE, OPTIONS"},
        Row{"POST", "/api/v1/health", "GET, HEAD, OPTIONS"},
        Row{"get", "/api/v1/health", "GET, HEAD, OPTIONS"}}) {
    const auto call = rig.ask(request_of(row.method, row.target));
    EXPECT_EQ(call->writer.status, 405u) << row.method << row.target;
    EXPECT_EQ(call->writer.headers.find("Allow"), row.allow) << row.method << row.target;
    EXPECT_EQ(error_of(*call), "METHOD_NOT_ALLOWED");
  }
}

TEST(Gateway, AnswersHeadWhereverGetIsAnswered) {
  GatewayRig rig;
  for (const auto* target : {"/api/v1/health", "/api/v1/sessions"}) {
    EXPECT_EQ(rig.ask(request_of("HEAD", target))->writer.status, 200u) << target;
  }
}

TEST(Gateway, AnswersPreflightsToAnybodyAnywhere) {
  GatewayRig rig;
  for (const auto* target : {"/api/v1/invoke", "/nothing", "*"}) {
    http::Request request = without_credentials(request_of("OPTIONS", target));
    request.headers.add("Origin", "https://ops.example");
    const auto call = rig.ask(request);
    EXPECT_EQ(call->writer.status, 204u) << target;
    EXPECT_TRUE(call->writer.headers.find("Access-Control-Allow-Methods"));
    EXPECT_TRUE(call->writer.headers.find("Access-Control-Allow-Origin"));
  }
  EXPECT_EQ(rig.authorizer.calls, 0);
}

TEST(Gateway, AsksWhoIsThereBeforeItLooksAtAnything) {
  GatewayRig rig;
  rig.gateway.begin_draining();
  for (const auto& request :
       {test::invoke_request("garbage"), request_of("POST", "/api/v1/sessions", "garbage"),
        request_of("GET", "/api/v1/sessions?limit=0"), request_of("GET", "/api/v1/sessions/x"),
        request_of("DELETE", "/api/v1/sessions/x")}) {
    const auto call = rig.ask(without_credentials(request));
    EXPECT_EQ(call->writer.status, 401u) << request.target;
    EXPECT_EQ(error_of(*call), "UNAUTHORIZED");
  }
  http::Request banned = test::invoke_request();
  banned.headers.set("X-Principal", "banned");
  EXPECT_EQ(rig.ask(banned)->writer.status, 403u);
  EXPECT_EQ(rig.store.claims, 0);
}

TEST(Gateway, AsksNobodyWhereThereIsNothingToProtect) {
  GatewayRig rig;
  EXPECT_EQ(rig.ask(without_credentials(request_of("GET", "/nothing")))->writer.status, 404u);
  EXPECT_EQ(rig.ask(without_credentials(request_of("GET", "/api/v1/invoke")))->writer.status, 405u);
  EXPECT_EQ(rig.authorizer.calls, 0);
}

TEST(Gateway, ReadsTheBodyBeforeItTouchesTheSession) {
  GatewayRig rig;
  const std::string id = SessionId::generate(rig.random).str();
  const auto call = rig.ask(test::invoke_request(R"({"prompt":"short","session_id":")" + id + "\"}"));
  EXPECT_EQ(call->writer.status, 400u);
  EXPECT_EQ(rig.store.claims, 0);
  EXPECT_TRUE(rig.runtime.requests.empty());
}

TEST(Gateway, RefusesBodiesOfOtherTypes) {
  GatewayRig rig;
  http::Request request = test::invoke_request();
  request.headers.set("Content-Type", "text/plain");
  const auto call = rig.ask(request);
  EXPECT_EQ(call->writer.status, 415u);
  EXPECT_EQ(error_of(*call), "UNSUPPORTED_MEDIA_TYPE");
  request.headers.remove("Content-Type");
  EXPECT_EQ(rig.ask(request)->writer.status, 200u);
}

TEST(Gateway, ClaimsTheSessionBeforeItRuns) {
  GatewayRig rig;
  const SessionId id = SessionId::generate(rig.random);
  EXPECT_EQ(rig.ask(test::invoke_request(test::invoke_body(id.view())))->writer.status, 200u);
  http::Request stranger = test::invoke_request(test::invoke_body(id.view()));
  stranger.headers.set("X-Principal", "mallory");
  const auto call = rig.ask(stranger);
  EXPECT_EQ(call->writer.status, 404u);
  EXPECT_EQ(error_of(*call), "SESSION_NOT_FOUND");
  EXPECT_EQ(rig.runtime.requests.size(), 1u);

  rig.clock.advance(std::chrono::minutes(31));
  const auto late = rig.ask(test::invoke_request(test::invoke_body(id.view())));
  EXPECT_EQ(late->writer.status, 409u);
  EXPECT_EQ(error_of(*late), "SESSION_EXPIRED");
  EXPECT_EQ(rig.runtime.requests.size(), 1u);
}

TEST(Gateway, RefusesStreamsWithAStatusNotWithAnEvent) {
  GatewayRig rig;
  rig.store.down = true;
  const std::string id = SessionId::generate(rig.random).str();
  const auto call = rig.ask(test::invoke_request(test::invoke_body(id, true)));
  EXPECT_EQ(call->writer.status, 503u);
  EXPECT_FALSE(call->writer.streamed);
}

TEST(Gateway, StreamsAsTheBodySaysAndElseAsAcceptDoes) {
  GatewayRig rig;
  EXPECT_FALSE(rig.ask(test::invoke_request())->writer.streamed);
  EXPECT_TRUE(
      rig.ask(test::invoke_request(R"({"prompt":"EY283 is late","streaming":true})"))->writer.streamed);
  http::Request request = test::invoke_request();
  request.headers.add("Accept", "text/event-stream");
  EXPECT_TRUE(rig.ask(request)->writer.streamed);
  request.body = R"({"prompt":"EY283 is late","streaming":false})";
  EXPECT_FALSE(rig.ask(request)->writer.streamed);
  request = test::invoke_request(R"({"prompt":"EY283 is late","streaming":true})");
  request.headers.add("Accept", "application/json");
  EXPECT_TRUE(rig.ask(request)->writer.streamed);
}

TEST(Gateway, RefusesWhatIsTooMuchWithoutKeepingAPlace) {
  GatewayOptions options;
  options.invocations.gate = {1, 1};
  GatewayRig rig(options);
  hangs(rig);
  const auto running = rig.begin(test::invoke_request());
  const auto waiting = rig.begin(test::invoke_request());
  rig.settle();
  const SessionId id = SessionId::generate(rig.random);
  const auto call = rig.ask(test::invoke_request(test::invoke_body(id.view())));
  EXPECT_EQ(call->writer.status, 503u);
  EXPECT_EQ(error_of(*call), "OVERLOADED");
  EXPECT_TRUE(call->writer.headers.find("Retry-After"));
  EXPECT_EQ(rig.store.claims, 0) << "what is refused has cost no write";
  EXPECT_FALSE(rig.store.contains(id));
  rig.gateway.stop_invocations(make_error(Errc::cancelled, "enough"));
  rig.finish(running);
  rig.finish(waiting);
  EXPECT_TRUE(rig.gateway.idle());
}

TEST(Gateway, RefusesASecondTurnWhereThatIsWanted) {
  GatewayOptions options;
  options.invocations.turns.when_busy = invocations::SessionTurns::WhenBusy::reject;
  GatewayRig rig(options);
  hangs(rig);
  const SessionId id = SessionId::generate(rig.random);
  const auto running = rig.begin(test::invoke_request(test::invoke_body(id.view())));
  rig.settle();
  const auto call = rig.ask(test::invoke_request(test::invoke_body(id.view())));
  EXPECT_EQ(call->writer.status, 409u);
  EXPECT_EQ(error_of(*call), "SESSION_BUSY");
  rig.gateway.stop_invocations(make_error(Errc::cancelled, "enough"));
  rig.finish(running);
}

TEST(Gateway, TakesNoNewWorkWhileItDrains) {
  GatewayRig rig;
  hangs(rig);
  const auto running = rig.begin(test::invoke_request());
  rig.settle();
  rig.gateway.begin_draining();
  EXPECT_TRUE(rig.gateway.draining());
  const auto call = rig.ask(test::invoke_request());
  EXPECT_EQ(call->writer.status, 503u);
  EXPECT_EQ(error_of(*call), "SHUTTING_DOWN");
  EXPECT_TRUE(call->writer.headers.find("Retry-After"));
  EXPECT_FALSE(rig.gateway.idle());
  EXPECT_FALSE(running->done) << "what runs goes on";
  EXPECT_EQ(rig.ask(request_of("GET", "/api/v1/sessions"))->writer.status, 200u);
  EXPECT_EQ(rig.ask(request_of("GET", "/api/v1/health"))->writer.status, 503u);
  rig.gateway.stop_invocations(make_error(Errc::shutting_down, "time is up"));
  rig.finish(running);
  EXPECT_EQ(error_of(*running), "SHUTTING_DOWN");
  EXPECT_TRUE(rig.gateway.idle());
}

TEST(Gateway, IsNotIdleWhileARequestThatDrainingMissedIsOnItsWay) {
  GatewayRig rig;
  bool idle_meanwhile = true;
  rig.store.on_claim = [&] {
    // It was let in before; whoever waits for the end of the work must wait for it.
    rig.gateway.begin_draining();
    idle_meanwhile = rig.gateway.idle();
  };
  const SessionId id = SessionId::generate(rig.random);
  EXPECT_EQ(rig.ask(test::invoke_request(test::invoke_body(id.view())))->writer.status, 200u);
  EXPECT_FALSE(idle_meanwhile);
  EXPECT_TRUE(rig.wait_idle());
}

TEST(Gateway, IsNotIdleWhileAnEndIsSaved) {
  GatewayRig rig;
  bool idle_meanwhile = true;
  rig.store.on_save = [&](const invocations::Interaction&) { idle_meanwhile = rig.gateway.idle(); };
  rig.ask(test::invoke_request());
  EXPECT_FALSE(idle_meanwhile);
  EXPECT_TRUE(rig.wait_idle());
}

TEST(Gateway, RunsTheNextOneWhileAnEndIsSaved) {
  GatewayOptions options;
  options.invocations.gate = {1, 0};
  GatewayRig rig(options);
  rig.store.slowness = 1'000;
  const auto saving = rig.begin(test::invoke_request());
  ASSERT_TRUE(
      test::run_until(rig.io, [&] { return rig.runtime.requests.size() == 1 && rig.runtime.open == 0; }));
  ASSERT_FALSE(saving->done);
  const auto next = rig.begin(test::invoke_request());
  rig.step(50);
  EXPECT_EQ(rig.runtime.requests.size(), 2u) << "the only slot is free again";
  EXPECT_FALSE(saving->done);
  rig.finish(saving);
  rig.finish(next);
  EXPECT_EQ(next->writer.status, 200u);
}

TEST(Gateway, SaysWhenToComeBackWhileTheStoreIsDown) {
  GatewayRig rig;
  rig.store.down = true;
  const SessionId id = SessionId::generate(rig.random);
  const auto call = rig.ask(test::invoke_request(test::invoke_body(id.view())));
  EXPECT_EQ(call->writer.status, 503u);
  EXPECT_EQ(error_of(*call), "STORE_UNAVAILABLE");
  EXPECT_TRUE(call->writer.headers.find("Retry-After"));
}

TEST(Gateway, NobodyTakesASessionWhoseFirstTurnStillRuns) {
  GatewayRig rig;
  hangs(rig);
  const auto first = rig.begin(test::invoke_request());
  rig.settle();
  // The store has not heard of it yet; its owner may have shown its name to somebody.
  const SessionId session = rig.runtime.requests.at(0).session_id;
  ASSERT_FALSE(rig.store.contains(session));
  http::Request theft = test::invoke_request(test::invoke_body(session.view()));
  theft.headers.set("X-Principal", "mallory");
  const auto refused = rig.ask(theft);
  EXPECT_EQ(refused->writer.status, 404u);
  EXPECT_EQ(error_of(*refused), "SESSION_NOT_FOUND");
  EXPECT_FALSE(rig.store.contains(session)) << "it must be free for its owner";
  rig.gateway.stop_invocations(make_error(Errc::timeout, "time is up"));
  rig.finish(first);
  EXPECT_EQ(rig.store.saved.at(0).principal.id, "alice");
  EXPECT_EQ(rig.ask(request_of("GET", "/api/v1/sessions/" + session.str()))->writer.status, 200u);
}

/// An authorizer with a bug.
class BrokenAuthorizer final : public Authorizer {
 public:
  boost::asio::awaitable<Result<Principal>> authorize(Attempt) override {
    throw std::runtime_error("/etc/secret is unreadable");
    co_return Principal{};
  }
};

TEST(Gateway, TellsNothingOfABug) {
  GatewayRig rig;
  BrokenAuthorizer authorizer;
  Gateway broken({}, {authorizer, rig.limiter, rig.runtime, rig.store, rig.invocations, rig.fleet, rig.clock,
                      rig.random, rig.log});
  test::RecordingWriter writer;
  bool done = false;
  boost::asio::co_spawn(rig.io, broken.handle(test::invoke_request(), writer),
                        [&](std::exception_ptr failure) { done = failure == nullptr; });
  ASSERT_TRUE(test::run_until(rig.io, [&] { return done; }));
  EXPECT_EQ(writer.status, 500u);
  EXPECT_EQ(text_at(writer.body, {"error_code"}), "INTERNAL_ERROR");
  EXPECT_EQ(writer.body.find("secret"), std::string::npos);
}

TEST(OpenAuthorizer, LetsEverybodyInAsOne) {
  GatewayRig rig;
  OpenAuthorizer open;
  Gateway gateway({}, {open, rig.limiter, rig.runtime, rig.store, rig.invocations, rig.fleet, rig.clock,
                       rig.random, rig.log});
  test::RecordingWriter writer;
  bool done = false;
  boost::asio::co_spawn(rig.io, gateway.handle(without_credentials(test::invoke_request()), writer),
                        [&](std::exception_ptr) { done = true; });
  ASSERT_TRUE(test::run_until(rig.io, [&] { return done; }));
  EXPECT_EQ(writer.status, 200u);
  EXPECT_EQ(rig.store.saved.at(0).principal.id, "local");
}

}  // namespace skymarshal::gateway::gateway_test

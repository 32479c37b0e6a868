// One key, one run: whoever comes again under an Idempotency-Key gets what the first one gets.
#include "gateway/invoke_mode.hpp"
#include "http/sse.hpp"
#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::gateway::idempotency_test {

using test::FakeRuntime;
using test::GatewayRig;
using test::text_at;
using test::value_at;
using End = FakeRuntime::Play::End;

constexpr const char* some_body = R"({"prompt":"EY283 is three hours late"})";

http::Request keyed(std::string key, std::string body = some_body) {
  http::Request request = test::invoke_request(std::move(body));
  request.headers.add("Idempotency-Key", std::move(key));
  return request;
}

class IdempotencyTest : public testing::Test {
 protected:
  void plays(FakeRuntime::Play play) {
    rig.runtime.play = [play](const invocations::RuntimeRequest&) { return play; };
  }
  GatewayRig rig;
};

TEST_F(IdempotencyTest, ARepeatGetsTheRecordedAnswer) {
  plays({{"1"}, End::complete, R"({"assessment":{"x":1.0}})"});
  const auto first = rig.ask(keyed("order-1"));
  EXPECT_EQ(first->writer.status, 200U);
  EXPECT_FALSE(first->writer.headers.find("Idempotency-Replayed"));
  const auto again = rig.ask(keyed("order-1"));
  EXPECT_EQ(again->writer.status, 200U);
  EXPECT_EQ(again->writer.headers.find("Idempotency-Replayed"), "true");
  EXPECT_EQ(again->writer.body, first->writer.body);
  EXPECT_EQ(rig.runtime.requests.size(), 1U);
}

TEST_F(IdempotencyTest, ARepeatJoinsTheOneThatRuns) {
  plays({{"1"}, End::hang});
  const auto first = rig.begin(keyed("order-1"));
  rig.settle();
  http::Request streaming = keyed("order-1");
  streaming.headers.add("Accept", "text/event-stream");
  const auto again = rig.begin(std::move(streaming));
  rig.settle();
  EXPECT_NE(again->writer.body.find("id: 1\ndata: "), std::string::npos) << again->writer.body;
  rig.gateway.stop_invocations(make_error(Errc::cancelled, "enough"));
  rig.finish(first);
  rig.finish(again);
  EXPECT_EQ(rig.runtime.requests.size(), 1U);
}

TEST_F(IdempotencyTest, WhoLeavesStillGetsTheAnswerLater) {
  GatewayOptions options;
  options.disconnect_grace = Milliseconds(0);
  GatewayRig host(options);
  host.runtime.play = [](const invocations::RuntimeRequest&) { return FakeRuntime::Play{{"1"}, End::hang}; };
  const auto first = host.begin(keyed("order-1"));
  host.settle();
  first->writer.leave();
  host.finish(first);
  EXPECT_FALSE(test::run_until(host.io, [&] { return host.gateway.idle(); }, Milliseconds(50)));
  host.gateway.stop_invocations(make_error(Errc::timeout, "enough"));
  EXPECT_TRUE(host.wait_idle());
  const auto again = host.ask(keyed("order-1"));
  EXPECT_EQ(again->writer.status, 504U);
  EXPECT_EQ(again->writer.headers.find("Idempotency-Replayed"), "true");
  EXPECT_EQ(host.runtime.requests.size(), 1U);
}

TEST_F(IdempotencyTest, AStreamIsResumedUnderItsKey) {
  plays({{"1", "2"}, End::complete, "{}"});
  http::Request streaming = keyed("order-1");
  streaming.headers.add("Accept", "text/event-stream");
  const auto whole = rig.ask(streaming);
  streaming.headers.add("Last-Event-ID", "1");
  const auto rest = rig.ask(streaming);
  const std::size_t at = whole->writer.body.find("id: 2\n");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(rest->writer.body, "retry: 2000\n\n" + whole->writer.body.substr(at));
  streaming.headers.set("Last-Event-ID", "3");
  EXPECT_EQ(rig.ask(streaming)->writer.status, 204U);
  EXPECT_EQ(rig.runtime.requests.size(), 1U);
}

TEST_F(IdempotencyTest, ThePlaceCanStandInTheQueryToo) {
  plays({{"1", "2"}, End::complete, "{}"});
  http::Request streaming = keyed("order-1");
  streaming.headers.add("Accept", "text/event-stream");
  const auto whole = rig.ask(streaming);
  streaming.target += "?after=1";
  EXPECT_EQ(rig.ask(streaming)->writer.body,
            "retry: 2000\n\n" + whole->writer.body.substr(whole->writer.body.find("id: 2\n")));
  streaming.target = "/api/v1/invoke?afetr=1";
  EXPECT_EQ(rig.ask(streaming)->writer.status, 400U) << "a misspelt one would ask for something else";
}

TEST_F(IdempotencyTest, WithoutItsKeyAStreamCannotBeResumed) {
  http::Request request = test::invoke_request();
  request.headers.add("Last-Event-ID", "1");
  const auto call = rig.ask(std::move(request));
  EXPECT_EQ(call->writer.status, 400U) << "it would be another run";
  EXPECT_TRUE(rig.runtime.requests.empty());
}

TEST_F(IdempotencyTest, UnderAKeyThatIsFreeThereIsNothingToResume) {
  for (const char* accept : {"text/event-stream", "application/json"}) {
    http::Request request = keyed("order-1");
    request.headers.add("Accept", accept);
    request.headers.add("Last-Event-ID", "1");
    const auto call = rig.ask(std::move(request));
    EXPECT_EQ(call->writer.status, 410U) << accept;
    EXPECT_NE(text_at(call->writer.body, {"error_message"}).find("without Last-Event-ID"), std::string::npos);
    EXPECT_EQ(text_at(call->writer.body, {"error_code"}), "INVOCATION_GONE");
  }
  EXPECT_TRUE(rig.runtime.requests.empty()) << "it would be another run";
}

TEST_F(IdempotencyTest, OnlyTheMeaningOfTheBodyCounts) {
  const std::string session = SessionId::generate(rig.random).str();
  ASSERT_EQ(
      rig.ask(keyed("order-1", R"({"prompt":"EY283 is three hours late","session_id":")" + session + "\"}"))
          ->writer.status,
      200U);
  for (const std::string& same : {
           R"( {"session_id":")" + session + R"(","prompt":"EY283 is three \u0068ours late"} )",
           R"({"streaming":false,"prompt":" EY283 is three hours late","session_id":")" + session + "\"}",
       }) {
    const auto call = rig.ask(keyed("order-1", same));
    EXPECT_EQ(call->writer.headers.find("Idempotency-Replayed"), "true") << same;
  }
  for (const std::string& other : {
           std::string(some_body),
           R"({"prompt":"EY283 is four hours late","session_id":")" + session + "\"}",
       }) {
    const auto call = rig.ask(keyed("order-1", other));
    EXPECT_EQ(call->writer.status, 422U) << other;
    EXPECT_EQ(text_at(call->writer.body, {"error_code"}), "IDEMPOTENCY_CONFLICT");
  }
  EXPECT_EQ(rig.runtime.requests.size(), 1U);
}

TEST_F(IdempotencyTest, WhatNeverReachedTheRuntimeIsTriedAnew) {
  FakeRuntime::Play unreachable{{}, End::fail, "", make_error(Errc::connection_failed, "nobody there")};
  unreachable.timings.reached = false;
  plays(unreachable);
  EXPECT_EQ(rig.ask(keyed("order-1"))->writer.status, 502U);
  plays({});
  const auto again = rig.ask(keyed("order-1"));
  EXPECT_EQ(again->writer.status, 200U);
  EXPECT_FALSE(again->writer.headers.find("Idempotency-Replayed"));
  EXPECT_EQ(rig.runtime.requests.size(), 2U);

  // What did is paid for, however it ended.
  plays({{}, End::fail, "", make_error(Errc::runtime_error, "it broke")});
  EXPECT_EQ(rig.ask(keyed("order-2"))->writer.status, 502U);
  plays({});
  EXPECT_EQ(rig.ask(keyed("order-2"))->writer.status, 502U);
  EXPECT_EQ(rig.runtime.requests.size(), 3U);
}

TEST_F(IdempotencyTest, ABugMayHaveReachedTheRuntime) {
  plays({{"1"}, End::raise});
  EXPECT_EQ(rig.ask(keyed("order-1"))->writer.status, 500U);
  plays({});
  const auto again = rig.ask(keyed("order-1"));
  EXPECT_EQ(again->writer.status, 500U);
  EXPECT_EQ(again->writer.headers.find("Idempotency-Replayed"), "true");
  EXPECT_EQ(rig.runtime.requests.size(), 1U) << "nobody pays twice for it";
}

TEST_F(IdempotencyTest, WhatWasRefusedHasNotTakenTheKey) {
  GatewayOptions options;
  options.invocations.turns.when_busy = invocations::SessionTurns::WhenBusy::reject;
  GatewayRig host(options);
  host.runtime.play = [](const invocations::RuntimeRequest&) { return FakeRuntime::Play{{}, End::hang}; };
  const std::string session = SessionId::generate(host.random).str();
  const auto holder = host.begin(test::invoke_request(test::invoke_body(session)));
  host.settle();
  const auto refused = host.ask(keyed("order-1", test::invoke_body(session)));
  EXPECT_EQ(refused->writer.status, 409U);
  host.gateway.stop_invocations(make_error(Errc::cancelled, "enough"));
  host.finish(holder);
  host.runtime.play = [](const invocations::RuntimeRequest&) { return FakeRuntime::Play{}; };
  const auto again = host.ask(keyed("order-1", test::invoke_body(session)));
  EXPECT_EQ(again->writer.status, 200U);
  EXPECT_FALSE(again->writer.headers.find("Idempotency-Replayed"));
}

TEST_F(IdempotencyTest, WhatWasErasedDoesNotRunAgain) {
  const auto first = rig.ask(keyed("order-1"));
  const std::string session = text_at(first->writer.body, {"session_id"});
  ASSERT_EQ(rig.ask(test::request_of("DELETE", "/api/v1/sessions/" + session))->writer.status, 204U);
  const auto again = rig.ask(keyed("order-1"));
  EXPECT_EQ(again->writer.status, 410U);
  EXPECT_EQ(text_at(again->writer.body, {"error_code"}), "INVOCATION_GONE");
  EXPECT_EQ(rig.ask(keyed("order-1", R"({"prompt":"quite another one"})"))->writer.status, 422U);
  EXPECT_EQ(rig.runtime.requests.size(), 1U);
}

TEST_F(IdempotencyTest, KeysOfTwoPrincipalsNeverMeet) {
  const auto alice = rig.ask(keyed("order-1"));
  http::Request other = keyed("order-1", R"({"prompt":"Something else altogether"})");
  other.headers.set("X-Principal", "bob");
  const auto bob = rig.ask(std::move(other));
  EXPECT_EQ(bob->writer.status, 200U);
  EXPECT_FALSE(bob->writer.headers.find("Idempotency-Replayed"));
  EXPECT_EQ(rig.runtime.requests.size(), 2U);
}

TEST_F(IdempotencyTest, AKeyIsOneValueOfVisibleCharacters) {
  const std::string longest(255, 'k');
  EXPECT_EQ(rig.ask(keyed(longest))->writer.status, 200U);
  EXPECT_EQ(rig.ask(keyed("\"" + longest + "\""))->writer.headers.find("Idempotency-Replayed"), "true")
      << "the draft's quotes are not part of the key";
  for (const std::string& odd : {std::string(), std::string("\"\""), longest + "k", std::string("a b"),
                                 std::string("a\tb"), std::string("caf\xC3\xA9")}) {
    EXPECT_EQ(rig.ask(keyed(odd))->writer.status, 400U) << odd;
  }
  http::Request twice = keyed("a");
  twice.headers.add("Idempotency-Key", "b");
  EXPECT_EQ(rig.ask(std::move(twice))->writer.status, 400U);
}

/// Property 17.
RC_GTEST_PROP(Idempotency, ManyUnderOneKeyAreOneRun, ()) {
  GatewayRig rig;
  rig.runtime.play = [](const invocations::RuntimeRequest&) {
    return FakeRuntime::Play{{"1", "2"}, End::complete, R"({"assessment":{"n":1}})"};
  };
  const int callers = *rc::gen::inRange(1, 12);
  std::vector<std::shared_ptr<GatewayRig::Call>> calls;
  for (int i = 0; i < callers; ++i) {
    calls.push_back(rig.begin(keyed("order-1")));
    rig.step(*rc::gen::inRange(0, 8));
  }
  for (const auto& call : calls) rig.finish(call);
  RC_ASSERT(rig.runtime.requests.size() == 1U);
  for (const auto& call : calls) RC_ASSERT(call->writer.body == calls[0]->writer.body);
}

}  // namespace skymarshal::gateway::idempotency_test

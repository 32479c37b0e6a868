// Asynchronous invocations as their caller sees them: taken on, looked at, followed, cancelled.
#include "gateway/invocation_endpoints.hpp"

#include "http/sse.hpp"
#include "invocations/recovery.hpp"
#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"
#include "support/run_awaitable.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace skymarshal::gateway::invocation_endpoints_test {

using test::FakeRuntime;
using test::GatewayRig;
using test::keys_of;
using test::request_of;
using test::text_at;
using test::value_at;
using End = FakeRuntime::Play::End;

class InvocationEndpointsTest : public testing::Test {
 protected:
  using Call = std::shared_ptr<GatewayRig::Call>;

  void plays(FakeRuntime::Play play) {
    rig.runtime.play = [play](const invocations::RuntimeRequest&) { return play; };
  }

  /// Taken on, and its id.
  std::string begin_async() {
    http::Request request = test::invoke_request();
    request.headers.add("Prefer", "respond-async");
    const auto call = rig.ask(std::move(request));
    EXPECT_EQ(call->writer.status, 202U);
    return text_at(call->writer.body, {"request_id"});
  }

  static GatewayOptions one_at_a_time() {
    GatewayOptions options;
    options.invocations.gate = {1, 10};
    return options;
  }
  /// One that runs, and one that waits for it.
  static std::vector<std::string> begin_two(GatewayRig& narrow) {
    narrow.runtime.play = [](const invocations::RuntimeRequest&) { return FakeRuntime::Play{{}, End::hang}; };
    std::vector<std::string> ids;
    for (int i = 0; i < 2; ++i) {
      http::Request request = test::invoke_request();
      request.headers.add("Prefer", "respond-async");
      ids.push_back(text_at(narrow.ask(std::move(request))->writer.body, {"request_id"}));
    }
    return ids;
  }

  /// One that another gateway runs.
  invocations::InvocationRecord begin_elsewhere() {
    invocations::InvocationRecord record;
    record.request_id = RequestId::generate(rig.random);
    record.session_id = SessionId::generate(rig.random);
    record.owner = {"alice"};
    record.prompt = "EY283 is late";
    record.accepted_at = rig.clock.wall_now();
    record.runner = "elsewhere";
    EXPECT_TRUE(test::run_awaitable(rig.io, rig.invocations.begin(record)));
    return record;
  }

  static http::Request get(const std::string& id, const std::string& rest = "") {
    return request_of("GET", "/api/v1/invocations/" + id + rest);
  }
  Call ask(const std::string& id, const std::string& rest = "") { return rig.ask(get(id, rest)); }
  std::string state(const std::string& id) { return text_at(ask(id)->writer.body, {"status"}); }

  void end_all() {
    rig.gateway.stop_invocations(make_error(Errc::interrupted, "enough"));
    EXPECT_TRUE(rig.wait_idle());
  }

  static std::vector<std::string> events_of(const Call& call) {
    http::SseParser parser;
    parser.feed(call->writer.body);
    std::vector<std::string> events;
    while (const auto event = parser.next()) events.push_back(event->data);
    return events;
  }

  GatewayRig rig;
};

TEST_F(InvocationEndpointsTest, AnInvocationCanBeTakenOnAtOnce) {
  plays({{"1"}, End::complete, R"({"assessment":{"x":1.0}})"});
  http::Request request = test::invoke_request();
  request.headers.add("Prefer", "respond-async");
  const auto call = rig.ask(std::move(request));
  EXPECT_EQ(call->writer.status, 202U);
  EXPECT_EQ(call->writer.headers.find("Preference-Applied"), "respond-async");
  EXPECT_EQ(call->writer.headers.find("Retry-After"), "2");
  EXPECT_EQ(text_at(call->writer.body, {"status"}), "accepted");
  const std::string id = text_at(call->writer.body, {"request_id"});
  EXPECT_EQ(id, *call->writer.headers.find("X-Request-Id"));
  EXPECT_EQ(*call->writer.headers.find("Location"), "/api/v1/invocations/" + id);
  EXPECT_EQ(text_at(call->writer.body, {"status_url"}), "/api/v1/invocations/" + id);
  EXPECT_EQ(text_at(call->writer.body, {"events_url"}), "/api/v1/invocations/" + id + "/events");
  ASSERT_TRUE(rig.wait_idle()) << "it runs to its end, read or not";

  const auto poll = ask(id);
  EXPECT_EQ(poll->writer.status, 200U);
  EXPECT_EQ(text_at(poll->writer.body, {"status"}), "success");
  EXPECT_EQ(text_at(poll->writer.body, {"session_id"}), text_at(call->writer.body, {"session_id"}));
  EXPECT_EQ(value_at(poll->writer.body, {"result"}), *rig.store.saved.at(0).response) << "the very bytes";
  EXPECT_EQ(value_at(poll->writer.body, {"ended_at"}), std::to_string(unix_ms(rig.clock.wall_now())));
}

TEST_F(InvocationEndpointsTest, ItsStateIsToldWhileItRuns) {
  plays({{}, End::hang});
  const std::string id = begin_async();
  rig.settle();
  const auto poll = ask(id);
  EXPECT_EQ(text_at(poll->writer.body, {"status"}), "running");
  EXPECT_EQ(poll->writer.headers.find("Retry-After"), "2");
  EXPECT_EQ(keys_of(poll->writer.body),
            (std::vector<std::string>{"request_id", "session_id", "status", "accepted_at", "status_url",
                                      "events_url"}));
  end_all();
  EXPECT_EQ(state(id), "interrupted");
}

TEST_F(InvocationEndpointsTest, EveryEndHasItsName) {
  const auto error_of = [this](Errc code) {
    plays({{"1"}, End::fail, "", make_error(code, "why")});
    const std::string id = begin_async();
    EXPECT_TRUE(rig.wait_idle());
    const auto poll = ask(id);
    EXPECT_EQ(poll->writer.status, 200U) << "the look itself has not failed";
    EXPECT_EQ(value_at(poll->writer.body, {"error"}), *rig.store.saved.back().response);
    return text_at(poll->writer.body, {"status"});
  };
  EXPECT_EQ(error_of(Errc::runtime_error), "error");
  EXPECT_EQ(error_of(Errc::timeout), "timeout");
  EXPECT_EQ(error_of(Errc::cancelled), "cancelled");
  EXPECT_EQ(error_of(Errc::interrupted), "interrupted");
}

TEST_F(InvocationEndpointsTest, OneThatWaitsForItsTurnIsQueued) {
  GatewayRig narrow(one_at_a_time());
  const std::vector<std::string> ids = begin_two(narrow);
  narrow.settle();
  const auto state_of = [&](std::size_t i) {
    return text_at(narrow.ask(get(ids[i]))->writer.body, {"status"});
  };
  EXPECT_EQ(state_of(0), "running");
  EXPECT_EQ(state_of(1), "queued");
  const auto listed = [&](const std::string& state) {
    const auto call = narrow.ask(request_of("GET", "/api/v1/invocations?status=" + state));
    std::vector<std::string> found;
    for (const std::string& entry : test::elements_of(value_at(call->writer.body, {"invocations"})))
      found.push_back(text_at(entry, {"request_id"}));
    return found;
  };
  EXPECT_EQ(listed("running"), std::vector<std::string>{ids[0]});
  EXPECT_EQ(listed("queued"), std::vector<std::string>{ids[1]});

  const auto cancelled = narrow.ask(request_of("DELETE", "/api/v1/invocations/" + ids[1]));
  EXPECT_EQ(text_at(cancelled->writer.body, {"status"}), "cancelled");
  EXPECT_EQ(value_at(narrow.gateway.health().report(false).body, {"invocations", "queued"}), "0")
      << "its place is free at once";
  narrow.gateway.stop_invocations(make_error(Errc::interrupted, "enough"));
  EXPECT_TRUE(narrow.wait_idle());
}

TEST_F(InvocationEndpointsTest, ALookCanWaitForTheEnd) {
  plays({{}, End::hang});
  const std::string id = begin_async();
  http::Request patient = get(id);
  patient.headers.add("Prefer", "wait=30");
  const auto call = rig.begin(std::move(patient));
  rig.settle();
  EXPECT_FALSE(call->done);
  rig.gateway.stop_invocations(make_error(Errc::interrupted, "enough"));
  rig.finish(call);
  EXPECT_EQ(text_at(call->writer.body, {"status"}), "interrupted");
  EXPECT_EQ(call->writer.headers.find("Preference-Applied"), "wait=30");
}

TEST_F(InvocationEndpointsTest, ABufferedAnswerThatTakesTooLongIsPromoted) {
  for (const bool by_caller : {true, false}) {
    GatewayOptions options;
    options.disconnect_grace = Milliseconds(0);
    if (!by_caller) options.buffered_wait = Milliseconds(1);
    GatewayRig host(options);
    host.runtime.play = [](const invocations::RuntimeRequest&) {
      return FakeRuntime::Play{{"1"}, End::hang};
    };
    http::Request request = test::invoke_request();
    if (by_caller) request.headers.add("Prefer", "wait=0");
    const auto call = host.ask(std::move(request));
    EXPECT_EQ(call->writer.status, 202U);
    EXPECT_EQ(call->writer.headers.find("Preference-Applied").has_value(), by_caller);
    const std::string id = text_at(call->writer.body, {"request_id"});
    call->writer.leave();
    EXPECT_FALSE(test::run_until(
        host.io, [&] { return host.gateway.idle(); }, Milliseconds(50)))
        << "it goes on, though nobody reads";
    host.gateway.stop_invocations(make_error(Errc::interrupted, "enough"));
    EXPECT_TRUE(host.wait_idle());
    EXPECT_EQ(text_at(host.ask(get(id))->writer.body, {"status"}), "interrupted");
  }
}

TEST_F(InvocationEndpointsTest, WhatCouldNotBeKeptIsWaitedFor) {
  rig.store.down = true;
  http::Request request = test::invoke_request();
  request.headers.add("Prefer", "wait=0");
  const auto call = rig.ask(std::move(request));
  EXPECT_EQ(call->writer.status, 200U) << "a 202 would promise what could be asked for nowhere";
  EXPECT_FALSE(call->writer.headers.find("Preference-Applied"));
}

TEST_F(InvocationEndpointsTest, NobodyWaitsLongerThanWhatStandsInFrontLetsThem) {
  GatewayOptions options;
  options.buffered_wait = Milliseconds(1);
  GatewayRig host(options);
  host.runtime.play = [](const invocations::RuntimeRequest&) { return FakeRuntime::Play{{}, End::hang}; };
  http::Request request = test::invoke_request();
  request.headers.add("Prefer", "respond-async, wait=30");
  const auto accepted = host.ask(std::move(request));
  EXPECT_EQ(accepted->writer.status, 202U);
  EXPECT_EQ(accepted->writer.headers.find("Preference-Applied"), "respond-async, wait=0");
  http::Request patient = get(text_at(accepted->writer.body, {"request_id"}));
  patient.headers.add("Prefer", "wait=30");
  const auto looked = host.ask(std::move(patient));
  EXPECT_EQ(text_at(looked->writer.body, {"status"}), "running");
  EXPECT_EQ(looked->writer.headers.find("Preference-Applied"), "wait=0");
  host.gateway.stop_invocations(make_error(Errc::interrupted, "enough"));
  EXPECT_TRUE(host.wait_idle());
}

TEST_F(InvocationEndpointsTest, ALookThatWaitedTellsHowItStandsNow) {
  GatewayRig narrow(one_at_a_time());
  const std::vector<std::string> ids = begin_two(narrow);
  http::Request patient = get(ids[1]);
  patient.headers.add("Prefer", "wait=1");
  const auto call = narrow.begin(std::move(patient));
  narrow.settle();
  narrow.ask(request_of("DELETE", "/api/v1/invocations/" + ids[0]));
  narrow.finish(call);
  EXPECT_EQ(text_at(call->writer.body, {"status"}), "running") << "it was queued when the look began";
  narrow.gateway.stop_invocations(make_error(Errc::interrupted, "enough"));
  EXPECT_TRUE(narrow.wait_idle());
}

TEST_F(InvocationEndpointsTest, ALookThatWaitedTellsAnEndWhole) {
  const invocations::InvocationRecord record = begin_elsewhere();
  int reads = 0;
  rig.invocations.on_read = [&] {
    // Between the first look and what is told.
    if (++reads != 2) return;
    boost::asio::io_context other;
    ASSERT_EQ(
        test::run_awaitable(other, invocations::end_interrupted(rig.invocations, "elsewhere", rig.clock))
            .value(),
        1U);
  };
  const auto call = ask(record.request_id.str());
  EXPECT_GE(reads, 2);
  EXPECT_EQ(text_at(call->writer.body, {"status"}), "interrupted");
  EXPECT_FALSE(value_at(call->writer.body, {"ended_at"}).empty());
  EXPECT_EQ(text_at(call->writer.body, {"error", "error_code"}), "INTERRUPTED");
  EXPECT_FALSE(call->writer.headers.find("Retry-After"));
}

TEST_F(InvocationEndpointsTest, OneThatEndsInTimeIsAnsweredWhole) {
  plays({{"1"}, End::complete, R"({"assessment":{"x":1}})"});
  http::Request request = test::invoke_request();
  request.headers.add("Prefer", "respond-async, wait=30");
  const auto call = rig.ask(std::move(request));
  EXPECT_EQ(call->writer.status, 200U);
  EXPECT_EQ(value_at(call->writer.body, {"assessment"}), R"({"x":1})");
  EXPECT_EQ(call->writer.headers.find("Preference-Applied"), "respond-async, wait=30");
}

TEST_F(InvocationEndpointsTest, WhatWasSaidCanBeReadAgainFromAnyPlace) {
  plays({{"1", "2", "3"}, End::complete, "{}"});
  const std::string id = begin_async();
  ASSERT_TRUE(rig.wait_idle());
  const auto whole = ask(id, "/events");
  EXPECT_EQ(whole->writer.status, 200U);
  const auto events = events_of(whole);
  ASSERT_EQ(events.size(), 5U);
  EXPECT_EQ(text_at(events[0], {"type"}), "metadata");
  EXPECT_EQ(text_at(events[4], {"type"}), "complete");
  EXPECT_EQ(whole->writer.body.substr(0, 19), "retry: 2000\nid: 0\nd");
  for (std::size_t after = 0; after < 4; ++after) {
    const auto rest = ask(id, "/events?after=" + std::to_string(after));
    EXPECT_EQ(events_of(rest),
              std::vector<std::string>(events.begin() + static_cast<std::ptrdiff_t>(after) + 1, events.end()))
        << after;
    http::Request again = get(id, "/events?after=0");
    again.headers.add("Last-Event-ID", std::to_string(after));
    EXPECT_EQ(events_of(rig.ask(std::move(again))), events_of(rest))
        << "the browser knows better than its URL";
  }
  EXPECT_EQ(ask(id, "/events?after=4")->writer.status, 204U) << "an EventSource stops there";
}

TEST_F(InvocationEndpointsTest, AReaderFollowsOneThatRuns) {
  plays({{"1", "2"}, End::hang});
  const std::string id = begin_async();
  rig.settle();
  const auto first = rig.begin(get(id, "/events"));
  const auto second = rig.begin(get(id, "/events?after=2"));
  rig.settle();
  EXPECT_EQ(events_of(first).size(), 3U);
  EXPECT_TRUE(events_of(second).empty());
  EXPECT_EQ(ask(id, "/events?after=3")->writer.status, 400U) << "that has not happened yet";
  end_all();
  rig.finish(first);
  rig.finish(second);
  EXPECT_EQ(events_of(first).size(), 4U);
  ASSERT_EQ(events_of(second).size(), 1U);
  EXPECT_EQ(events_of(second)[0], events_of(first)[3]);
}

TEST_F(InvocationEndpointsTest, RefusesPlacesThatThereAreNot) {
  const std::string id = begin_async();
  ASSERT_TRUE(rig.wait_idle());
  for (const char* const place : {"?after=2", "?after=-1", "?after=x", "?after=",
                                  "?after=99999999999999999999", "?after=1&after=1", "?before=1"}) {
    const auto call = ask(id, std::string("/events") + place);
    EXPECT_EQ(call->writer.status, 400U) << place;
    EXPECT_EQ(text_at(call->writer.body, {"error_code"}), "INVALID_REQUEST") << place;
  }
}

TEST_F(InvocationEndpointsTest, WhoHasReadMoreThanACrashLeftGetsTheEnd) {
  const invocations::InvocationRecord record = begin_elsewhere();
  invocations::JournalBatch batch{1, {"1", "2"}};
  ASSERT_TRUE(
      test::run_awaitable(rig.io, rig.invocations.append(record.request_id, record.owner, batch)).value());
  ASSERT_EQ(test::run_awaitable(rig.io, invocations::end_interrupted(rig.invocations, "elsewhere", rig.clock))
                .value(),
            1U);
  // Also whoever was told one chunk more, which had the seq that the end has now.
  for (const char* place : {"/events?after=7", "/events?after=3", "/events?after=2"}) {
    const auto call = ask(record.request_id.str(), place);
    EXPECT_EQ(call->writer.status, 200U) << place;
    ASSERT_EQ(events_of(call).size(), 1U) << place;
    EXPECT_EQ(text_at(events_of(call)[0], {"error_code"}), "INTERRUPTED") << place;
    EXPECT_NE(call->writer.body.find("id: 3-end\n"), std::string::npos) << call->writer.body;
  }
  EXPECT_EQ(ask(record.request_id.str(), "/events?after=3-end")->writer.status, 204U);
  for (const char* place : {"/events?after=2-end", "/events?after=-end", "/events?after=3-"}) {
    EXPECT_NE(ask(record.request_id.str(), place)->writer.status, 204U) << place;
  }
}

TEST_F(InvocationEndpointsTest, SaysWhenWhatWasSaidIsKeptNoLonger) {
  const std::string id = begin_async();
  ASSERT_TRUE(rig.wait_idle());
  rig.clock.advance(std::chrono::hours(25));
  ASSERT_EQ(test::run_awaitable(rig.io, rig.invocations.remove_old_journals()).value(), 1U);
  const auto gone = ask(id, "/events");
  EXPECT_EQ(gone->writer.status, 410U);
  EXPECT_EQ(text_at(gone->writer.body, {"error_code"}), "INVOCATION_GONE");
  EXPECT_EQ(state(id), "success") << "its end is still there";
}

TEST_F(InvocationEndpointsTest, CancellingEndsItOnce) {
  plays({{"1"}, End::hang});
  const std::string id = begin_async();
  rig.settle();
  for (int i = 0; i < 2; ++i) {
    const auto call = rig.ask(request_of("DELETE", "/api/v1/invocations/" + id));
    EXPECT_EQ(call->writer.status, 200U);
    EXPECT_EQ(text_at(call->writer.body, {"status"}), "cancelled");
    EXPECT_EQ(text_at(call->writer.body, {"error", "error_code"}), "CANCELLED");
  }
  EXPECT_EQ(rig.runtime.open, 0);
  EXPECT_EQ(rig.store.saved.size(), 1U);

  plays({});
  const std::string ended = begin_async();
  ASSERT_TRUE(rig.wait_idle());
  const auto late = rig.ask(request_of("DELETE", "/api/v1/invocations/" + ended));
  EXPECT_EQ(text_at(late->writer.body, {"status"}), "success") << "the first end stands";
}

TEST_F(InvocationEndpointsTest, ListsTheCallersOwnNewestFirst) {
  std::vector<std::string> ids;
  for (const bool fails : {false, true, false}) {
    if (fails) plays({{}, End::fail, "", make_error(Errc::runtime_error, "why")});
    if (!fails) plays({});
    ids.insert(ids.begin(), begin_async());
    ASSERT_TRUE(rig.wait_idle());
    rig.clock.advance(Milliseconds(1));
  }
  const auto listed = [&](const std::string& query, const std::string& who) {
    http::Request request = request_of("GET", "/api/v1/invocations" + query);
    request.headers.set("X-Principal", who);
    return rig.ask(std::move(request))->writer.body;
  };
  const auto ids_in = [](const std::string& body) {
    std::vector<std::string> found;
    for (const std::string& entry : test::elements_of(value_at(body, {"invocations"})))
      found.push_back(text_at(entry, {"request_id"}));
    return found;
  };
  EXPECT_EQ(ids_in(listed("", "alice")), ids);
  EXPECT_TRUE(ids_in(listed("", "bob")).empty());
  EXPECT_EQ(ids_in(listed("?status=error", "alice")), std::vector<std::string>{ids[1]});
  const std::string first = listed("?limit=2", "alice");
  EXPECT_EQ(ids_in(first), (std::vector<std::string>{ids[0], ids[1]}));
  const std::string second = listed("?limit=2&cursor=" + text_at(first, {"next_cursor"}), "alice");
  EXPECT_EQ(ids_in(second), std::vector<std::string>{ids[2]});
  EXPECT_EQ(value_at(second, {"next_cursor"}), "null");
  EXPECT_EQ(text_at(listed("?status=odd", "alice"), {"error_code"}), "INVALID_REQUEST");
}

TEST_F(InvocationEndpointsTest, IsNobodyElsesBusiness) {
  plays({{}, End::hang});
  const std::string running = begin_async();
  plays({});
  const std::string ended = begin_async();
  rig.settle();
  const std::string never = RequestId::generate(rig.random).str();
  const auto answer_of = [&](const std::string& method, const std::string& id, const std::string& rest) {
    http::Request request = request_of(method, "/api/v1/invocations/" + id + rest);
    request.headers.set("X-Principal", "bob");
    const auto call = rig.ask(std::move(request));
    EXPECT_EQ(call->writer.status, 404U);
    return text_at(call->writer.body, {"error_code"}) + text_at(call->writer.body, {"error_message"});
  };
  for (const auto& [method, rest] :
       {std::pair("GET", ""), std::pair("GET", "/events"), std::pair("DELETE", "")}) {
    const std::string expected = answer_of(method, never, rest);
    EXPECT_TRUE(expected.starts_with("INVOCATION_NOT_FOUND"));
    for (const std::string& id : {running, ended, std::string("no-uuid")})
      EXPECT_EQ(answer_of(method, id, rest), expected);
  }
  EXPECT_EQ(rig.runtime.open, 1) << "nobody else cancels it";
  end_all();
}

TEST_F(InvocationEndpointsTest, AHeadOfAStreamIsOnlyItsHead) {
  plays({{}, End::hang});
  const std::string id = begin_async();
  const auto call = rig.ask(request_of("HEAD", "/api/v1/invocations/" + id + "/events"));
  EXPECT_EQ(call->writer.status, 200U);
  EXPECT_EQ(call->writer.headers.find("Content-Type"), "text/event-stream; charset=utf-8");
  EXPECT_TRUE(call->writer.body.empty());
  end_all();
}

}  // namespace skymarshal::gateway::invocation_endpoints_test

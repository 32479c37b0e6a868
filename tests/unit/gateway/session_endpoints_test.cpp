// Sessions over HTTP: create, list, read, erase.
#include "gateway/session_endpoints.hpp"

#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"

#include <gtest/gtest.h>

namespace skymarshal::gateway::session_endpoints_test {

using test::elements_of;
using test::GatewayRig;
using test::keys_of;
using test::request_of;
using test::text_at;
using test::value_at;

class SessionEndpointsTest : public testing::Test {
 protected:
  std::string create() {
    return text_at(rig.ask(request_of("POST", "/api/v1/sessions"))->writer.body, {"session_id"});
  }

  GatewayRig rig;
};

TEST_F(SessionEndpointsTest, CreatesASession) {
  const auto call = rig.ask(request_of("POST", "/api/v1/sessions", " {} "));
  EXPECT_EQ(call->writer.status, 201u);
  const std::string id = text_at(call->writer.body, {"session_id"});
  EXPECT_TRUE(SessionId::parse(id));
  EXPECT_EQ(call->writer.headers.find("Location"), "/api/v1/sessions/" + id);
  EXPECT_EQ(call->writer.body, R"({"session_id":")" + id +
                                   R"(","status":"active","created_at":1767225600000,)"
                                   R"("last_interaction_at":1767225600000,"interaction_count":0})");
  EXPECT_TRUE(rig.store.contains(*SessionId::parse(id)));
}

TEST_F(SessionEndpointsTest, TakesNoFieldsWhenCreating) {
  for (const auto* body : {R"({"session_id":"x"})", "[]", "{"}) {
    EXPECT_EQ(rig.ask(request_of("POST", "/api/v1/sessions", body))->writer.status, 400u) << body;
  }
}

TEST_F(SessionEndpointsTest, TakesOnlyJsonWhenCreating) {
  http::Request request = request_of("POST", "/api/v1/sessions", "{}");
  request.headers.set("Content-Type", "text/plain");
  EXPECT_EQ(rig.ask(request)->writer.status, 415u);
  request.body.clear();
  EXPECT_EQ(rig.ask(request)->writer.status, 201u) << "what is not there has no type";
}

TEST_F(SessionEndpointsTest, ListsTheNewestFirst) {
  const std::string first = create();
  rig.clock.advance(Milliseconds(1000));
  const std::string second = create();
  const auto call = rig.ask(request_of("GET", "/api/v1/sessions"));
  EXPECT_EQ(call->writer.status, 200u);
  const auto sessions = elements_of(value_at(call->writer.body, {"sessions"}));
  ASSERT_EQ(sessions.size(), 2u);
  EXPECT_EQ(text_at(sessions[0], {"session_id"}), second);
  EXPECT_EQ(text_at(sessions[1], {"session_id"}), first);
  EXPECT_EQ(value_at(call->writer.body, {"next_cursor"}), "null");
}

TEST_F(SessionEndpointsTest, ListsByStatus) {
  const std::string old = create();
  rig.clock.advance(std::chrono::minutes(31));
  const std::string fresh = create();
  const auto ids = [&](const std::string& query) {
    std::vector<std::string> found;
    const auto call = rig.ask(request_of("GET", "/api/v1/sessions" + query));
    for (const auto& session : elements_of(value_at(call->writer.body, {"sessions"}))) {
      found.push_back(text_at(session, {"session_id"}) + " " + text_at(session, {"status"}));
    }
    return found;
  };
  EXPECT_EQ(ids("?status=active"), (std::vector<std::string>{fresh + " active"}));
  EXPECT_EQ(ids("?status=expired"), (std::vector<std::string>{old + " expired"}));
  EXPECT_EQ(ids("").size(), 2u);
}

TEST_F(SessionEndpointsTest, GoesThroughPagesWithTheCursor) {
  for (int i = 0; i < 5; ++i) create();
  std::set<std::string> seen;
  std::string cursor;
  for (int page = 0; page < 3; ++page) {
    const auto call = rig.ask(request_of("GET", "/api/v1/sessions?limit=2&cursor=" + cursor));
    for (const auto& session : elements_of(value_at(call->writer.body, {"sessions"}))) {
      seen.insert(text_at(session, {"session_id"}));
    }
    cursor = text_at(call->writer.body, {"next_cursor"});
  }
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_EQ(cursor, "");
}

TEST_F(SessionEndpointsTest, RefusesParametersItDoesNotUnderstand) {
  const std::string id = create();
  for (const std::string& target :
       {std::string("/api/v1/sessions?limit=0"), std::string("/api/v1/sessions?limit=501"),
        std::string("/api/v1/sessions?limit=ten"), std::string("/api/v1/sessions?limit=5x"),
        std::string("/api/v1/sessions?limit="), std::string("/api/v1/sessions?limit=-1"),
        std::string("/api/v1/sessions?limit=99999999999999999999"),
        std::string("/api/v1/sessions?limit=5&limit=6"), std::string("/api/v1/sessions?X-Thing=1"),
        std::string("/api/v1/sessions?status=old"), std::string("/api/v1/sessions?stauts=active"),
        std::string("/api/v1/sessions?cursor=zzz"), "/api/v1/sessions/" + id + "?limit=0",
        "/api/v1/sessions/" + id + "?status=active", "/api/v1/sessions/" + id + "?cursor=zzz"}) {
    const auto call = rig.ask(request_of("GET", target));
    EXPECT_EQ(call->writer.status, 400u) << target;
    EXPECT_EQ(text_at(call->writer.body, {"error_code"}), "INVALID_REQUEST") << target;
  }
  EXPECT_EQ(rig.ask(request_of("GET", "/api/v1/sessions?limit=500"))->writer.status, 200u);
  // A presigned request carries its proof beside the route's own parameters.
  EXPECT_EQ(
      rig.ask(request_of("GET", "/api/v1/sessions?X-Amz-Date=1&limit=5&X-Amz-Signature=0"))->writer.status,
      200u);
}

TEST_F(SessionEndpointsTest, ShowsTheHistoryOfASession) {
  const std::string id = create();
  rig.runtime.play = [](const invocations::RuntimeRequest&) {
    return test::FakeRuntime::Play{{}, test::FakeRuntime::Play::End::complete, R"({"n":1.50})"};
  };
  const auto good = rig.ask(test::invoke_request(test::invoke_body(id)));
  rig.runtime.play = [](const invocations::RuntimeRequest&) {
    return test::FakeRuntime::Play{
        {}, test::FakeRuntime::Play::End::fail, "", make_error(Errc::timeout, "slow")};
  };
  const auto bad = rig.ask(test::invoke_request(test::invoke_body(id)));
  const auto call = rig.ask(request_of("GET", "/api/v1/sessions/" + id));
  EXPECT_EQ(call->writer.status, 200u);
  EXPECT_EQ(keys_of(call->writer.body),
            (std::vector<std::string>{"session_id", "status", "created_at", "last_interaction_at",
                                      "interaction_count", "interactions", "next_cursor"}));
  const auto interactions = elements_of(value_at(call->writer.body, {"interactions"}));
  ASSERT_EQ(interactions.size(), 2u);
  EXPECT_EQ(value_at(interactions[0], {"response"}), good->writer.body) << "kept byte for byte";
  EXPECT_EQ(text_at(interactions[0], {"status"}), "success");
  EXPECT_EQ(text_at(interactions[0], {"prompt"}), "EY283 is three hours late");
  EXPECT_EQ(text_at(interactions[0], {"session_id"}), id);
  EXPECT_EQ(value_at(interactions[0], {"error_message"}), "");
  EXPECT_EQ(value_at(interactions[1], {"response"}), bad->writer.body);
  EXPECT_EQ(text_at(interactions[1], {"status"}), "timeout");
  EXPECT_EQ(text_at(interactions[1], {"error_message"}), "slow");
}

TEST_F(SessionEndpointsTest, TellsStrangersAndTheLostTheSame) {
  const std::string id = create();
  const std::string never = SessionId::generate(rig.random).str();
  const auto without_ids = [](const std::string& body) {
    std::string out =
        text_at(body, {"error_code"}) + text_at(body, {"error_message"}) + value_at(body, {"details"});
    return out;
  };
  for (const auto* method : {"GET", "DELETE", "HEAD"}) {
    std::set<std::string> answers;
    for (const std::string& asked : {id, never, std::string("no-uuid")}) {
      http::Request request = request_of(method, "/api/v1/sessions/" + asked);
      request.headers.set("X-Principal", "mallory");
      const auto call = rig.ask(request);
      EXPECT_EQ(call->writer.status, 404u) << method;
      answers.insert(without_ids(call->writer.body));
    }
    EXPECT_EQ(answers.size(), 1u);
  }
  EXPECT_TRUE(rig.store.contains(*SessionId::parse(id)));
}

TEST_F(SessionEndpointsTest, ErasesASession) {
  const std::string id = create();
  const auto call = rig.ask(request_of("DELETE", "/api/v1/sessions/" + id));
  EXPECT_EQ(call->writer.status, 204u);
  EXPECT_EQ(call->writer.body, "");
  EXPECT_FALSE(rig.store.contains(*SessionId::parse(id)));
  EXPECT_EQ(rig.ask(request_of("DELETE", "/api/v1/sessions/" + id))->writer.status, 404u);
}

TEST_F(SessionEndpointsTest, HasTheRuntimeForgetWhatItErases) {
  const std::string id = create();
  EXPECT_EQ(rig.ask(request_of("DELETE", "/api/v1/sessions/" + id))->writer.status, 204u);
  EXPECT_EQ(rig.runtime.forgotten, std::vector<SessionId>{*SessionId::parse(id)});
  EXPECT_EQ(rig.ask(request_of("DELETE", "/api/v1/sessions/" + id))->writer.status, 404u);
  EXPECT_EQ(rig.runtime.forgotten.size(), 1u) << "of what is not there it is told nothing";
}

TEST_F(SessionEndpointsTest, ErasesWhatTheRuntimeCannotForget) {
  const std::string id = create();
  rig.runtime.forgets = make_error(Errc::runtime_error, "not now");
  EXPECT_EQ(rig.ask(request_of("DELETE", "/api/v1/sessions/" + id))->writer.status, 204u);
  EXPECT_FALSE(rig.store.contains(*SessionId::parse(id)));
}

TEST_F(SessionEndpointsTest, LeavesBusySessionsAlone) {
  const std::string id = create();
  rig.runtime.play = [](const invocations::RuntimeRequest&) {
    return test::FakeRuntime::Play{{}, test::FakeRuntime::Play::End::hang};
  };
  const auto running = rig.begin(test::invoke_request(test::invoke_body(id)));
  rig.settle();
  const auto call = rig.ask(request_of("DELETE", "/api/v1/sessions/" + id));
  EXPECT_EQ(call->writer.status, 409u);
  EXPECT_EQ(text_at(call->writer.body, {"error_code"}), "SESSION_BUSY");
  rig.gateway.stop_invocations(make_error(Errc::cancelled, "enough"));
  rig.finish(running);
  EXPECT_EQ(rig.ask(request_of("DELETE", "/api/v1/sessions/" + id))->writer.status, 204u);
}

TEST_F(SessionEndpointsTest, LetsNoTurnBeginWhileItErases) {
  const std::string id = create();
  rig.store.slowness = 100;
  const auto erasing = rig.begin(request_of("DELETE", "/api/v1/sessions/" + id));
  rig.step(20);
  rig.store.slowness = 0;
  const auto turn = rig.begin(test::invoke_request(test::invoke_body(id)));
  rig.step(40);
  ASSERT_FALSE(erasing->done);
  EXPECT_TRUE(rig.runtime.requests.empty()) << "it waits for the end of the session it knew";
  rig.finish(erasing);
  rig.finish(turn);
  EXPECT_EQ(erasing->writer.status, 204u);
  EXPECT_EQ(turn->writer.status, 200u);
  const auto history = rig.ask(request_of("GET", "/api/v1/sessions/" + id));
  EXPECT_EQ(elements_of(value_at(history->writer.body, {"interactions"})).size(), 1u);
}

TEST_F(SessionEndpointsTest, DoesNotShowTheTurnsOfOthers) {
  rig.runtime.play = [](const invocations::RuntimeRequest&) {
    return test::FakeRuntime::Play{{}, test::FakeRuntime::Play::End::hang};
  };
  const auto running = rig.begin(test::invoke_request());
  rig.settle();
  http::Request stranger =
      request_of("DELETE", "/api/v1/sessions/" + rig.runtime.requests.at(0).session_id.str());
  stranger.headers.set("X-Principal", "mallory");
  rig.store.slowness = 100;
  const auto call = rig.begin(stranger);
  rig.step(20);
  EXPECT_FALSE(call->done) << "the store is asked, as for a session that never was";
  rig.finish(call);
  EXPECT_EQ(text_at(call->writer.body, {"error_code"}), "SESSION_NOT_FOUND");
  rig.gateway.stop_invocations(make_error(Errc::cancelled, "enough"));
  rig.finish(running);
}

TEST_F(SessionEndpointsTest, AStrangersErasingDoesNotKeepTheOwnerOut) {
  const auto created = rig.ask(request_of("POST", "/api/v1/sessions"));
  const std::string session = text_at(created->writer.body, {"session_id"});
  http::Request stranger = request_of("DELETE", "/api/v1/sessions/" + session);
  stranger.headers.set("X-Principal", "mallory");
  rig.store.slowness = 100;
  const auto erasing = rig.begin(stranger);
  rig.step(20);
  ASSERT_FALSE(erasing->done);
  rig.store.slowness = 0;
  const auto invoked = rig.ask(
      test::invoke_request(R"({"prompt":"EY283 is three hours late","session_id":")" + session + "\"}"));
  EXPECT_EQ(invoked->writer.status, 200u) << invoked->writer.body;
  rig.finish(erasing);
  EXPECT_EQ(text_at(erasing->writer.body, {"error_code"}), "SESSION_NOT_FOUND");
}

TEST_F(SessionEndpointsTest, SaysThatTheStoreIsDown) {
  rig.store.down = true;
  for (const auto& [method, target] : std::vector<std::pair<std::string, std::string>>{
           {"POST", "/api/v1/sessions"},
           {"GET", "/api/v1/sessions"},
           {"GET", "/api/v1/sessions/" + SessionId::generate(rig.random).str()},
           {"DELETE", "/api/v1/sessions/" + SessionId::generate(rig.random).str()}}) {
    const auto call = rig.ask(request_of(method, target));
    EXPECT_EQ(call->writer.status, 503u) << method << target;
    EXPECT_EQ(text_at(call->writer.body, {"error_code"}), "STORE_UNAVAILABLE");
  }
}

}  // namespace skymarshal::gateway::session_endpoints_test

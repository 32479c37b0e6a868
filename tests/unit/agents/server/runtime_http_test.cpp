#include "agents/server/runtime_http.hpp"

#include <string>

#include <gtest/gtest.h>

namespace skymarshal::agents::server::runtime_http_test {

TEST(RuntimeHttp, ReportsHealth) {
  const WallTime changed = from_unix_ms(1'767'225'600'999);
  EXPECT_EQ(answer_without_agents("GET", "/ping", false, changed).body,
            R"({"status":"Healthy","time_of_last_update":1767225600})");
  EXPECT_EQ(answer_without_agents("HEAD", "/ping", true, changed).body,
            R"({"status":"HealthyBusy","time_of_last_update":1767225600})");
}

TEST(RuntimeHttp, RefusesWhatIsNotThere) {
  EXPECT_EQ(answer_without_agents("GET", "/", false, {}).status, 404U);
  EXPECT_EQ(answer_without_agents("POST", "/ping", false, {}).headers.find("Allow"), "GET, HEAD");
  EXPECT_EQ(answer_without_agents("GET", "/invocations", false, {}).headers.find("Allow"), "POST");
  EXPECT_EQ(answer_without_agents("GET", "/invocations", false, {}).status, 405U);
}

TEST(RuntimeHttp, SaysWhatWsIs) {
  const http::Response response = answer_without_agents("GET", "/ws", false, {});
  EXPECT_EQ(response.status, 426U);
  EXPECT_EQ(response.headers.find("Upgrade"), "websocket");
  EXPECT_EQ(response.headers.find("Connection"), "Upgrade");
}

http::Request upgrade() {
  http::Request request;
  request.method = "GET";
  request.target = "/ws?qualifier=DEFAULT";
  request.headers = {{"Connection", "keep-alive, Upgrade"}, {"Upgrade", "websocket"}};
  return request;
}

TEST(RuntimeHttp, KnowsWhoWantsAWebSocket) {
  EXPECT_TRUE(asks_for_websocket(upgrade()));
  http::Request other = upgrade();
  other.method = "POST";
  EXPECT_FALSE(asks_for_websocket(other));
  other = upgrade();
  other.target = "/ping";
  EXPECT_FALSE(asks_for_websocket(other));
  for (const char* field : {"Connection", "Upgrade"}) {
    other = upgrade();
    other.headers.remove(field);
    EXPECT_FALSE(asks_for_websocket(other)) << field;
    other.headers.add(field, "websockets, h2c");
    EXPECT_FALSE(asks_for_websocket(other)) << field;
  }
}

TEST(RuntimeHttp, KnowsWhoWantsEvents) {
  EXPECT_TRUE(asks_for_events({{"Accept", "text/event-stream"}}));
  EXPECT_TRUE(asks_for_events({{"Accept", "application/json;q=0.5, text/event-stream"}}));
  EXPECT_FALSE(asks_for_events({{"Accept", "application/json, text/event-stream"}}))
      << "JSON as good as the other";
  EXPECT_FALSE(asks_for_events({{"Accept", "text/event-stream;q=0, application/json"}}));
  EXPECT_FALSE(asks_for_events({{"Accept", "application/json"}}));
  EXPECT_FALSE(asks_for_events({}));
}

TEST(RuntimeHttp, CutsTheQueryOff) {
  EXPECT_EQ(path_of("/ws?qualifier=DEFAULT"), "/ws");
  EXPECT_EQ(path_of("/ping"), "/ping");
}

}  // namespace skymarshal::agents::server::runtime_http_test

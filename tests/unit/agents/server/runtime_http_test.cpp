#include "agents/server/runtime_http.hpp"

#include <string>

#include <gtest/gtest.h>

namespace skymarshal::agents::server {
namespace {

TEST(RuntimeHttp, ReportsHealth) {
  const WallTime changed = from_unix_ms(1'767'225'600'999);
  EXPECT_EQ(answer_without_agents("GET", "/ping", false, changed).body,
            R"({"status":"Healthy","time_of_last_update":1767225600})");
  EXPECT_EQ(answer_without_agents("HEAD", "/ping", true, changed).body,
            R"({"status":"HealthyBusy","time_of_last_update":1767225600})");
}

TEST(RuntimeHttp, RefusesWhatIsNotThere) {
  EXPECT_EQ(answer_without_agents("GET", "/", false, {}).status, 404);
  EXPECT_EQ(answer_without_agents("GET", "/ws", false, {}).status, 426);
  EXPECT_EQ(answer_without_agents("POST", "/ping", false, {}).allow, "GET, HEAD");
  EXPECT_EQ(answer_without_agents("GET", "/invocations", false, {}).allow, "POST");
  EXPECT_EQ(answer_without_agents("GET", "/invocations", false, {}).status, 405);
}

TEST(RuntimeHttp, WritesHeads) {
  EXPECT_EQ(answer_head({200, "{}"}, true),
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n");
  HttpAnswer refused = refuse(405, "METHOD_NOT_ALLOWED", "no");
  refused.allow = "POST";
  const std::string head = answer_head(refused, false);
  EXPECT_NE(head.find("Allow: POST\r\n"), std::string::npos);
  EXPECT_NE(head.find("Connection: close\r\n"), std::string::npos);
}

TEST(RuntimeHttp, FramesEvents) {
  EXPECT_EQ(stream_event("{}", false), "data: {}\n\n");
  EXPECT_EQ(stream_event("{}", true), "a\r\ndata: {}\n\n\r\n");
  EXPECT_NE(stream_head(true, true).find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_NE(stream_head(false, true).find("Connection: close"), std::string::npos);
}

TEST(RuntimeHttp, CutsTheQueryOff) {
  EXPECT_EQ(path_of("/ws?qualifier=DEFAULT"), "/ws");
  EXPECT_EQ(path_of("/ping"), "/ping");
}

}  // namespace
}  // namespace skymarshal::agents::server

#include "cli/invoke_events.hpp"

#include "gateway/event_stream.hpp"
#include "http/sse.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::invoke_events_test {

InvokeEvent read(std::string data) { return read_invoke_event(std::move(data)).value().event; }

TEST(InvokeEvents, ReadsWhatTheGatewayWrites) {
  http::SseParser parser;
  SystemRandom random;
  const auto request = RequestId::generate(random);
  const auto session = SessionId::generate(random);
  parser.feed(gateway::metadata_event(request, session, gateway::EventIds::no));
  const auto event = std::get<StreamStarted>(read(parser.next().value().data));
  EXPECT_EQ(event.request_id, request.view());
  EXPECT_EQ(event.session_id, session.view());
}

TEST(InvokeEvents, ReadsChunks) {
  const auto event = std::get<AgentSpoke>(
      read(R"({"type":"chunk","seq":1,"data":{"agent":"crew_compliance","status":"analyzing"}})"));
  EXPECT_EQ(event.agent, "crew_compliance");
  EXPECT_EQ(event.status, "analyzing");
}

TEST(InvokeEvents, FindsTheVerdictInsideOfACompletedAgent) {
  const auto event = std::get<AgentSpoke>(read(
      R"({"type":"chunk","data":{"agent":"x","status":"complete","partial_result":{"status":"rejected"}}})"));
  EXPECT_EQ(event.status, "rejected");
}

TEST(InvokeEvents, KeepsTheAnswerByteForByte) {
  const auto event = std::get<StreamCompleted>(
      read(R"({"type":"complete","seq":9,"data":{"big": 12345678901234567890.10, "x":1e5}})"));
  EXPECT_EQ(event.response, R"({"big": 12345678901234567890.10, "x":1e5})");
}

TEST(InvokeEvents, KnowsTheirPlaces) {
  EXPECT_EQ(read_invoke_event(R"({"type":"chunk","seq":17,"data":{}})")->seq, "17");
  EXPECT_EQ(read_invoke_event(R"({"type":"chunk","data":{}})")->seq, "");
  EXPECT_EQ(read_invoke_event(R"({"type":"chunk","seq":"x"})")->seq, "");
}

TEST(InvokeEvents, ReadsErrors) {
  const auto event = std::get<StreamFailed>(
      read(R"({"type":"error","error_code":"TIMEOUT","error_message":"too slow","request_id":"r",)"
           R"("error":{"code":"TIMEOUT","message":"too slow","details":{"stage":"total"}}})"));
  EXPECT_EQ(event.error_code, "TIMEOUT");
  EXPECT_EQ(event.error_message, "too slow");
  EXPECT_EQ(event.request_id, "r");
  EXPECT_EQ(event.details, R"({"stage":"total"})");
}

TEST(InvokeEvents, PassesOverWhatItDoesNotKnow) {
  for (const char* data : {R"({"type":"reconnect"})", R"({"type":"chunk","data":{"text":"hello"}})", "{}",
                           R"({"type":"chunk","data":[1]})", R"({"type":7})"}) {
    EXPECT_TRUE(std::holds_alternative<OtherEvent>(read(data))) << data;
  }
}

TEST(InvokeEvents, RefusesWhatIsNoObject) {
  for (const char* data : {"", "hello", "[1]", "{\"type\":", "\xff"}) {
    const auto event = read_invoke_event(data);
    ASSERT_FALSE(event.has_value()) << data;
    EXPECT_EQ(event.error().code, Errc::runtime_protocol_error);
  }
}

}  // namespace skymarshal::cli::invoke_events_test

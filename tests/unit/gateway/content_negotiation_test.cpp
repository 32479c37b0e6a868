// What a request's headers say about its body and the answer it wants.
#include "gateway/content_negotiation.hpp"

#include <gtest/gtest.h>

namespace skymarshal::gateway::content_negotiation_test {

http::Headers with(std::string name, std::string value) { return {{std::move(name), std::move(value)}}; }

TEST(ContentNegotiation, TakesJsonInUtf8) {
  for (const auto* type :
       {"application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=UTF-8", "application/json ; charset=\"utf-8\"", "application/json;",
        " application/json\t", "application/json; charset=utf8", "application/json; charset=\"UTF8\"",
        "application/json; Charset=\"u\\tf-8\"", "application/json; odata=verbose; charset=utf-8",
        "application/json; profile=\"a;charset=latin1\""}) {
    EXPECT_TRUE(check_body_headers(with("Content-Type", type))) << type;
  }
  EXPECT_TRUE(check_body_headers({}));
  EXPECT_TRUE(check_body_headers(with("Content-Encoding", "Identity")));
}

TEST(ContentNegotiation, RefusesOtherMediaTypes) {
  for (const auto* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "",
                           "application/json; charset=latin1", "application/jsonp", "application",
                           "application/json, text/plain", "text/json", "application/json; charset=utf-16",
                           "application/json; charset=\"latin1\"", "application/json; charset",
                           "application/json; charset=", "application/json; charset=utf-8; charset=latin1",
                           "application/json; a=\"", "application/json;charset=utf-8, application/json"}) {
    const auto checked = check_body_headers(with("Content-Type", type));
    ASSERT_FALSE(checked) << type;
    EXPECT_EQ(checked.error().code, Errc::unsupported_media_type) << type;
  }
}

TEST(ContentNegotiation, RefusesEncodedBodies) {
  for (const auto* encoding : {"gzip", "br", "identity, gzip"}) {
    const auto checked = check_body_headers(with("Content-Encoding", encoding));
    ASSERT_FALSE(checked) << encoding;
    EXPECT_EQ(checked.error().code, Errc::unsupported_media_type);
  }
}

TEST(ContentNegotiation, StreamsToWhoeverPrefersEventStream) {
  for (const auto* accept :
       {"text/event-stream", "TEXT/Event-Stream", "text/event-stream;q=0.5",
        "text/event-stream; q=1.000, */*;q=0.1", "text/event-stream;q=0.001",
        "text/event-stream; charset=utf-8", "text/*", "text/event-stream, application/json;q=0.9",
        "application/json;q=0, */*", "text/event-stream;q=0.2, text/*;q=0.1, application/*;q=0.1",
        "application/json;q=0.5, */*;q=0.1, text/event-stream;q=0.6",
        "text/event-stream,application/json;Q=0.5", "text/event-stream, application/json;q=2"}) {
    EXPECT_TRUE(prefers_event_stream(with("Accept", accept))) << accept;
  }
}

TEST(ContentNegotiation, AnswersEverybodyElseInJson) {
  for (const auto* accept :
       {"", "*/*", "application/json", "text/event-streams", "text/event-stream;q=0",
        "text/event-stream; q=0.000", "text/event-stream;charset=utf-8;Q=0",
        "text/html;x=\"text/event-stream\"", "text/html;x=\"a, text/event-stream\"",
        "text/event-stream;q=0.5, application/json", "application/json, text/event-stream",
        "text/event-stream, */*", "text/event-stream;q=0.5, */*;q=0.5", "text/event-stream;q=0, text/*",
        "text/*;q=0.9, application/*", "text/event-stream;q=x", "text/event-stream;q=1.001",
        "text/event-stream;q=-1", "text/event-stream;q="}) {
    EXPECT_FALSE(prefers_event_stream(with("Accept", accept))) << accept;
  }
  EXPECT_FALSE(prefers_event_stream({}));
}

TEST(ContentNegotiation, ReadsRepeatedAcceptFieldsAsOneList) {
  const http::Headers headers = {{"Accept", "application/json;q=0.5"}, {"accept", "text/event-stream"}};
  EXPECT_TRUE(prefers_event_stream(headers));
}

}  // namespace skymarshal::gateway::content_negotiation_test

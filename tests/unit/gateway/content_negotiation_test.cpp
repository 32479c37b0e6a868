// What a request's headers say about its body and the answer it wants.
#include "gateway/content_negotiation.hpp"

#include <gtest/gtest.h>

namespace skymarshal::gateway {
namespace {

http::Headers with(std::string name, std::string value) { return {{std::move(name), std::move(value)}}; }

TEST(ContentNegotiation, TakesJsonInUtf8) {
  for (const auto* type : {"application/json", "Application/JSON", "application/json; charset=utf-8",
                           "application/json;charset=UTF-8", "application/json ; charset=\"utf-8\"",
                           "application/json;", " application/json\t"}) {
    EXPECT_TRUE(check_invoke_headers(with("Content-Type", type))) << type;
  }
  EXPECT_TRUE(check_invoke_headers({}));
  EXPECT_TRUE(check_invoke_headers(with("Content-Encoding", "Identity")));
}

TEST(ContentNegotiation, RefusesOtherMediaTypes) {
  for (const auto* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "",
                           "application/json; charset=latin1", "application/jsonp", "application",
                           "application/json, text/plain", "text/json"}) {
    const auto checked = check_invoke_headers(with("Content-Type", type));
    ASSERT_FALSE(checked) << type;
    EXPECT_EQ(checked.error().code, Errc::unsupported_media_type) << type;
  }
}

TEST(ContentNegotiation, RefusesEncodedBodies) {
  for (const auto* encoding : {"gzip", "br", "identity, gzip"}) {
    const auto checked = check_invoke_headers(with("Content-Encoding", encoding));
    ASSERT_FALSE(checked) << encoding;
    EXPECT_EQ(checked.error().code, Errc::unsupported_media_type);
  }
}

TEST(ContentNegotiation, RefusesKeysItCannotHonour) {
  const auto checked = check_invoke_headers(with("idempotency-key", "k-1"));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, Errc::invalid_request);
}

TEST(ContentNegotiation, StreamsToWhoeverNamesEventStream) {
  for (const auto* accept : {"text/event-stream", "TEXT/Event-Stream", "application/json, text/event-stream",
                             "text/event-stream;q=0.5", "text/event-stream; q=1.000, */*;q=0.1",
                             "text/event-stream;q=0.001", "text/event-stream; charset=utf-8"}) {
    EXPECT_TRUE(accepts_event_stream(with("Accept", accept))) << accept;
  }
}

TEST(ContentNegotiation, StreamsToNobodyElse) {
  for (const auto* accept : {"", "*/*", "text/*", "application/json", "text/event-streams",
                             "text/event-stream;q=0", "text/event-stream; q=0.000",
                             "text/event-stream;charset=utf-8;Q=0", "text/html;x=\"text/event-stream\""}) {
    EXPECT_FALSE(accepts_event_stream(with("Accept", accept))) << accept;
  }
  EXPECT_FALSE(accepts_event_stream({}));
}

TEST(ContentNegotiation, ReadsRepeatedAcceptFieldsAsOneList) {
  const http::Headers headers = {{"Accept", "application/json"}, {"accept", "text/event-stream"}};
  EXPECT_TRUE(accepts_event_stream(headers));
}

}  // namespace
}  // namespace skymarshal::gateway

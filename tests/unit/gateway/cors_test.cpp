// Which web pages may call.
#include "gateway/cors.hpp"

#include <gtest/gtest.h>

namespace skymarshal::gateway {
namespace {

http::Headers headers_for(const CorsPolicy& policy, std::string_view origin) {
  http::Headers headers;
  policy.add_headers(origin, headers);
  return headers;
}

TEST(CorsPolicy, LetsEverybodyInByAStar) {
  const CorsPolicy policy({"*"});
  for (const auto* origin : {"", "https://ops.example", "null"}) {
    const http::Headers headers = headers_for(policy, origin);
    EXPECT_EQ(headers.find("Access-Control-Allow-Origin"), "*");
    EXPECT_FALSE(headers.find("Vary")) << "the answer is the same for all";
  }
}

TEST(CorsPolicy, EchoesAnOriginOfItsList) {
  const CorsPolicy policy({"https://ops.example", "http://localhost:5173"});
  for (const auto* origin : {"https://ops.example", "http://localhost:5173"}) {
    const http::Headers headers = headers_for(policy, origin);
    EXPECT_EQ(headers.find("Access-Control-Allow-Origin"), origin);
    EXPECT_EQ(headers.find("Vary"), "Origin");
  }
}

TEST(CorsPolicy, NamesTheFirstOfItsListToEverybodyElse) {
  const CorsPolicy policy({"https://ops.example", "http://localhost:5173"});
  for (const auto* origin : {"", "https://evil.example", "https://ops.example.evil", "https://OPS.example",
                             "http://ops.example", "https://ops.example:8443"}) {
    const http::Headers headers = headers_for(policy, origin);
    EXPECT_EQ(headers.find("Access-Control-Allow-Origin"), "https://ops.example") << origin;
    EXPECT_EQ(headers.find("Vary"), "Origin");
  }
}

TEST(CorsPolicy, ShowsPagesTheHeadersOfOurs) {
  const http::Headers headers = headers_for(CorsPolicy({"*"}), "");
  const std::string shown(headers.find("Access-Control-Expose-Headers").value_or(""));
  for (const auto* name :
       {"X-Request-Id", "X-Api-Version", "Server-Timing", "Retry-After", "Location", "X-Session-Persisted",
        "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "WWW-Authenticate"}) {
    EXPECT_NE(shown.find(name), std::string::npos) << name;
  }
}

TEST(CorsPolicy, TellsPreflightsWhatMayBeSent) {
  http::Headers headers;
  CorsPolicy({"*"}).add_preflight_headers(headers);
  const std::string methods(headers.find("Access-Control-Allow-Methods").value_or(""));
  for (const auto* name : {"GET", "HEAD", "POST", "DELETE", "OPTIONS"}) {
    EXPECT_NE(methods.find(name), std::string::npos) << name;
  }
  const std::string fields(headers.find("Access-Control-Allow-Headers").value_or(""));
  for (const auto* name :
       {"Authorization", "Content-Type", "Accept", "Prefer", "Idempotency-Key", "Last-Event-ID", "X-Amz-Date",
        "X-Amz-Security-Token", "X-Amz-Content-Sha256", "X-Skymarshal-Server-Id"}) {
    EXPECT_NE(fields.find(name), std::string::npos) << name;
  }
  EXPECT_TRUE(headers.find("Access-Control-Max-Age"));
}

}  // namespace
}  // namespace skymarshal::gateway

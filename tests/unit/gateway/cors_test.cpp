// Which web pages may call.
#include "gateway/cors.hpp"

#include <gtest/gtest.h>

namespace skymarshal::gateway::cors_test {

/// Of the answer to a request that was sent to `host`, by a page of `origin`; empty for none.
http::Headers headers_for(const CorsPolicy& policy, std::string_view origin,
                          std::string_view host = "gateway.example") {
  http::Headers request;
  if (!host.empty()) request.add("Host", std::string(host));
  if (!origin.empty()) request.add("Origin", std::string(origin));
  http::Headers headers;
  policy.add_headers(request, headers);
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

struct OwnOrigin {
  const char* own_scheme;
  const char* host;
  const char* origin;
  const char* named;
};

TEST(CorsPolicy, WithoutAListPagesOfTheOriginThatWasAskedMayCall) {
  for (const OwnOrigin& each : {
           // Whatever is listened on, 0.0.0.0 and a port of the system's choice included.
           OwnOrigin{"http", "127.0.0.1:41234", "http://127.0.0.1:41234", "http://127.0.0.1:41234"},
           OwnOrigin{"http", "[::1]:41234", "http://[::1]:41234", "http://[::1]:41234"},
           OwnOrigin{"https", "gw.example", "https://gw.example", "https://gw.example"},
           // Behind a proxy that speaks HTTPS for us and says which host was asked, with the port or without.
           OwnOrigin{"http", "gw.example", "https://gw.example", "https://gw.example"},
           OwnOrigin{"http", "gw.example:443", "https://gw.example", "https://gw.example"},
           OwnOrigin{"http", "gw.example:80", "http://gw.example", "http://gw.example"},
       }) {
    const http::Headers headers = headers_for(CorsPolicy({}, each.own_scheme), each.origin, each.host);
    EXPECT_EQ(headers.find("Access-Control-Allow-Origin"), each.named) << each.host;
    EXPECT_EQ(headers.find("Vary"), "Origin");
  }
}

TEST(CorsPolicy, WithoutAListNoOtherPageMayCall) {
  for (const OwnOrigin& each : {
           OwnOrigin{"http", "gw.example", "https://evil.example", "http://gw.example"},
           OwnOrigin{"http", "gw.example:8080", "http://gw.example", "http://gw.example:8080"},
           OwnOrigin{"http", "gw.example", "https://gw.example.evil.example", "http://gw.example"},
           // A page that came without TLS could have been forged on its way.
           OwnOrigin{"https", "gw.example", "http://gw.example", "https://gw.example"},
           OwnOrigin{"http", "gw.example", "null", "http://gw.example"},
           OwnOrigin{"http", "gw.example", "", "http://gw.example"},
           OwnOrigin{"http", "", "https://evil.example", "http://localhost"},
       }) {
    const http::Headers headers = headers_for(CorsPolicy({}, each.own_scheme), each.origin, each.host);
    EXPECT_EQ(headers.find("Access-Control-Allow-Origin"), each.named) << each.origin;
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
  ASSERT_TRUE(CorsPolicy({"*"}).add_preflight_headers({}, headers));
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

/// What a preflight that asks for `names` may send; empty if it is refused.
std::string allowed(const std::string& names) {
  http::Headers headers;
  const http::Headers asked = {{"Access-Control-Request-Headers", names}};
  if (!CorsPolicy({"*"}).add_preflight_headers(asked, headers)) return {};
  return std::string(headers.find("Access-Control-Allow-Headers").value_or(""));
}

std::string names_of(int count) {
  std::string names = "x0";
  for (int i = 1; i < count; ++i) names += ",x" + std::to_string(i);
  return names;
}

TEST(CorsPolicy, AllowsTheHeadersThatAPreflightAsksFor) {
  EXPECT_EQ(allowed("amz-sdk-request,x-amz-user-agent,cache-control"),
            "amz-sdk-request, x-amz-user-agent, cache-control");
  EXPECT_EQ(allowed(" X-Anything ,, authorization"), "X-Anything, authorization");
  EXPECT_NE(allowed(names_of(64)), "");
}

TEST(CorsPolicy, RefusesWhatAreNoHeaderNames) {
  for (const char* names : {"a b", "x-a:b", "\"x\"", "x-\xC3\xA9", "a;b", "a,b/c", "x\r\nSet-Cookie: y"})
    EXPECT_EQ(allowed(names), "") << names;
  EXPECT_EQ(allowed(names_of(65)), "");
  http::Headers headers;
  const auto refused =
      CorsPolicy({"*"}).add_preflight_headers({{"Access-Control-Request-Headers", "a b"}}, headers);
  EXPECT_EQ(refused.error().code, Errc::invalid_request);
}

}  // namespace skymarshal::gateway::cors_test

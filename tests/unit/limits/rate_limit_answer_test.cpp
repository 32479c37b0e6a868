// What callers are told of their limits.
#include "limits/rate_limit_answer.hpp"

#include "support/json_text.hpp"

#include <gtest/gtest.h>

namespace skymarshal::limits::rate_limit_answer_test {

RateDecision decision_of(std::int64_t requests) {
  RateDecision decision;
  decision.limit = {requests, Milliseconds(60'000)};
  decision.remaining = 41;
  decision.reset_after = Milliseconds(12'001);
  return decision;
}

RateDecision refusal_of(Milliseconds retry_after, bool by_account) {
  RateDecision decision = decision_of(100);
  decision.admitted = false;
  decision.by_account = by_account;
  decision.exceeded = by_account ? RateLimit{250, Milliseconds(1'500)} : decision.limit;
  decision.retry_after = retry_after;
  return decision;
}

TEST(RateLimitHeaders, TellLimitRestAndWhenThereIsMore) {
  http::Headers headers;
  add_rate_limit_headers(decision_of(100), headers);
  EXPECT_EQ(headers.find("RateLimit-Limit"), "100");
  EXPECT_EQ(headers.find("RateLimit-Remaining"), "41");
  EXPECT_EQ(headers.find("RateLimit-Reset"), "13");
}

TEST(RateLimitHeaders, AreAbsentWhereThereIsNoLimit) {
  http::Headers headers;
  add_rate_limit_headers(decision_of(0), headers);
  EXPECT_EQ(headers.begin(), headers.end());
}

TEST(RateLimited, TellsWhoseLimitItWasAndWhenToComeBack) {
  const Error own = rate_limited(refusal_of(Milliseconds(12'001), false));
  EXPECT_EQ(own.code, Errc::rate_limited);
  EXPECT_EQ(own.retry_after, std::chrono::seconds(13));
  EXPECT_EQ(own.message, "you have used up your requests, 100 in any 60 s: try again in 13 s");
  EXPECT_EQ(own.details, R"({"scope":"principal","limit":100,"window_ms":60000,"retry_after_ms":12001})");

  const Error shared = rate_limited(refusal_of(Milliseconds(1'000), true));
  EXPECT_EQ(shared.retry_after, std::chrono::seconds(1));
  EXPECT_EQ(shared.message,
            "the gateway as a whole has taken all the requests it takes, 250 in any 1500 ms: "
            "try again in 1 s");
  EXPECT_EQ(shared.details, R"({"scope":"account","limit":250,"window_ms":1500,"retry_after_ms":1000})");
}

TEST(RateLimited, AsksForAtLeastASecond) {
  EXPECT_EQ(rate_limited(refusal_of(Milliseconds(1), false)).retry_after, std::chrono::seconds(1));
  EXPECT_EQ(rate_limited(refusal_of(Milliseconds(0), true)).retry_after, std::chrono::seconds(1));
}

}  // namespace skymarshal::limits::rate_limit_answer_test

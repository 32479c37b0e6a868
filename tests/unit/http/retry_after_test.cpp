// When a busy runtime wants to be asked again.
#include "http/retry_after.hpp"

#include "base/time_format.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::http::retry_after_test {

using std::chrono::seconds;

// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110 section 5.6.7, less 17 seconds.
const WallTime now = *parse_iso8601("1994-11-06T08:49:20.000Z");

TEST(RetryAfter, TakesSeconds) {
  EXPECT_EQ(parse_retry_after("17", now), seconds(17));
  EXPECT_EQ(parse_retry_after(" 17 ", now), seconds(17));
}

TEST(RetryAfter, TakesDatesInEachForm) {
  for (const auto* date :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(parse_retry_after(date, now), seconds(17)) << date;
  }
}

TEST(RetryAfter, OfAWaitOfOursIsLongEnoughForIt) {
  EXPECT_EQ(retry_after(Milliseconds(2'000)), seconds(2));
  EXPECT_EQ(retry_after(Milliseconds(2'001)), seconds(3));
  EXPECT_EQ(retry_after(Milliseconds(0)), retry_after_min);
}

TEST(RetryAfter, IsNeverOutsideOfItsBounds) {
  EXPECT_EQ(parse_retry_after("0", now), retry_after_min);
  EXPECT_EQ(parse_retry_after("86400", now), retry_after_max);
  EXPECT_EQ(parse_retry_after("99999999999999999999999", now), retry_after_max);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), retry_after_min) << "it is over";
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 2094 08:49:37 GMT", now), retry_after_max);
}

TEST(RetryAfter, TakesNothingElse) {
  for (const auto* value : {"", " ", "soon", "-1", "1.5", "17 seconds", "Sun, 06 Nov 1994", "17, 18"}) {
    EXPECT_EQ(parse_retry_after(value, now), std::nullopt) << value;
    EXPECT_EQ(parse_retry_after_seconds(value), std::nullopt) << value;
  }
  EXPECT_EQ(parse_retry_after_seconds("Sun, 06 Nov 1994 08:49:37 GMT"), std::nullopt);
}

RC_GTEST_PROP(RetryAfter, ReadsTheDatesThatAreWritten, ()) {
  const auto wait = *rc::gen::inRange(1, 3600);
  RC_ASSERT(parse_retry_after(http_date(now + seconds(wait)), now) == seconds(wait));
}

}  // namespace skymarshal::http::retry_after_test

// Points in time as text, judged against the C library's calendar.
#include "base/time_format.hpp"

#include <ctime>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::time_format_test {

// 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.
constexpr std::int64_t first_ms = -62'167'219'200'000;
constexpr std::int64_t last_ms = 253'402'300'799'999;

TEST(Iso8601, WritesMillisecondsInUtc) {
  EXPECT_EQ(iso8601(from_unix_ms(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso8601(from_unix_ms(1'769'850'300'123)), "2026-01-31T09:05:00.123Z");
  EXPECT_EQ(iso8601(from_unix_ms(951'782'400'007)), "2000-02-29T00:00:00.007Z");
}

TEST(Iso8601, RoundsTimesBeforeTheEpochDown) {
  EXPECT_EQ(iso8601(from_unix_ms(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(iso8601(from_unix_ms(first_ms)), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(iso8601(from_unix_ms(last_ms)), "9999-12-31T23:59:59.999Z");
}

TEST(HttpDate, WritesImfFixdate) {
  EXPECT_EQ(http_date(from_unix_ms(1'769'850'300'123)), "Sat, 31 Jan 2026 09:05:00 GMT");
  EXPECT_EQ(http_date(from_unix_ms(784'111'777'000)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(from_unix_ms(-1)), "Wed, 31 Dec 1969 23:59:59 GMT");
}

TEST(HttpDate, ReadsTheThreeFormsAndNothingElse) {
  for (const char* const form :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    EXPECT_EQ(parse_http_date(form), from_unix_ms(784'111'777'000)) << form;
  for (const char* const form :
       {"", "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT+1"})
    EXPECT_FALSE(parse_http_date(form)) << form;
}

RC_GTEST_PROP(TimeFormat, AgreesWithTheCLibrary, ()) {
  const auto ms = *rc::gen::inRange<std::int64_t>(first_ms, last_ms + 1);
  const std::int64_t millisecond = ((ms % 1000) + 1000) % 1000;
  const std::time_t seconds = (ms - millisecond) / 1000;
  std::tm utc{};
  RC_ASSERT(gmtime_r(&seconds, &utc) != nullptr);
  const int year = utc.tm_year + 1900;
  RC_ASSERT(iso8601(from_unix_ms(ms)) == fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", year,
                                                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
                                                     utc.tm_sec, millisecond));
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%a, %d %b ", &utc);
  RC_ASSERT(http_date(from_unix_ms(ms)) == fmt::format("{}{:04} {:02}:{:02}:{:02} GMT", text.data(), year,
                                                       utc.tm_hour, utc.tm_min, utc.tm_sec));
}

RC_GTEST_PROP(Iso8601, SortsAsTextLikeTheTimesThemselves, ()) {
  const auto a = *rc::gen::inRange<std::int64_t>(first_ms, last_ms + 1);
  const auto b = *rc::gen::inRange<std::int64_t>(first_ms, last_ms + 1);
  RC_ASSERT((a < b) == (iso8601(from_unix_ms(a)) < iso8601(from_unix_ms(b))));
}

RC_GTEST_PROP(Iso8601, ReadsWhatItWrites, ()) {
  const auto ms = *rc::gen::inRange<std::int64_t>(first_ms, last_ms + 1);
  RC_ASSERT(parse_iso8601(iso8601(from_unix_ms(ms))) == from_unix_ms(ms));
}

TEST(Iso8601, ReadsTimesWithoutMilliseconds) {
  EXPECT_EQ(parse_iso8601("2026-01-31T09:05:07Z"), parse_iso8601("2026-01-31T09:05:07.000Z"));
  EXPECT_TRUE(parse_iso8601("2028-02-29T23:59:59Z"));
}

TEST(Iso8601, RefusesOtherFormsAndTimesThatDoNotExist) {
  for (const auto* text : {"",
                           "2026-01-31",
                           "2026-01-31T09:05:07",
                           "2026-01-31 09:05:07Z",
                           "2026-01-31t09:05:07Z",
                           "2026-01-31T09:05:07z",
                           "2026-01-31T09:05:07+00",
                           "2026-01-31T09:05:07,123Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-01-31T24:00:00Z",
                           "2026-01-31T09:60:00Z",
                           "2026-01-31T09:05:60Z",
                           "2026-01-31T09:05:0 Z",
                           "2026-01-31T09:05:07.12aZ",
                           "-026-01-31T09:05:07Z",
                           "+026-01-31T09:05:07Z",
                           "2026-01-31T09:05:07Z ",
                           "2026/01/31T09:05:07Z"}) {
    EXPECT_FALSE(parse_iso8601(text)) << text;
  }
}

RC_GTEST_PROP(UnixMs, IsTheInverseOfFromUnixMs, (std::int64_t ms)) {
  RC_ASSERT(unix_ms(from_unix_ms(ms)) == ms);
}

}  // namespace skymarshal::time_format_test

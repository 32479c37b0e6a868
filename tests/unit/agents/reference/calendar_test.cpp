#include "agents/reference/calendar.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::reference::calendar_test {

using std::chrono::minutes;

UtcMinutes instant(std::string_view text) { return parse_instant(text).value(); }
LocalMinutes local(std::string_view date, std::int32_t minute) {
  return LocalMinutes(std::chrono::local_days(parse_date(date).value())) + minutes(minute);
}

TEST(Calendar, KnowsWhichZonesExist) {
  EXPECT_TRUE(is_time_zone("Asia/Dubai"));
  EXPECT_TRUE(is_time_zone("Europe/London"));
  EXPECT_FALSE(is_time_zone("Europe/Atlantis"));
  EXPECT_FALSE(is_time_zone(""));
  EXPECT_FALSE(is_time_zone("../../etc/passwd"));
  EXPECT_FALSE(to_local("Europe/Atlantis", UtcMinutes()));
  EXPECT_FALSE(to_utc("Europe/Atlantis", LocalMinutes()));
}

TEST(Calendar, ConvertsAcrossSummerTime) {
  EXPECT_EQ(local_text(*to_local("Europe/London", instant("2026-01-15T12:00Z"))), "2026-01-15 12:00");
  EXPECT_EQ(local_text(*to_local("Europe/London", instant("2026-07-15T12:00Z"))), "2026-07-15 13:00");
  EXPECT_EQ(local_text(*to_local("Asia/Kolkata", instant("2026-07-15T20:00Z"))), "2026-07-16 01:30");
  EXPECT_EQ(*to_utc("Australia/Sydney", local("2026-06-16", 6 * 60)), instant("2026-06-15T20:00Z"));
}

TEST(Calendar, TakesTheFirstOfTwoAndTheChangeForNone) {
  // Clocks in Berlin go back at 3:00 on 2026-10-25 and forward at 2:00 on 2026-03-29.
  EXPECT_EQ(*to_utc("Europe/Berlin", local("2026-10-25", 150)), instant("2026-10-25T00:30Z"));
  EXPECT_EQ(*to_utc("Europe/Berlin", local("2026-03-29", 150)), instant("2026-03-29T01:00Z"));
}

TEST(Calendar, TellsZonesThatNeverChange) {
  EXPECT_EQ(fixed_offset_minutes("Asia/Dubai", std::chrono::year(2026)), 240);
  EXPECT_EQ(fixed_offset_minutes("Asia/Kolkata", std::chrono::year(2026)), 330);
  EXPECT_FALSE(fixed_offset_minutes("Europe/Paris", std::chrono::year(2026)));
}

TEST(Calendar, RefusesWhatIsNoDateOrInstant) {
  for (const char* text : {"", "2026-02-30", "2026-13-01", "26-01-01", "2026/01/01", "2026-01-0x"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
  for (const char* text : {"", "2026-01-01", "2026-01-01T24:00Z", "2026-01-01T00:60Z", "2026-01-01T00:00",
                           "2026-01-01 00:00Z", "2026-01-01T00:00+"}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

TEST(Calendar, CountsDays) {
  EXPECT_EQ(days_between(*parse_date("2026-02-27"), *parse_date("2026-03-02")), 3);
  EXPECT_EQ(days_between(*parse_date("2026-03-02"), *parse_date("2026-02-27")), -3);
  EXPECT_EQ(date_of(instant("2026-06-15T23:59Z")), *parse_date("2026-06-15"));
  EXPECT_EQ(minute_of_day(local("1969-12-31", 61)), 61);
}

RC_GTEST_PROP(Calendar, InstantsReadBackAsWritten, ()) {
  const auto written = UtcMinutes(minutes(*rc::gen::inRange(0, 60'000'000)));
  RC_ASSERT(parse_instant(instant_text(written)) == written);
}

RC_GTEST_PROP(Calendar, LocalTimesLeadBackToTheirInstant, ()) {
  const auto zone = *rc::gen::element<std::string>("Asia/Dubai", "Asia/Kolkata", "America/New_York",
                                                   "Australia/Lord_Howe", "Europe/Paris");
  const auto when = UtcMinutes(minutes(*rc::gen::inRange(25'000'000, 40'000'000)));
  const LocalMinutes there = to_local(zone, when).value();
  const UtcMinutes back = to_utc(zone, there).value();
  // The hour that comes twice leads back to its first time.
  RC_ASSERT(back == when || (back < when && to_local(zone, back) == there));
}

}  // namespace skymarshal::agents::reference::calendar_test

#include "agents/rules/duty_hours.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace skymarshal::agents::rules::duty_hours_test {

std::int32_t hours(std::span<const HoursLimit> limits, HoursKind kind) {
  const auto found =
      std::find_if(limits.begin(), limits.end(), [&](const HoursLimit& limit) { return limit.kind == kind; });
  return found != limits.end() ? found->hours_max : 0;
}

TEST(DutyHours, AgreeWithOroFtl210) {
  const auto limits = easa_hours_limits();
  EXPECT_EQ(hours(limits, HoursKind::duty_7_days), 60);
  EXPECT_EQ(hours(limits, HoursKind::duty_14_days), 110);
  EXPECT_EQ(hours(limits, HoursKind::duty_28_days), 190);
  EXPECT_EQ(hours(limits, HoursKind::flight_28_days), 100);
  EXPECT_EQ(hours(limits, HoursKind::flight_year), 900);
  EXPECT_EQ(hours(limits, HoursKind::flight_12_months), 1000);
  EXPECT_EQ(limits.front().minutes_max(), 3600);
}

TEST(DutyHours, AgreeWith117Point23) {
  const auto limits = faa_hours_limits();
  EXPECT_EQ(limits.size(), 4U);
  EXPECT_EQ(hours(limits, HoursKind::duty_7_days), 60);
  EXPECT_EQ(hours(limits, HoursKind::duty_28_days), 190);
  EXPECT_EQ(hours(limits, HoursKind::flight_28_days), 100);
  EXPECT_EQ(hours(limits, HoursKind::flight_12_months), 1000);
}

TEST(DutyHours, EveryLimitNamesItsSource) {
  for (const auto limits : {easa_hours_limits(), faa_hours_limits()}) {
    for (const HoursLimit& limit : limits) {
      EXPECT_FALSE(limit.citation.source.empty());
      EXPECT_EQ(limit.citation.effective.size(), 10U);
      EXPECT_FALSE(limit.what.empty());
    }
  }
}

TEST(DutyHours, RestIsAtLeastThePrecedingDutyAndTwelveHoursAtHomeTenAway) {
  EXPECT_EQ(easa_rest_minutes_min(480, true), 720);
  EXPECT_EQ(easa_rest_minutes_min(480, false), 600);
  EXPECT_EQ(easa_rest_minutes_min(721, true), 721);
  EXPECT_EQ(easa_rest_minutes_min(660, false), 660);
  EXPECT_EQ(faa_rest_minutes, 600);
  EXPECT_EQ(faa_sleep_minutes, 480);
}

}  // namespace skymarshal::agents::rules::duty_hours_test

#include "agents/assessment/understanding.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::stated_values_test {

using test::at;
using test::situation_of;

TEST(StatedValues, ADateMakesInstantsOfTimes) {
  const Situation situation =
      situation_of("EY283 BKK-AUH on 2026-06-15, STD 09:30, STA 12:55, 3 hours delay");
  EXPECT_EQ(situation.departure->value, at("2026-06-15T02:30Z"));
  EXPECT_EQ(situation.arrival->value, at("2026-06-15T08:55Z"));
  EXPECT_EQ(reference::local_text(situation.local_arrival->value), "2026-06-15 12:55");
}

TEST(StatedValues, TheArrivalIsTheFirstOneAfterTheDeparture) {
  const Situation night = situation_of("BA15 LHR-DXB on 2026-06-15, STD 20:15, STA 06:10");
  EXPECT_EQ(reference::local_text(night.local_arrival->value), "2026-06-16 06:10");
  // 20:15 in London is 05:15 in Sydney already: 05:10 comes the day after that.
  const Situation longest = situation_of("QF2 LHR-SYD on 2026-06-15, STD 20:15, STA 05:10");
  EXPECT_EQ(reference::local_text(longest.local_arrival->value), "2026-06-17 05:10");
}

TEST(StatedValues, WithoutADateTimesStayLocal) {
  const Situation situation = situation_of("EY283 BKK-AUH STD 09:30 STA 12:55, 3 hours delay");
  EXPECT_FALSE(situation.departure);
  EXPECT_EQ(reference::minute_of_day(situation.local_departure->value), 9 * 60 + 30);
  EXPECT_EQ(reference::minute_of_day(situation.local_arrival->value), 12 * 60 + 55);
}

TEST(StatedValues, UtcWithoutADateNeedsAZoneThatNeverChanges) {
  const Situation fixed = situation_of("EY283 BKK-AUH STD 0230Z, 3 hours delay");
  EXPECT_EQ(reference::minute_of_day(fixed.local_departure->value), 9 * 60 + 30);
  EXPECT_FALSE(situation_of("BA15 LHR-SIN STD 2030Z, 3 hours delay").local_departure);
}

TEST(StatedValues, UtcTimesFallOnTheLocalDateThatWasStated) {
  const Situation situation = situation_of("QF1 SYD-SIN on 2026-06-15 STD 0055Z");
  EXPECT_EQ(situation.departure->value, at("2026-06-15T00:55Z"));
  const Situation evening = situation_of("QF1 SYD-SIN on 2026-06-15 STD 2255Z");
  EXPECT_EQ(evening.departure->value, at("2026-06-14T22:55Z"));
}

TEST(StatedValues, AnEstimateIsADelayWhereTheTimetableIsKnown) {
  const Situation situation = situation_of("EY283 BKK-AUH STD 09:30, new ETD 12:45");
  ASSERT_TRUE(situation.delay);
  EXPECT_EQ(situation.delay->value, (Delay{195, 195}));
  EXPECT_NE(situation.delay->source.find("09:30"), std::string::npos);
  EXPECT_FALSE(situation_of("EY283 BKK-AUH new ETD 12:45").delay);
}

TEST(StatedValues, AnEstimateAfterMidnightIsOfTheNextDay) {
  EXPECT_EQ(situation_of("EY283 BKK-AUH STD 23:00, new ETD 01:00").delay->value, (Delay{120, 120}));
}

TEST(StatedValues, ThePromptHoldsAndTheDifferenceIsNoted) {
  test::SampleDay day;
  const Situation situation = day.situation_of("EY283 on A6-BND has 250 passengers and 3 hours delay");
  EXPECT_EQ(situation.registration->value, "A6-BND");
  EXPECT_EQ(situation.passengers->value, 250);
  ASSERT_EQ(situation.notes.size(), 2U);
  EXPECT_NE(situation.notes[0].find("A6-BNC"), std::string::npos);
  EXPECT_NE(situation.notes[1].find("286"), std::string::npos);
}

TEST(StatedValues, DistanceIsTheGreatCircle) {
  const Situation situation = situation_of("LH400 FRA-JFK is late");
  EXPECT_NEAR(situation.distance_km->value, 6185, 25);
  EXPECT_EQ(situation.airline->value.country, "DE");
  EXPECT_EQ(situation.airline->source, "built-in airlines: LH");
}

}  // namespace skymarshal::agents::assessment::stated_values_test

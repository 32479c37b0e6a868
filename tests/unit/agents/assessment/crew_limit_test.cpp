#include "agents/assessment/crew.hpp"
#include "unit/agents/assessment/crew_day.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::crew_limit_test {

using namespace test;

constexpr std::int32_t hours(std::int32_t count) { return count * 60; }

ops::Operator airline(std::string country, std::string regime) { return {"XX", "Airline", country, regime}; }

DutyOutlook known_outlook() {
  DutyOutlook outlook;
  outlook.start_minute = hours(7);
  outlook.sectors = 2;
  outlook.acclimatised = true;
  outlook.rest_facility = 0;
  return outlook;
}

TEST(CrewLimit, TheStateOfTheOperatorDecidesAndElseItsScheme) {
  EXPECT_EQ(duty_regime_of(airline("DE", "faa117")), DutyRegime::easa);
  EXPECT_EQ(duty_regime_of(airline("NO", "")), DutyRegime::easa);
  EXPECT_EQ(duty_regime_of(airline("CH", "")), DutyRegime::easa);
  EXPECT_EQ(duty_regime_of(airline("GB", "")), DutyRegime::easa);
  EXPECT_EQ(duty_regime_of(airline("US", "easa")), DutyRegime::faa117);
  EXPECT_EQ(duty_regime_of(airline("AE", "easa")), DutyRegime::easa);
  EXPECT_EQ(duty_regime_of(airline("AE", "faa117")), DutyRegime::faa117);
  EXPECT_EQ(duty_regime_of(airline("AE", "")), DutyRegime::not_on_file);
}

TEST(CrewLimit, SentencesTellLawFromScheme) {
  EXPECT_NE(regime_text(DutyRegime::easa, airline("AE", "easa")).find("scheme"), std::string_view::npos);
  EXPECT_EQ(regime_text(DutyRegime::easa, airline("DE", "")), "EASA Subpart FTL");
  EXPECT_EQ(regime_text(DutyRegime::faa117, airline("US", "")), "FAA Part 117");
}

TEST(CrewLimit, WhatIsNotOnFileHasNoLimit) {
  EXPECT_FALSE(limit_of(DutyRegime::not_on_file, known_outlook()).has_value());
}

TEST(CrewLimit, AKnownDutyHasOneLimit) {
  const auto range = limit_of(DutyRegime::easa, known_outlook());
  ASSERT_TRUE(range.has_value());
  EXPECT_TRUE(range->exact());
  EXPECT_EQ(range->least.minutes, hours(13));
  EXPECT_EQ(limit_of(DutyRegime::faa117, known_outlook())->least.minutes, hours(14));
}

TEST(CrewLimit, MissingFactsMakeARange) {
  DutyOutlook outlook = known_outlook();
  outlook.start_minute = std::nullopt;
  EXPECT_EQ(limit_of(DutyRegime::easa, outlook)->least.minutes, hours(11));
  EXPECT_EQ(limit_of(DutyRegime::easa, outlook)->most.minutes, hours(13));
  outlook.sectors = std::nullopt;
  EXPECT_EQ(limit_of(DutyRegime::easa, outlook)->least.minutes, hours(9));
  outlook.pilots = std::nullopt;
  outlook.rest_facility = std::nullopt;
  EXPECT_EQ(limit_of(DutyRegime::easa, outlook)->most.minutes, hours(17));
  EXPECT_FALSE(easa_duty_of(outlook).has_value());
}

TEST(CrewLimit, StandbyAtTheAirportTakesFromTheLimitAfterFourHoursElsewhereAfterSix) {
  DutyOutlook outlook = known_outlook();
  outlook.relief = true;
  outlook.standby_minutes = hours(7);
  EXPECT_EQ(limit_of(DutyRegime::easa, outlook)->least.minutes, hours(12));
  outlook.airport_standby = true;
  EXPECT_EQ(limit_of(DutyRegime::easa, outlook)->least.minutes, hours(10));
  outlook.airport_standby = false;
  outlook.pilots = 3;
  outlook.rest_facility = 1;
  EXPECT_EQ(limit_of(DutyRegime::easa, outlook)->least.minutes, hours(16));
}

TEST(CrewLimit, ReserveAndDutyTogetherAreLimitedUnderPart117) {
  DutyOutlook outlook = known_outlook();
  outlook.relief = true;
  outlook.standby_minutes = hours(2);
  EXPECT_EQ(limit_of(DutyRegime::faa117, outlook)->least.minutes, hours(14));
  outlook.standby_minutes = hours(5);
  EXPECT_EQ(limit_of(DutyRegime::faa117, outlook)->least.minutes, hours(11));
  outlook.airport_standby = true;
  EXPECT_EQ(limit_of(DutyRegime::faa117, outlook)->least.minutes, hours(9));
}

TEST(CrewLimit, OfAReliefCrewTheTightestStartSinceItsEarliestReportHolds) {
  DutyOutlook outlook = known_outlook();
  outlook.relief = true;
  outlook.earliest_report = at("2026-06-15T03:00Z");
  outlook.report = at("2026-06-15T05:00Z");
  outlook.earliest_start_minute = hours(5);
  const auto range = limit_of(DutyRegime::easa, outlook);
  EXPECT_EQ(range->least.minutes, hours(12));
  EXPECT_TRUE(range->exact());
}

RC_GTEST_PROP(CrewLimitProperty, KnowingMoreNeverLeavesTheRange, ()) {
  const DutyRegime regime = *rc::gen::element(DutyRegime::easa, DutyRegime::faa117);
  DutyOutlook outlook = known_outlook();
  outlook.start_minute = *rc::gen::inRange(0, 1440);
  outlook.sectors = *rc::gen::inRange(1, 11);
  outlook.pilots = *rc::gen::inRange(3, 5);
  outlook.rest_facility = *rc::gen::inRange(0, 4);
  const auto exact = limit_of(regime, outlook);
  if (*rc::gen::arbitrary<bool>()) outlook.start_minute = std::nullopt;
  if (*rc::gen::arbitrary<bool>()) outlook.sectors = std::nullopt;
  if (*rc::gen::arbitrary<bool>()) outlook.pilots = std::nullopt;
  if (*rc::gen::arbitrary<bool>()) outlook.rest_facility = std::nullopt;
  const auto range = limit_of(regime, outlook);
  RC_ASSERT(range->least.minutes <= exact->least.minutes);
  RC_ASSERT(range->most.minutes >= exact->most.minutes);
}

}  // namespace skymarshal::agents::assessment::crew_limit_test

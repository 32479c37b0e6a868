#include "agents/assessment/recovery.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::recovery_plans_test {

using test::situation_of;

std::vector<PossiblePlan> of_kind(const Situation& situation, PlanKind kind) {
  std::vector<PossiblePlan> plans = possible_plans(situation);
  std::erase_if(plans, [&](const PossiblePlan& possible) { return possible.plan.kind != kind; });
  return plans;
}

TEST(RecoveryPlans, OnTheGroundEveryKindIsNamed) {
  const Situation situation = situation_of("EY283 BKK-AUH hydraulic fault, 3 hours delay");
  for (const PlanKind kind : {PlanKind::operate_with_delay, PlanKind::swap_aircraft, PlanKind::change_crew,
                              PlanKind::reroute, PlanKind::cancel_and_rebook}) {
    EXPECT_FALSE(of_kind(situation, kind).empty()) << name_of(kind);
  }
}

TEST(RecoveryPlans, InTheAirOneGoesOnOrDiverts) {
  const auto plans = possible_plans(situation_of("EY283 BKK-AUH is airborne, hydraulic fault"));
  ASSERT_EQ(plans.size(), 2U);
  EXPECT_EQ(plans[0].plan.kind, PlanKind::continue_flight);
  EXPECT_EQ(plans[1].plan.kind, PlanKind::divert);
}

TEST(RecoveryPlans, FromThePromptAloneTheyPresumeAndSaySo) {
  const Situation situation = situation_of("EY283 BKK-AUH hydraulic fault, 3 hours delay");
  EXPECT_TRUE(of_kind(situation, PlanKind::swap_aircraft)[0].barred_by.empty());
  EXPECT_FALSE(of_kind(situation, PlanKind::swap_aircraft)[0].assumptions.empty());
  EXPECT_FALSE(of_kind(situation, PlanKind::change_crew)[0].assumptions.empty());
}

TEST(RecoveryPlans, ANamedAircraftIsTheSwapEvenIfNobodyKnowsIt) {
  const auto swaps = of_kind(situation_of("EY283 BKK-AUH, swap A6-BNC to A6-XYZ"), PlanKind::swap_aircraft);
  ASSERT_EQ(swaps.size(), 1U);
  EXPECT_EQ(swaps[0].plan.replacement_registration, "A6-XYZ");
  EXPECT_EQ(swaps[0].title, "Swap A6-BNC for A6-XYZ");
}

TEST(RecoveryPlans, ReroutingHelpsOnlyAgainstWhatIsAtTheDestination) {
  const auto fault = of_kind(situation_of("EY283 BKK-AUH hydraulic fault, 3 hours delay"), PlanKind::reroute);
  EXPECT_NE(fault[0].barred_by.find("removes no cause"), std::string::npos);
  const auto closed =
      of_kind(situation_of("EY283 BKK-AUH, airport closed, 3 hours delay"), PlanKind::reroute);
  EXPECT_TRUE(closed[0].barred_by.empty());
  EXPECT_EQ(closed[0].plan.destination->iata, "DXB");
  EXPECT_NE(closed[0].title.find("DXB"), std::string::npos);
}

TEST(RecoveryPlans, AFullerAircraftThanTheSwapSaysWhoStays) {
  Situation situation = situation_of("EY283 BKK-AUH 286 passengers, 3 hours delay");
  situation.database = DatabaseUse::matched;
  situation.record = test::flight("EY283", "BKK", "AUH", "2026-06-15T02:30Z", "2026-06-15T08:55Z");
  situation.departure = Known<UtcMinutes>{situation.record->scheduled_departure, "test"};
  SwapCandidate small;
  small.aircraft.registration = "A6-AEA";
  small.aircraft.seats_economy = 158;
  small.ready = situation.departure->value;
  situation.candidates.push_back(small);
  const auto swaps = of_kind(situation, PlanKind::swap_aircraft);
  ASSERT_EQ(swaps.size(), 1U);
  EXPECT_EQ(swaps[0].assumptions.at(0), "286 passengers do not fit its 158 seats: 128 are rebooked.");
}

TEST(RecoveryPlans, TheDatabaseBarsWhatItDoesNotHave) {
  Situation situation = situation_of("EY283 BKK-AUH 3 hours delay");
  situation.database = DatabaseUse::matched;
  situation.record = test::flight("EY283", "BKK", "AUH", "2026-06-15T02:30Z", "2026-06-15T08:55Z");
  EXPECT_NE(of_kind(situation, PlanKind::swap_aircraft)[0].barred_by.find("BKK"), std::string::npos);
  EXPECT_NE(of_kind(situation, PlanKind::change_crew)[0].barred_by.find("BKK"), std::string::npos);
}

TEST(RecoveryPlans, AStandbyCrewNeedsItsCallOut) {
  Situation situation = situation_of("EY283 BKK-AUH 30 minutes delay, captain sick");
  ops::CrewDuty standby;
  standby.duty.id = "S-1";
  standby.duty.call_out_minutes = 90;
  situation.standbys.push_back(standby);
  const auto relieved = of_kind(situation, PlanKind::change_crew);
  ASSERT_EQ(relieved.size(), 1U);
  EXPECT_EQ(relieved[0].plan.relief_crew, &situation.standbys[0]);
  EXPECT_EQ(relieved[0].plan.departure_delay, (Delay{150, 150}));
}

TEST(RecoveryPlans, CrewsOfTheTypeComeFirst) {
  Situation situation = situation_of("EY283 BKK-AUH on a 787-9, captain sick, 30 minutes delay");
  const auto* type = reference::find_aircraft_type("B789");
  situation.aircraft_type = Known<const reference::AircraftType*>{type, "test"};
  for (const char* types : {"A320", "A320 A321", "B788 B789"}) {
    ops::CrewDuty crew;
    crew.duty.id = types;
    crew.members.resize(1);
    crew.members[0].types = types;
    situation.standbys.push_back(crew);
  }
  const auto relieved = of_kind(situation, PlanKind::change_crew);
  ASSERT_EQ(relieved.size(), 2U);
  EXPECT_EQ(relieved[0].plan.relief_crew->duty.id, "B788 B789");
  EXPECT_EQ(relieved[1].plan.relief_crew->duty.id, "A320");
}

TEST(RecoveryPlans, ThereAreNeverMoreSwapsThanAPersonReads) {
  Situation situation = situation_of("EY283 BKK-AUH 3 hours delay");
  situation.candidates.resize(6);
  EXPECT_EQ(of_kind(situation, PlanKind::swap_aircraft).size(), 3U);
}

TEST(RecoveryPlans, ACauseAtTheOriginIsNoReasonToRerouteAndNightsOnlyWhereTheyBar) {
  const auto barred = [](std::string_view prompt) {
    return !of_kind(situation_of(prompt), PlanKind::reroute)[0].barred_by.empty();
  };
  EXPECT_TRUE(barred("EY283 BKK-AUH 3 hours delay, fog at Bangkok"));
  EXPECT_FALSE(barred("EY283 BKK-AUH 3 hours delay, fog at Abu Dhabi"));
  EXPECT_TRUE(barred("EY1 AUH-FRA, STA 20:30, 1 hour delay"));
  EXPECT_FALSE(barred("EY1 AUH-FRA, STA 22:30, 1 hour delay"));
}

TEST(RecoveryPlans, WhatTheCauseHoldsUpIsNotHelpedByAnotherAircraftOrCrew) {
  test::SampleDay day;
  const Situation fog = day.situation_of("EY1 has 3 hours delay because of fog");
  for (const PlanKind kind : {PlanKind::swap_aircraft, PlanKind::change_crew}) {
    for (const PossiblePlan& possible : of_kind(fog, kind))
      EXPECT_NE(possible.barred_by, "") << possible.title;
  }
  const Situation fault = day.situation_of("EY1 has 3 hours delay because of a hydraulic fault");
  EXPECT_EQ(of_kind(fault, PlanKind::swap_aircraft)[0].barred_by, "");
  const Situation sick = day.situation_of("EY1 has 3 hours delay, captain sick");
  EXPECT_EQ(of_kind(sick, PlanKind::change_crew)[0].barred_by, "");
  const Situation nothing = day.situation_of("EY1 to Frankfurt, what now?");
  EXPECT_NE(of_kind(nothing, PlanKind::swap_aircraft)[0].barred_by, "");
}

TEST(RecoveryPlans, AReliefCrewEndsNoUnknownDelay) {
  test::SampleDay day;
  const Situation closed = day.situation_of("EY283: BKK closed");
  EXPECT_FALSE(of_kind(closed, PlanKind::change_crew)[0].plan.departure_delay.has_value());
  const Situation sick = day.situation_of("EY283: captain sick");
  EXPECT_TRUE(of_kind(sick, PlanKind::change_crew)[0].plan.departure_delay.has_value());
}

TEST(RecoveryPlans, AircraftThatTheCrewMayFlyComeFirst) {
  test::SampleDay day;
  const Situation situation = day.situation_of("EY19 has 3 hours delay, hydraulic fault");
  for (const PossiblePlan& possible : of_kind(situation, PlanKind::swap_aircraft)) {
    EXPECT_EQ(possible.plan.replacement->aircraft.type.substr(0, 3), "B78") << possible.title;
    break;
  }
}

TEST(RecoveryPlans, NothingAtTheOriginTakesOverADivertedFlight) {
  const Situation situation = situation_of("EY283 BKK-AUH diverted to MCT because of fog");
  for (const PlanKind kind : {PlanKind::swap_aircraft, PlanKind::change_crew, PlanKind::reroute})
    EXPECT_NE(of_kind(situation, kind)[0].barred_by, "") << name_of(kind);
  EXPECT_EQ(of_kind(situation, PlanKind::operate_with_delay)[0].title,
            "Fly EY283 on from where it diverted to");
}

TEST(RecoveryPlans, WithoutADelayAFlightOperatesAsPlanned) {
  EXPECT_EQ(of_kind(situation_of("EY283 BKK-AUH 0 minutes delay"), PlanKind::operate_with_delay)[0].title,
            "Operate EY283 as planned");
}

}  // namespace skymarshal::agents::assessment::recovery_plans_test

#include "agents/assessment/network.hpp"

#include "agents/assessment/agent.hpp"
#include "unit/agents/assessment/explained_numbers.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::network_test {

using test::at;
using test::delayed;
using test::flight;

ops::Airport airport(std::string iata) {
  ops::Airport made;
  made.iata = std::move(iata);
  return made;
}

ops::Aircraft aircraft(std::string registration, std::int32_t turnaround_minutes) {
  ops::Aircraft made;
  made.registration = std::move(registration);
  made.type = "B789";
  made.turnaround_minutes_min = turnaround_minutes;
  return made;
}

Connection connection(ops::Flight onward, std::int32_t passengers) {
  Connection made;
  made.final_destination = onward.destination;
  made.onward = std::move(onward);
  made.passengers = passengers;
  made.connecting_minutes_min = 60;
  return made;
}

/// XX1 BKK-AUH arrives at 09:00; its aircraft leaves at 10:30, 19:00 (ground 2 h) and 23:00 (ground 4 h).
Situation small_day() {
  Situation situation;
  situation.database = DatabaseUse::matched;
  situation.flight = Known<std::string>{"XX1", "test"};
  situation.origin = Known<ops::Airport>{airport("BKK"), "test"};
  situation.destination = Known<ops::Airport>{airport("AUH"), "test"};
  situation.departure = Known<UtcMinutes>{at("2026-06-15T03:00Z"), "test"};
  situation.arrival = Known<UtcMinutes>{at("2026-06-15T09:00Z"), "test"};
  situation.registration = Known<std::string>{"A6-BNC", "test"};
  situation.aircraft = Known<ops::Aircraft>{aircraft("A6-BNC", 60), "test"};
  situation.onward_flights = {flight("XX2", "AUH", "LHR", "2026-06-15T10:30Z", "2026-06-15T17:00Z"),
                              flight("XX3", "LHR", "AUH", "2026-06-15T19:00Z", "2026-06-16T01:00Z"),
                              flight("XX4", "AUH", "BOM", "2026-06-16T05:00Z", "2026-06-16T08:00Z")};
  situation.bookings_known = true;
  situation.connections = {
      connection(flight("XX7", "AUH", "CDG", "2026-06-15T10:30Z", "2026-06-15T17:00Z", "A6-X"), 9),
      connection(situation.onward_flights[0], 14)};
  return situation;
}

TEST(Network, GroundTimeAbsorbsWhatItCan) {
  const Situation situation = small_day();
  EXPECT_TRUE(network_impact(situation, delayed(30)).delayed.empty());
  EXPECT_EQ(network_impact(situation, delayed(30)).absorbed_at, "AUH");
  const NetworkImpact one = network_impact(situation, delayed(31));
  ASSERT_EQ(one.delayed.size(), 1U);
  EXPECT_EQ(one.delayed[0].delay_minutes, 1);
  EXPECT_EQ(one.delayed[0].aircraft_there, at("2026-06-15T09:31Z"));
  EXPECT_EQ(one.delayed[0].turnaround_minutes, 60);
  EXPECT_EQ(one.absorbed_at, "LHR");
}

TEST(Network, DelayRunsAlongTheRotationLessEachSlack) {
  const Situation situation = small_day();
  // 180 - 30 = 150 to London, 150 - 60 = 90 back, 90 within the 180 of slack at AUH.
  const NetworkImpact impact = network_impact(situation, delayed(180));
  ASSERT_EQ(impact.delayed.size(), 2U);
  EXPECT_EQ(impact.delayed[0].delay_minutes, 150);
  EXPECT_EQ(impact.delayed[1].delay_minutes, 90);
  EXPECT_EQ(impact.knock_on_minutes(), 240);
  EXPECT_EQ(impact.absorbed_at, "AUH");
  EXPECT_EQ(network_impact(situation, delayed(600)).absorbed_at, "");
}

TEST(Network, AnAircraftWithoutAMinimumOfItsOwnTakesThatOfItsType) {
  Situation situation = small_day();
  situation.aircraft->value.turnaround_minutes_min = 0;
  // 90 min are assumed for a wide body, so that nothing is left of the ground time at AUH.
  EXPECT_EQ(network_impact(situation, delayed(10)).delayed.at(0).delay_minutes, 10);
  const AgentAssessment said = assess_network(situation, delayed(10));
  ASSERT_FALSE(said.explanation.rules.empty());
  EXPECT_NE(said.explanation.rules[0].rule.find("Assumption"), std::string::npos);
}

TEST(Network, WhoPlansLessThanTheMinimumIsHeldToHisPlan) {
  Situation situation = small_day();
  situation.aircraft->value.turnaround_minutes_min = 120;
  EXPECT_TRUE(network_impact(situation, delayed(0)).delayed.empty());
  EXPECT_EQ(network_impact(situation, delayed(5)).delayed.at(0).delay_minutes, 5);
}

TEST(Network, AFlightThatBeginsElsewhereEndsWhatCanBeReckoned) {
  Situation situation = small_day();
  situation.onward_flights[0].origin = "DXB";
  const NetworkImpact impact = network_impact(situation, delayed(180));
  EXPECT_TRUE(impact.delayed.empty());
  EXPECT_EQ(impact.absorbed_at, "");
}

TEST(Network, AConnectionHoldsAtItsMinimumAndBreaksAMinuteLater) {
  const Situation situation = small_day();
  EXPECT_TRUE(network_impact(situation, delayed(30)).missed.empty());
  const NetworkImpact impact = network_impact(situation, delayed(31));
  ASSERT_EQ(impact.missed.size(), 1U);
  EXPECT_EQ(impact.missed[0].connection->onward.number, "XX7");
  EXPECT_EQ(impact.missed[0].short_minutes, 1);
  EXPECT_EQ(impact.missed_passengers(), 9);
}

TEST(Network, AConnectionToTheSameAircraftWaitsForIt) {
  // XX2 is flown by the late aircraft itself: it cannot leave without its passengers' aircraft.
  const Situation situation = small_day();
  const NetworkImpact impact = network_impact(situation, delayed(300));
  ASSERT_EQ(impact.missed.size(), 1U);
  EXPECT_EQ(impact.missed[0].connection->onward.number, "XX7");
}

TEST(Network, AConnectionShorterThanTheMinimumIsNotTheDelaysFault) {
  Situation situation = small_day();
  situation.connections[0].onward.scheduled_departure = at("2026-06-15T09:40Z");
  EXPECT_TRUE(network_impact(situation, delayed(0)).missed.empty());
  EXPECT_EQ(network_impact(situation, delayed(1)).missed.size(), 1U);
}

TEST(Network, ASwapLeavesTheReplacementsFlightsToThePlannedAircraft) {
  Situation situation = small_day();
  situation.delay = Known<Delay>{{240, 240}, "test"};
  SwapCandidate candidate;
  candidate.aircraft = aircraft("A6-BND", 60);
  candidate.ready = situation.departure->value;
  candidate.own_flights = {flight("XX9", "BKK", "AUH", "2026-06-15T06:00Z", "2026-06-15T12:00Z", "A6-BND"),
                           flight("XX10", "AUH", "CDG", "2026-06-15T13:30Z", "2026-06-15T20:00Z", "A6-BND")};
  Plan plan = delayed(0);
  plan.kind = PlanKind::swap_aircraft;
  plan.replacement = &candidate;
  plan.replacement_registration = "A6-BND";
  // Ready at 07:00 for 06:00; 30 min of slack at AUH.
  const NetworkImpact impact = network_impact(situation, plan);
  ASSERT_EQ(impact.delayed.size(), 2U);
  EXPECT_EQ(impact.delayed[0].flight->number, "XX9");
  EXPECT_EQ(impact.delayed[0].delay_minutes, 60);
  EXPECT_EQ(impact.delayed[1].delay_minutes, 30);
  EXPECT_TRUE(impact.missed.empty());
  const AgentAssessment said = assess_network(situation, plan);
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(test::unexplained_numbers(said), std::vector<std::string>{});
  // A repair that ends earlier spares them.
  situation.repair = Known<Delay>{{180, 180}, "test"};
  EXPECT_TRUE(network_impact(situation, plan).delayed.empty());
}

TEST(Network, ApprovesWhatIsKnownAndHurtsNobody) {
  const AgentAssessment said = assess_network(small_day(), delayed(20));
  EXPECT_EQ(said.status, Verdict::approved) << said.reasoning;
  EXPECT_TRUE(said.missing_facts.empty());
  EXPECT_EQ(test::unexplained_numbers(said), std::vector<std::string>{});
}

TEST(Network, NamesEveryLateFlightAndMissedConnectionWithItsSum) {
  const AgentAssessment said = assess_network(small_day(), delayed(180));
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_NE(said.reasoning.find("XX2 from AUH by 150 min, XX3 from LHR by 90 min; 240 min in all"),
            std::string::npos)
      << said.reasoning;
  EXPECT_NE(said.reasoning.find("9 of 23 connecting passengers miss"), std::string::npos) << said.reasoning;
  EXPECT_NE(said.reasoning.find("by 150 min."), std::string::npos) << said.reasoning;
  EXPECT_EQ(test::unexplained_numbers(said), std::vector<std::string>{});
}

TEST(Network, ACancellationAndAnotherDestinationLeaveTheRotationOpen) {
  Plan cancelled;
  cancelled.kind = PlanKind::cancel_and_rebook;
  const Situation situation = small_day();
  EXPECT_FALSE(network_impact(situation, cancelled).rotation_known);
  const AgentAssessment said = assess_network(situation, cancelled);
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_NE(said.constraints.at(0).find("XX2 AUH-LHR"), std::string::npos);
  EXPECT_EQ(test::unexplained_numbers(said), std::vector<std::string>{});

  Plan diverted = delayed(30);
  diverted.kind = PlanKind::reroute;
  diverted.destination = airport("DXB");
  EXPECT_FALSE(network_impact(situation, diverted).rotation_known);
  EXPECT_EQ(network_impact(situation, diverted).missed_passengers(), 23);
  const AgentAssessment elsewhere = assess_network(situation, diverted);
  EXPECT_EQ(elsewhere.status, Verdict::conditional);
  EXPECT_NE(elsewhere.reasoning.find("do not get to XX7"), std::string::npos) << elsewhere.reasoning;
  EXPECT_EQ(test::unexplained_numbers(elsewhere), std::vector<std::string>{});
}

AgentAssessment of_prompt(std::string_view prompt) {
  const Situation situation = test::situation_of(prompt);
  return assess_network(situation, plan_in_question(situation));
}

TEST(Network, APromptAloneIsToldWhatIsMissing) {
  const AgentAssessment said = of_prompt("EY283 from BKK to AUH, 3 hours delay, 51 connecting passengers");
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.missing_facts.size(), 2U);
  EXPECT_EQ(test::unexplained_numbers(said), std::vector<std::string>{});
}

TEST(Network, AStatedConnectionTimeThatTheDelayEatsUpIsMissed) {
  const AgentAssessment said = of_prompt(
      "EY283 from BKK to AUH, 3 hours delay, 51 passengers connecting with 90 minutes connection time");
  EXPECT_NE(said.reasoning.find("51 connecting passengers miss"), std::string::npos) << said.reasoning;
  EXPECT_EQ(test::unexplained_numbers(said), std::vector<std::string>{});
}

TEST(Network, TheSampleDayIsReckonedThrough) {
  test::SampleDay day;
  const Situation situation = day.situation_of("EY283 on 2026-06-15: hydraulic fault, 3 hours delay");
  const NetworkImpact impact = network_impact(situation, plan_in_question(situation));
  // Arrival 11:55, turnaround 75: 13:10 against 10:45, then 145 - 45 of slack in London, then absorbed at
  // AUH.
  ASSERT_EQ(impact.delayed.size(), 2U);
  EXPECT_EQ(impact.delayed[0].delay_minutes, 145);
  EXPECT_EQ(impact.delayed[1].delay_minutes, 100);
  EXPECT_EQ(impact.absorbed_at, "AUH");
  // CDG 9, FRA 8, MXP 6 and IAD 6 are missed; LHR waits, CAI and RUH are late enough.
  EXPECT_EQ(impact.missed_passengers(), 29);
  const AgentAssessment said = assess_network(situation, plan_in_question(situation));
  EXPECT_EQ(test::unexplained_numbers(said), std::vector<std::string>{});
}

RC_GTEST_PROP(Network, LongerDelaysNeverHurtLess, ()) {
  const Situation situation = small_day();
  const auto shorter = *rc::gen::inRange<std::int32_t>(0, 1'000);
  const auto longer = shorter + *rc::gen::inRange<std::int32_t>(0, 1'000);
  const NetworkImpact less = network_impact(situation, delayed(shorter));
  const NetworkImpact more = network_impact(situation, delayed(longer));
  RC_ASSERT(less.knock_on_minutes() <= more.knock_on_minutes());
  RC_ASSERT(less.missed_passengers() <= more.missed_passengers());
  for (std::size_t i = 0; i < less.delayed.size(); ++i)
    RC_ASSERT(less.delayed[i].delay_minutes <= more.delayed.at(i).delay_minutes);
}

TEST(Network, ASwapStrandsAFlightIfNobodyKnowsWhenThePlannedAircraftIsMended) {
  Situation situation = small_day();
  SwapCandidate candidate;
  candidate.aircraft = aircraft("A6-BND", 60);
  candidate.own_flights = {flight("XX9", "BKK", "AUH", "2026-06-15T08:00Z", "2026-06-15T14:00Z", "A6-BND")};
  Plan plan = delayed(110);
  plan.replacement = &candidate;
  plan.replacement_registration = "A6-BND";
  EXPECT_EQ(network_impact(situation, plan).without_aircraft, nullptr);
  ops::MaintenanceItem grounding;
  grounding.grounding = true;
  situation.items.push_back(grounding);
  EXPECT_EQ(network_impact(situation, plan).without_aircraft, &candidate.own_flights[0]);
  const AgentAssessment said = assess_network(situation, plan);
  EXPECT_EQ(said.constraints.at(0), "XX9 BKK-AUH at 2026-06-15T08:00Z has no aircraft.");
  situation.repair = Known<Delay>{{60, 60}, "test"};
  EXPECT_EQ(network_impact(situation, plan).without_aircraft, nullptr);
}

}  // namespace skymarshal::agents::assessment::network_test

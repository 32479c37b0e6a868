#include "agents/assessment/agent.hpp"
#include "unit/agents/assessment/explained_numbers.hpp"
#include "unit/agents/assessment/passenger_flight.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::regulatory_test {

/// Los Angeles to Sydney, planned to arrive at 22:30 local (12:30 UTC in June).
Situation to_sydney() {
  return situation_of({"LAX", "SYD", "AU", "2026-06-14T22:00Z", "2026-06-15T12:30Z", 300, "B789"});
}

TEST(Regulatory, ApprovesWhereEverythingIsKnownAndNothingStandsAgainstIt) {
  const AgentAssessment said = assess_regulatory(situation_of({"AUH", "SIN", "AE"}), delayed_by(30));
  EXPECT_EQ(said.status, Verdict::approved);
  EXPECT_TRUE(said.missing_facts.empty());
  EXPECT_TRUE(says(said, "No curfew and no night quota is on file"));
}

TEST(Regulatory, RejectsAnArrivalInTheCurfewByAMinuteAfterConversionToLocalTime) {
  EXPECT_EQ(assess_regulatory(to_sydney(), delayed_by(29)).status, Verdict::approved);
  const AgentAssessment said = assess_regulatory(to_sydney(), delayed_by(30));
  EXPECT_EQ(said.status, Verdict::rejected);
  EXPECT_NE(said.constraints.at(0).find("23:00 local"), std::string::npos);
  EXPECT_EQ(assess_regulatory(to_sydney(), delayed_by(7 * 60 + 29)).status, Verdict::rejected);
  // Only the flight plan is left to amend.
  EXPECT_EQ(assess_regulatory(to_sydney(), delayed_by(7 * 60 + 30)).status, Verdict::conditional);
}

TEST(Regulatory, JudgesTheDepartureAtItsOwnClock) {
  // 22:30 in Frankfurt.
  const Situation late = situation_of({"FRA", "JFK", "DE", "2026-06-15T20:30Z", "2026-06-16T05:00Z"});
  EXPECT_EQ(assess_regulatory(late, delayed_by(29)).status, Verdict::approved);
  EXPECT_EQ(assess_regulatory(late, delayed_by(30)).status, Verdict::rejected);
}

TEST(Regulatory, InFlightOnlyTheArrivalCounts) {
  Situation flying = situation_of({"FRA", "JFK", "DE", "2026-06-15T20:30Z", "2026-06-16T05:00Z"});
  flying.phase = {facts::FlightPhase::in_flight, test_source};
  Plan plan = delayed_by(60);
  plan.kind = PlanKind::continue_flight;
  EXPECT_EQ(assess_regulatory(flying, plan).status, Verdict::approved);
}

TEST(Regulatory, ASlotHoldsToTheMinute) {
  Situation situation = situation_of({"AUH", "SIN", "AE"});
  situation.record->slot_latest = *reference::parse_instant("2026-06-15T08:20Z");
  EXPECT_EQ(assess_regulatory(situation, delayed_by(20)).status, Verdict::approved);
  const AgentAssessment missed = assess_regulatory(situation, delayed_by(21));
  EXPECT_EQ(missed.status, Verdict::rejected);
  EXPECT_TRUE(says(missed, "misses the slot"));
}

TEST(Regulatory, AnOverflightWindowHoldsToTheMinute) {
  Situation situation = situation_of({"AUH", "SIN", "AE"});
  situation.record->overflight_until = *reference::parse_instant("2026-06-15T08:20Z");
  EXPECT_EQ(assess_regulatory(situation, delayed_by(20)).status, Verdict::approved);
  EXPECT_EQ(assess_regulatory(situation, delayed_by(21)).status, Verdict::rejected);
  EXPECT_TRUE(says(assess_regulatory(situation, delayed_by(5)), "15 min to spare"));
}

TEST(Regulatory, AsksForANewFlightPlanAfterHalfAnHour) {
  const Situation situation = situation_of({"AUH", "SIN", "AE"});
  EXPECT_EQ(assess_regulatory(situation, delayed_by(30)).status, Verdict::approved);
  const AgentAssessment late = assess_regulatory(situation, delayed_by(31));
  EXPECT_EQ(late.status, Verdict::conditional);
  EXPECT_TRUE(says(late, "Doc 4444"));
}

TEST(Regulatory, SaysWhichRegulationBindsAndWhy) {
  EXPECT_TRUE(
      says(assess_regulatory(situation_of({}), delayed_by(10)), "EU261 binds, because the flight departs"));
  EXPECT_TRUE(says(assess_regulatory(situation_of({"JFK", "LHR", "GB"}), delayed_by(10)), "UK261 binds"));
  EXPECT_TRUE(
      says(assess_regulatory(situation_of({"JFK", "LHR", "US"}), delayed_by(10)), "No passenger rights"));
  EXPECT_TRUE(
      says(assess_regulatory(situation_of({"YYZ", "NRT", "CA"}), delayed_by(10)), "Canada APPR binds"));
  EXPECT_TRUE(says(assess_regulatory(situation_of({"FRA", "YYZ", "CA"}), delayed_by(10)),
                   "Canada APPR binds as well"));
}

TEST(Regulatory, PassengerRightsNeverChangeItsVerdict) {
  EXPECT_EQ(assess_regulatory(situation_of({}), delayed_by(20)).status, Verdict::approved);
}

TEST(Regulatory, StatesTheTarmacRuleByTheKindOfFlight) {
  EXPECT_TRUE(says(assess_regulatory(situation_of({"JFK", "LAX", "US"}), delayed_by(10)), "before 3 h"));
  EXPECT_TRUE(says(assess_regulatory(situation_of({"JFK", "FRA", "DE"}), delayed_by(10)), "before 4 h"));
  EXPECT_FALSE(says(assess_regulatory(situation_of({"AUH", "SIN", "AE"}), delayed_by(10)), "tarmac"));
}

TEST(Regulatory, AClosedAirportAndASecurityEventAreConditions) {
  Situation closed = situation_of({"AUH", "SIN", "AE"});
  add_cause(closed, facts::CauseKind::airport_closure);
  EXPECT_EQ(assess_regulatory(closed, delayed_by(10)).status, Verdict::conditional);
  Situation threatened = situation_of({"AUH", "SIN", "AE"});
  add_cause(threatened, facts::CauseKind::security);
  EXPECT_EQ(assess_regulatory(threatened, delayed_by(10)).status, Verdict::conditional);
}

TEST(Regulatory, ACancelledFlightMeetsNoCurfew) {
  Situation situation = to_sydney();
  situation.record->slot_latest = *reference::parse_instant("2026-06-14T20:00Z");
  const AgentAssessment said = assess_regulatory(situation, cancelled());
  EXPECT_EQ(said.status, Verdict::approved);
  EXPECT_TRUE(said.missing_facts.empty());
}

TEST(Regulatory, AnotherAirportIsJudgedInThePlaceOfTheDestination) {
  Plan plan = delayed_by(60);
  plan.kind = PlanKind::reroute;
  plan.destination = airport_of("MEL");
  EXPECT_EQ(assess_regulatory(to_sydney(), plan).status, Verdict::conditional);
  plan.destination = airport_of("ADL");
  EXPECT_TRUE(contains_text(assess_regulatory(to_sydney(), plan).missing_facts, "planned arrival"));
}

TEST(Regulatory, NamesWhatItLacks) {
  const AgentAssessment said = assess_regulatory(Situation{}, Plan{});
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.missing_facts.size(), 4U);
}

RC_GTEST_PROP(RegulatoryProperty, EveryNumberIsExplained, ()) {
  const auto airport = rc::gen::element<std::string>("FRA", "JFK", "LHR", "SYD", "ZRH", "BKK", "YYZ", "AUH");
  const std::string from = *airport;
  const std::string to = *rc::gen::suchThat(airport, [&](const std::string& iata) { return iata != from; });
  Situation situation =
      situation_of({from, to, *rc::gen::element<std::string>("DE", "GB", "US", "CA", "AE")});
  situation.record->slot_latest =
      situation.departure->value + std::chrono::minutes(*rc::gen::inRange(0, 300));
  add_cause(situation, *rc::gen::element(facts::CauseKind::weather, facts::CauseKind::technical,
                                         facts::CauseKind::strike, facts::CauseKind::crew));
  add_cause(situation, facts::CauseKind::technical);
  const AgentAssessment said = assess_regulatory(situation, delayed_by(*rc::gen::inRange(0, 1500)));
  RC_ASSERT(test::unexplained_numbers(said) == std::vector<std::string>{});
}

}  // namespace skymarshal::agents::assessment::regulatory_test

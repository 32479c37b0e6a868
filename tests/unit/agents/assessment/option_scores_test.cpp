#include "agents/assessment/recovery.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::option_scores_test {

using enum Verdict;

TEST(OptionScores, SafetyIsTheMeanAndARejectionIsNothing) {
  std::string basis;
  EXPECT_EQ(safety_score({approved, conditional, approved}, basis), 86);
  EXPECT_EQ(basis, "safety 86 = (100 + 60 + 100) / 3 (approved 100, conditional 60)");
  EXPECT_EQ(safety_score({approved, rejected, approved}, basis), 0);
  EXPECT_EQ(safety_score({}, basis), 0);
}

TEST(OptionScores, CostIsReckonedAgainstTheDearest) {
  std::string basis;
  CostEstimate costs;
  EXPECT_EQ(cost_score(Plan{}, costs, 100'000, basis), 50);
  costs.lines.push_back({"delay", 25'000, "x"});
  EXPECT_EQ(cost_score(Plan{}, costs, 100'000, basis), 75);
  EXPECT_EQ(basis, "cost 75 = 100 - 100 x 250 EUR / 1,000 EUR of the dearest option");
  EXPECT_EQ(cost_score(Plan{}, costs, 25'000, basis), 0);
}

TEST(OptionScores, ACancellationIsNotCheapForWantOfFacts) {
  Plan cancelled;
  cancelled.kind = PlanKind::cancel_and_rebook;
  std::string basis;
  EXPECT_EQ(cost_score(cancelled, {}, 0, basis), 0);
}

TEST(OptionScores, PassengersWhoMissTheirConnectionWaitForTheNextSeat) {
  Situation situation = test::situation_of("EY283 BKK-AUH 100 passengers");
  Connection connection;
  connection.passengers = 20;
  connection.onward = test::flight("EY19", "AUH", "LHR", "2026-06-15T10:00Z", "2026-06-15T17:00Z");
  connection.later.push_back(
      {test::flight("EY21", "AUH", "LHR", "2026-06-15T15:00Z", "2026-06-15T22:00Z"), 10});
  NetworkImpact impact;
  impact.missed.push_back({&connection, 30});
  std::string basis;
  // 80 wait 60 min, 10 wait 300 min, 10 wait a day: (4,800 + 3,000 + 14,400) / 100 = 222 min.
  EXPECT_EQ(passenger_score(situation, test::delayed(60), impact, basis), 63);
  EXPECT_NE(basis.find("222 min"), std::string::npos) << basis;
  EXPECT_EQ(passenger_score(situation, test::delayed(60), {}, basis), 90);
  EXPECT_EQ(passenger_score(situation, Plan{}, {}, basis), 50);
}

TEST(OptionScores, ACancellationIsAsGoodAsTheLaterSeats) {
  Situation situation = test::situation_of("EY283 BKK-AUH 100 passengers");
  situation.departure = Known<UtcMinutes>{test::at("2026-06-15T10:00Z"), "test"};
  Plan cancelled;
  cancelled.kind = PlanKind::cancel_and_rebook;
  std::string basis;
  EXPECT_EQ(passenger_score(situation, cancelled, {}, basis), 0);
  situation.later_flights.push_back(
      {test::flight("EY285", "BKK", "AUH", "2026-06-15T13:00Z", "2026-06-15T19:00Z"), 200});
  EXPECT_EQ(passenger_score(situation, cancelled, {}, basis), 70);
}

TEST(OptionScores, TheNetworkSuffersByKnockOnMinutes) {
  const Situation situation = test::situation_of("EY283 BKK-AUH 100 passengers, 40 connecting");
  const ops::Flight onward = test::flight("EY19", "AUH", "LHR", "2026-06-15T10:00Z", "2026-06-15T17:00Z");
  NetworkImpact impact;
  impact.rotation_known = true;
  std::string basis;
  EXPECT_EQ(network_score(situation, test::delayed(60), impact, basis), 100);
  impact.delayed.push_back({&onward, 150});
  EXPECT_EQ(network_score(situation, test::delayed(60), impact, basis), 75);
  // Without the rotation by the delay, less half the share of connecting passengers.
  EXPECT_EQ(network_score(situation, test::delayed(60), {}, basis), 72);
  EXPECT_EQ(network_score(situation, Plan{}, {}, basis), 50);
}

TEST(OptionScores, TheSumShowsItsParts) {
  std::string basis;
  EXPECT_EQ(weighted_score({100, 50, 80, 20}, {}, basis), 73);
  EXPECT_EQ(basis, "score 73 = (40 x 100 + 20 x 50 + 25 x 80 + 15 x 20) / 100");
}

RC_GTEST_PROP(OptionScores, EveryScoreIsBetweenNothingAndAHundred, ()) {
  const Situation situation = test::situation_of("EY283 BKK-AUH 100 passengers, 40 connecting");
  const auto minutes = *rc::gen::inRange(0, 5000);
  std::string basis;
  for (const std::int32_t score : {passenger_score(situation, test::delayed(minutes), {}, basis),
                                   network_score(situation, test::delayed(minutes), {}, basis)}) {
    RC_ASSERT(score >= 0 && score <= 100);
  }
}

TEST(OptionScores, WithoutADelayACostIsNoCheapness) {
  std::string basis;
  CostEstimate costs;
  costs.lines.push_back({"crew", 1'000, "x"});
  costs.unknown.emplace_back("delay: minutes of delay");
  EXPECT_EQ(cost_score(Plan{}, costs, 100'000, basis), 50);
}

TEST(OptionScores, AFlightWithoutAnAircraftIsTheWorstForTheNetwork) {
  std::string basis;
  ops::Flight stranded;
  stranded.number = "EY425";
  NetworkImpact impact;
  impact.rotation_known = true;
  impact.without_aircraft = &stranded;
  EXPECT_EQ(network_score({}, Plan{}, impact, basis), 0);
  EXPECT_EQ(basis, "network 0: EY425 has no aircraft");
}

}  // namespace skymarshal::agents::assessment::option_scores_test

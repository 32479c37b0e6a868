#include "agents/assessment/agent.hpp"
#include "unit/agents/assessment/explained_numbers.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::cargo_test {

AgentAssessment of_prompt(std::string_view prompt) {
  const Situation situation = test::situation_of(prompt);
  return assess_cargo(situation, plan_in_question(situation));
}

TEST(Cargo, AsksWhatIsOnBoard) {
  const AgentAssessment said = of_prompt("EY283, 3 hours delay");
  EXPECT_EQ(said.status, Verdict::conditional);
  ASSERT_EQ(said.missing_facts.size(), 1U);
  EXPECT_TRUE(said.missing_facts[0].starts_with("cargo on board"));
}

TEST(Cargo, ApprovesAnEmptyHoldAndGeneralCargo) {
  EXPECT_EQ(of_prompt("no cargo, 3 hours delay").status, Verdict::approved);
  EXPECT_EQ(of_prompt("general cargo, 3 hours delay").status, Verdict::approved);
}

TEST(Cargo, ASwapNeedsDangerousGoodsNotifiedAnew) {
  const AgentAssessment said = of_prompt("dangerous goods UN1845 on A6-BNC, swap to A6-BND, 3 hours delay");
  EXPECT_EQ(said.status, Verdict::conditional);
  ASSERT_FALSE(said.constraints.empty());
  EXPECT_NE(said.constraints[0].find("Doc 9284"), std::string::npos);
  EXPECT_NE(said.constraints[0].find("A6-BND"), std::string::npos);
  EXPECT_EQ(test::unexplained_numbers(said), std::vector<std::string>{});
}

class SampleCargo : public ::testing::Test {
 protected:
  AgentAssessment said(std::string_view prompt) {
    const Situation situation = day_.situation_of(prompt);
    return assess_cargo(situation, plan_in_question(situation));
  }

  test::SampleDay day_;
};

TEST_F(SampleCargo, BearsThreeHoursAndNotFour) {
  // Perishables of EY283 are good until 12:30; it arrives at 08:55.
  const AgentAssessment three = said("EY283 on 2026-06-15, 3 hours delay");
  EXPECT_EQ(three.status, Verdict::approved) << three.reasoning;
  EXPECT_EQ(test::unexplained_numbers(three), std::vector<std::string>{});
  const AgentAssessment limit = said("EY283 on 2026-06-15, 215 minutes delay");
  EXPECT_EQ(limit.status, Verdict::approved) << limit.reasoning;
  const AgentAssessment later = said("EY283 on 2026-06-15, 216 minutes delay");
  EXPECT_EQ(later.status, Verdict::conditional);
  EXPECT_NE(later.constraints.at(0).find("perishables"), std::string::npos);
  EXPECT_EQ(test::unexplained_numbers(later), std::vector<std::string>{});
}

TEST_F(SampleCargo, WhatBindsIsItsReasoningWhereNothingElseIsSaid) {
  const AgentAssessment late =
      said("EY283 from BKK to AUH on 2026-06-15: hydraulic fault on A6-BNC, 6 hours delay");
  EXPECT_EQ(late.status, Verdict::conditional);
  EXPECT_EQ(late.reasoning, late.constraints.at(0));
  EXPECT_EQ(test::unexplained_numbers(late), std::vector<std::string>{});
}

TEST_F(SampleCargo, ASmallerHoldLeavesTheGeneralCargoBehind) {
  const Situation situation = day_.situation_of("EY283 on 2026-06-15, 3 hours delay");
  SwapCandidate candidate;
  candidate.aircraft.registration = "A6-AZA";
  candidate.aircraft.cargo_kg_max = 4'500;
  Plan plan = test::delayed(60);
  plan.kind = PlanKind::swap_aircraft;
  plan.replacement = &candidate;
  plan.replacement_registration = "A6-AZA";
  const AgentAssessment swapped = assess_cargo(situation, plan);
  EXPECT_EQ(swapped.status, Verdict::conditional);
  // 1,200 + 3,400 + 40 + 5,200 kg are booked: the general cargo goes first, then the dangerous goods.
  EXPECT_NE(swapped.constraints.at(0).find("4500 kg of the 9840 kg: 5340 kg stay behind"), std::string::npos);
  const std::string& order = swapped.recommendations.back();
  EXPECT_TRUE(order.starts_with("Offload in this order: 607-")) << order;
  EXPECT_LT(order.find("(5200 kg)"), order.find("(40 kg)"));
  EXPECT_EQ(test::unexplained_numbers(swapped), std::vector<std::string>{});
  candidate.aircraft.cargo_kg_max = 9'840;
  EXPECT_EQ(assess_cargo(situation, plan).reasoning.find("stay behind"), std::string::npos);
}

TEST_F(SampleCargo, ACancellationMovesAllOfIt) {
  const Situation situation = day_.situation_of("EY283 on 2026-06-15, 3 hours delay");
  Plan cancelled;
  cancelled.kind = PlanKind::cancel_and_rebook;
  const AgentAssessment none = assess_cargo(situation, cancelled);
  EXPECT_EQ(none.status, Verdict::conditional);
  EXPECT_NE(none.constraints.at(0).find("other flights"), std::string::npos);
  EXPECT_EQ(test::unexplained_numbers(none), std::vector<std::string>{});
}

TEST_F(SampleCargo, TellsOfTheAircraftThatWaitsForItsPart) {
  const AgentAssessment parts = said("EY424 on 2026-06-15, 2 hours delay");
  EXPECT_EQ(parts.status, Verdict::conditional);
  EXPECT_NE(parts.reasoning.find("A6-ETC waits"), std::string::npos) << parts.reasoning;
}

}  // namespace skymarshal::agents::assessment::cargo_test

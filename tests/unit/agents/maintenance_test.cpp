#include "agents/maintenance.hpp"

#include "agents/prompt_facts.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents {
namespace {

AgentAssessment assess(std::string_view prompt) { return assess_maintenance(read_facts(prompt)); }

TEST(Maintenance, AStatedDefectNeedsAReleaseOrADeferral) {
  const AgentAssessment said = assess("hydraulic fault on A6-BNC before departure");
  EXPECT_EQ(said.status, Verdict::conditional);
  ASSERT_EQ(said.constraints.size(), 1U);
  EXPECT_NE(said.constraints[0].find("A6-BNC"), std::string::npos);
  EXPECT_NE(said.constraints[0].find("ATA chapter 29"), std::string::npos);
  ASSERT_EQ(said.missing_facts.size(), 1U);
  EXPECT_NE(said.missing_facts[0].find("MEL"), std::string::npos);
}

TEST(Maintenance, AReleasedAircraftIsApproved) {
  EXPECT_EQ(assess("hydraulic fault on A6-BNC before departure, now released to service").status,
            Verdict::approved);
}

TEST(Maintenance, AGroundedAircraftIsRejected) {
  EXPECT_EQ(assess("hydraulic fault on A6-BNC before departure, aircraft AOG").status, Verdict::rejected);
  EXPECT_EQ(assess("A6-BNC is grounded").status, Verdict::rejected);
}

TEST(Maintenance, AMelIntervalEndsWithItsLastDay) {
  const std::string item = "hydraulic leak on A6-BNC before departure, MEL category ";
  EXPECT_EQ(assess(item + "B, open 2 days").status, Verdict::conditional);
  EXPECT_NE(assess(item + "B, open 3 days").reasoning.find("last day"), std::string::npos);
  EXPECT_EQ(assess(item + "B, open 3 days").status, Verdict::conditional);
  EXPECT_EQ(assess(item + "B, open 4 days").status, Verdict::rejected);
  EXPECT_EQ(assess(item + "C, open 10 days").status, Verdict::conditional);
  EXPECT_EQ(assess(item + "C, open 11 days").status, Verdict::rejected);
  EXPECT_EQ(assess(item + "D, open 121 days").status, Verdict::rejected);
  EXPECT_EQ(assess(item + "A, open 50 days").status, Verdict::conditional);
}

TEST(Maintenance, InFlightTheCommanderDecides) {
  const AgentAssessment said = assess("engine failure on A6-BNC in flight");
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_NE(said.reasoning.find("MEL no longer decides"), std::string::npos);
}

TEST(Maintenance, ASwapLeavesTheDefectBehind) {
  const AgentAssessment said = assess("hydraulic fault on A6-BNC before departure, swap to A6-BND");
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_NE(said.reasoning.find("A6-BND"), std::string::npos);
}

TEST(Maintenance, AStrikeByBirdOrLightningNeedsAnInspection) {
  EXPECT_EQ(assess("bird strike on A6-BNC").status, Verdict::conditional);
  EXPECT_EQ(assess("lightning strike on A6-BNC").status, Verdict::conditional);
  EXPECT_EQ(assess("fog around A6-BNC").status, Verdict::approved);
}

TEST(Maintenance, WithoutACauseItAsksForIt) {
  const AgentAssessment said = assess("A6-BNC is late");
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.missing_facts, std::vector<std::string>{"cause of the disruption"});
}

}  // namespace
}  // namespace skymarshal::agents

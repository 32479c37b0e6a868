#include "agents/regulatory.hpp"

#include "agents/prompt_facts.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents {
namespace {

AgentAssessment assess(std::string_view prompt) { return assess_regulatory(read_facts(prompt)); }
bool says(const AgentAssessment& said, std::string_view text) {
  return said.reasoning.find(text) != std::string::npos;
}

TEST(Regulatory, SaysThatEu261DoesNotBindBetweenThirdCountries) {
  const AgentAssessment said = assess("EY283 BKK-AUH 3 hours delay");
  EXPECT_TRUE(says(said, "does not bind"));
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_TRUE(said.missing_facts.empty());
}

TEST(Regulatory, SaysWhichRegulationBinds) {
  EXPECT_TRUE(says(assess("LH400 FRA-JFK 3 hours delay"), "Regulation (EC) No 261/2004 binds"));
  EXPECT_TRUE(says(assess("BA15 LHR-SIN 3 hours delay"), "UK Regulation"));
}

TEST(Regulatory, WeighsTheCauseWhereARegulationBinds) {
  EXPECT_TRUE(says(assess("LH400 FRA-JFK 3 hours delay, engine failure"), "is not an extraordinary"));
  EXPECT_TRUE(says(assess("LH400 FRA-JFK 3 hours delay, fog"), "may be an extraordinary"));
}

TEST(Regulatory, AsksForANewFlightPlanAfterHalfAnHour) {
  EXPECT_EQ(assess("EY283 BKK-AUH delayed by 30 minutes").status, Verdict::approved);
  const AgentAssessment late = assess("EY283 BKK-AUH delayed by 31 minutes");
  EXPECT_EQ(late.status, Verdict::conditional);
  EXPECT_NE(late.constraints.at(0).find("Doc 4444"), std::string::npos);
}

TEST(Regulatory, RejectsAnArrivalInTheCurfewByAMinute) {
  const std::string flight = "QF12 LAX-SYD, STA 22:30, delayed by ";
  EXPECT_EQ(assess(flight + "29 minutes").status, Verdict::approved);
  EXPECT_EQ(assess(flight + "30 minutes").status, Verdict::rejected);
  EXPECT_EQ(assess(flight + "7 hours").status, Verdict::rejected);
  EXPECT_EQ(assess(flight + "8 hours").status, Verdict::conditional);
}

TEST(Regulatory, RejectsARangeThatTouchesTheCurfew) {
  EXPECT_EQ(assess("QF12 LAX-SYD, STA 22:30, 20-40 minutes delay").status, Verdict::rejected);
}

TEST(Regulatory, AsksForTheLocalTimeAtACurfewAirport) {
  const AgentAssessment said = assess("QF12 LAX-SYD, 3 hours delay");
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.missing_facts, std::vector<std::string>{"scheduled arrival (local)"});
}

TEST(Regulatory, AClosedAirportIsACondition) {
  EXPECT_EQ(assess("EY283 BKK-AUH delayed by 20 minutes, airport closed").status, Verdict::conditional);
}

}  // namespace
}  // namespace skymarshal::agents

#include "agents/crew_compliance.hpp"

#include "agents/prompt_facts.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents {
namespace {

AgentAssessment assess(std::string_view prompt) { return assess_crew_compliance(read_facts(prompt)); }

TEST(CrewCompliance, ApprovesADutyWithinTheTable) {
  const AgentAssessment said =
      assess("LH400, 60 minutes delay, crew reported at 07:00, planned FDP 11 hours, 2 sectors");
  EXPECT_EQ(said.status, Verdict::approved);
  EXPECT_NE(said.reasoning.find("ORO.FTL.205(b)(1)"), std::string::npos);
  EXPECT_NE(said.reasoning.find("margin of 1 h."), std::string::npos);
}

TEST(CrewCompliance, LeavesAnExcessWithinDiscretionToTheCommander) {
  const AgentAssessment said =
      assess("LH400, 3 hours delay, crew reported at 07:00, planned FDP 11 hours, 2 sectors");
  EXPECT_EQ(said.status, Verdict::conditional);
  ASSERT_FALSE(said.constraints.empty());
  EXPECT_NE(said.constraints[0].find("ORO.FTL.205(f)"), std::string::npos);
}

TEST(CrewCompliance, RejectsBeyondDiscretionByAMinute) {
  const std::string duty = "LH400, crew reported at 07:00, planned FDP 12 hours, 2 sectors, delayed by ";
  EXPECT_EQ(assess(duty + "180 minutes").status, Verdict::conditional);
  EXPECT_EQ(assess(duty + "181 minutes").status, Verdict::rejected);
}

TEST(CrewCompliance, RejectsWhatNoReportTimeCouldMakeLegal) {
  EXPECT_EQ(assess("LH400, 3 hours delay, planned FDP 13 hours").status, Verdict::rejected);
  EXPECT_EQ(assess("LH400, 3 hours delay, planned FDP 9 hours").status, Verdict::conditional);
}

TEST(CrewCompliance, NamesTheFactsItLacks) {
  const AgentAssessment said = assess("LH400, 3 hours delay");
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.missing_facts.size(), 3U);
}

TEST(CrewCompliance, AppliesNoEuropeanLimitToAnotherStatesCrew) {
  const AgentAssessment said =
      assess("EY283, 6 hours delay, crew reported at 07:00, planned FDP 12 hours, 2 sectors");
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_NE(said.reasoning.find("GCAA"), std::string::npos);
  EXPECT_NE(said.reasoning.find("For orientation only"), std::string::npos);
}

TEST(CrewCompliance, LeavesAugmentedCrewsToCrewControl) {
  EXPECT_EQ(assess("LH400, 6 hours delay, planned FDP 14 hours, augmented crew").status,
            Verdict::conditional);
}

RC_GTEST_PROP(CrewComplianceProperty, LongerDelayNeverMakesTheVerdictBetter, ()) {
  const auto report = *rc::gen::inRange(0, 24);
  const auto fdp = *rc::gen::inRange(1, 16);
  const auto delay = *rc::gen::inRange(1, 600);
  const auto longer = delay + *rc::gen::inRange(0, 600);
  const auto prompt = [&](int minutes) {
    return "LH400, crew reported at " + std::to_string(report / 10) + std::to_string(report % 10) +
           ":00, planned FDP " + std::to_string(fdp) + " hours, 2 sectors, delayed by " +
           std::to_string(minutes) + " minutes";
  };
  RC_ASSERT(assess(prompt(delay)).status <= assess(prompt(longer)).status);
}

}  // namespace
}  // namespace skymarshal::agents

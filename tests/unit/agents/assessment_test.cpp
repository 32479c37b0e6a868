#include "agents/assessment.hpp"

#include <string>

#include <gtest/gtest.h>

namespace skymarshal::agents {
namespace {

TEST(Assessment, AMissingFactIsNamedAndMakesTheVerdictConditional) {
  Opinion opinion("maintenance");
  EXPECT_FALSE(opinion.knows(Facts{}.delay, "delay"));
  const AgentAssessment assessment = std::move(opinion).finish();
  EXPECT_EQ(assessment.status, Verdict::conditional);
  EXPECT_EQ(assessment.missing_facts, std::vector<std::string>{"delay"});
  EXPECT_EQ(assessment.reasoning, "Missing: delay.");
  EXPECT_EQ(assessment.confidence_percent, 10);
}

TEST(Assessment, AVerdictNeverGetsBetter) {
  Opinion opinion("maintenance");
  opinion.limit(Verdict::rejected);
  opinion.limit(Verdict::approved);
  opinion.wants(false, "anything");
  EXPECT_EQ(std::move(opinion).finish().status, Verdict::rejected);
}

TEST(Assessment, ConfidenceIsTheShareOfKnownFacts) {
  Opinion opinion("network");
  opinion.wants(true, "a");
  opinion.wants(true, "b");
  opinion.wants(true, "c");
  opinion.wants(false, "d");
  EXPECT_EQ(std::move(opinion).finish().confidence_percent, 75);
  Opinion sure("network");
  sure.wants(true, "a");
  EXPECT_EQ(std::move(sure).finish().confidence_percent, 95);
}

TEST(Assessment, WritesTheObjectOfTheApi) {
  AgentAssessment assessment;
  assessment.agent_name = "cargo";
  assessment.status = Verdict::conditional;
  assessment.confidence_percent = 67;
  assessment.reasoning = "Because \"so\".";
  assessment.constraints = {"one"};
  std::string text;
  JsonWriter json(text);
  write_assessment(json, assessment);
  EXPECT_EQ(text,
            R"({"agent_name":"cargo","status":"conditional","confidence":0.67,"reasoning":"Because \"so\".",)"
            R"("constraints":["one"],"recommendations":[]})");
}

TEST(Assessment, GroupsThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(171'600), "171,600");
  EXPECT_EQ(grouped(-1'234'567), "-1,234,567");
}

}  // namespace
}  // namespace skymarshal::agents

#include "agents/assessment/assessment.hpp"

#include <string>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::assessment_test {

TEST(Assessment, AMissingFactIsNamedAndMakesTheVerdictConditional) {
  Opinion opinion("maintenance");
  EXPECT_FALSE(opinion.knows(Situation{}.delay, "delay"));
  const AgentAssessment assessment = std::move(opinion).finish();
  EXPECT_EQ(assessment.status, Verdict::conditional);
  EXPECT_EQ(assessment.missing_facts, std::vector<std::string>{"delay"});
  EXPECT_EQ(assessment.reasoning, "Missing: delay.");
  EXPECT_EQ(assessment.confidence_percent, 10);
}

TEST(Assessment, AKnownFactIsExplainedOnceWithItsSource) {
  Opinion opinion("network");
  const Maybe<std::int32_t> passengers = Known<std::int32_t>{286, "bookings"};
  EXPECT_TRUE(opinion.knows(passengers, "passengers"));
  opinion.use(passengers, "passengers");
  const facts::Fact<bool> stated{true, {"augmented", 4, 1}};
  EXPECT_TRUE(opinion.knows(std::optional(stated), "augmented crew"));
  opinion.apply({"Some Rule", "2020-01-01"}, "at most 300");
  opinion.calculate("seats left", "300 - 286", "14");
  const AgentAssessment assessment = std::move(opinion).finish();
  ASSERT_EQ(assessment.explanation.facts.size(), 2U);
  EXPECT_EQ(assessment.explanation.facts[0].value, "286");
  EXPECT_EQ(assessment.explanation.facts[0].source, "bookings");
  EXPECT_EQ(assessment.explanation.facts[1].source, "prompt, turn 1: \"augmented\"");
  EXPECT_EQ(assessment.explanation.rules[0].citation.source, "Some Rule");
  EXPECT_EQ(assessment.explanation.arithmetic[0].result, "14");
  EXPECT_EQ(assessment.status, Verdict::approved);
}

TEST(Assessment, AVerdictNeverGetsBetter) {
  Opinion opinion("maintenance");
  opinion.limit(Verdict::rejected);
  opinion.limit(Verdict::approved);
  opinion.wants(false, "anything");
  EXPECT_EQ(opinion.verdict(), Verdict::rejected);
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
  assessment.explanation.facts.push_back({"delay", "3 h", "prompt"});
  assessment.explanation.rules.push_back({"at most 2 h", {"Rule 1", "2020-01-01"}});
  assessment.explanation.arithmetic.push_back({"over", "3 h - 2 h", "1 h"});
  std::string text;
  JsonWriter json(text);
  write_assessment(json, assessment);
  EXPECT_EQ(text,
            R"({"agent_name":"cargo","status":"conditional","confidence":0.67,"reasoning":"Because \"so\".",)"
            R"("constraints":["one"],"recommendations":[],"explanation":{)"
            R"("facts":[{"name":"delay","value":"3 h","source":"prompt"}],)"
            R"("rules":[{"rule":"at most 2 h","citation":"Rule 1","effective":"2020-01-01"}],)"
            R"("arithmetic":[{"what":"over","expression":"3 h - 2 h","result":"1 h"}]}})");
}

TEST(Assessment, GroupsThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(171'600), "171,600");
  EXPECT_EQ(grouped(-1'234'567), "-1,234,567");
}

TEST(Assessment, SaysNothingTwiceAndBeginsSentencesWithCapitals) {
  Opinion opinion("test");
  opinion.require("the aircraft must be released.");
  opinion.require("The aircraft must be released.");
  opinion.forbid("second");
  opinion.forbid("second");
  opinion.forbid_first("first", Verdict::rejected);
  opinion.forbid("third");
  opinion.recommend("wait");
  opinion.recommend("wait");
  const AgentAssessment said = std::move(opinion).finish();
  EXPECT_EQ(said.constraints,
            (std::vector<std::string>{"first", "second", "third", "The aircraft must be released."}));
  EXPECT_EQ(said.recommendations, std::vector<std::string>{"wait"});
}

}  // namespace skymarshal::agents::assessment::assessment_test

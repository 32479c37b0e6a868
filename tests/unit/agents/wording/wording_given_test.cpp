#include "agents/wording/wording_given.hpp"

#include "unit/agents/wording/wording_samples.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::wording::wording_given_test {

using assessment::AgentAssessment;

Given of(std::string reasoning) {
  AgentAssessment assessment;
  assessment.reasoning = std::move(reasoning);
  return Given(assessment);
}

TEST(WordingGiven, KnowsWordsNumbersAndCodesOfAllParts) {
  const Given given(test::crew_sample());
  EXPECT_TRUE(given.knows_word("sectors"));
  EXPECT_TRUE(given.knows_stem("sector"));
  EXPECT_TRUE(given.knows_code("EY283"));
  EXPECT_TRUE(given.knows_code("A6-BNC")) << "from a recommendation";
  EXPECT_TRUE(given.knows_code("ORO.FTL.205")) << "from a citation";
  EXPECT_NE(given.number("16:50"), nullptr) << "from a constraint";
  EXPECT_NE(given.number("1286"), nullptr) << "from a fact";
  EXPECT_NE(given.number("10"), nullptr) << "from the arithmetic";
  EXPECT_EQ(given.number("14"), nullptr) << "a part of 14:35";
  EXPECT_EQ(given.number("286"), nullptr) << "a part of 1,286";
}

TEST(WordingGiven, WhereAFactCameFromIsNotGiven) {
  // "3 hours delay" are the prompt's words; the rules made 180 min of them.
  AgentAssessment assessment;
  assessment.explanation.facts = {{"delay", "180 min", "prompt: \"7 hours delay\""}};
  const Given given(assessment);
  EXPECT_EQ(given.number("7"), nullptr);
  EXPECT_NE(given.number("180"), nullptr);
}

TEST(WordingGiven, NumbersKeepTheirUnitsAndNeighbours) {
  const Given given = of("The duty of 13 hours. The rest of 13 days.");
  const NumberUse& use = *given.number("13");
  EXPECT_EQ(use.units, (std::set<std::string>{"h", "d"}));
  EXPECT_EQ(use.beside, (std::set<std::string>{"duti", "rest"}));
}

TEST(WordingGiven, TellsStatementsFromTheirDenials) {
  const Given given = of("The crew rests. No slot binds.");
  EXPECT_TRUE(given.senses("rest")->plain);
  EXPECT_FALSE(given.senses("rest")->negated);
  EXPECT_FALSE(given.senses("slot")->plain);
  EXPECT_TRUE(given.senses("slot")->negated);
  EXPECT_FALSE(given.senses("curfew").has_value());
}

TEST(WordingGiven, ANegationReachesAsFarAsItMay) {
  const Given given = of("No slot, quota or curfew binds, because the crew rests.");
  EXPECT_TRUE(given.senses("slot")->negated);
  for (const std::string word : {"quota", "curfew", "bind"}) {
    EXPECT_FALSE(given.senses(word)->plain) << word;
    EXPECT_FALSE(given.senses(word)->negated) << word;
  }
  EXPECT_TRUE(given.senses("rest")->plain);
}

TEST(WordingGiven, TwoNegationsProveNothing) {
  const Given given = of("The slot is not without cost.");
  EXPECT_FALSE(given.senses("slot")->plain);
  EXPECT_FALSE(given.senses("slot")->negated);
}

TEST(WordingGiven, OppositesCountAsDenials) {
  const Given given = of("The duty exceeds the limit. Flying is forbidden.");
  EXPECT_TRUE(given.senses("#comparison")->plain);
  EXPECT_FALSE(given.senses("#permission")->plain);
  EXPECT_TRUE(given.senses("#permission")->negated);
}

TEST(WordingGiven, KnowsTheAgentsOwnSentences) {
  const Given given = of("No slot, and no curfew binds. The crew rests.");
  const auto says = [&given](std::string_view text) { return given.says(read_sentences(text).front()); };
  EXPECT_TRUE(says("The crew rests."));
  EXPECT_TRUE(says("No slot, and no curfew binds."));
  EXPECT_FALSE(says("No slot and no curfew binds."));
  EXPECT_FALSE(says("The crew rests, no slot binds."));
  EXPECT_FALSE(says("No curfew binds."));
  EXPECT_TRUE(of("It lasts 3h.").says(read_sentences("It lasts 3h.").front()));
  EXPECT_FALSE(of("It lasts 3h.").says(read_sentences("It lasts 3min.").front()));
}

TEST(WordingGiven, FactsAreKnownButSayNothing) {
  AgentAssessment assessment;
  assessment.explanation.facts = {{"remark", "the flight is safe", "prompt"}};
  const Given given(assessment);
  EXPECT_TRUE(given.knows_word("safe"));
  EXPECT_FALSE(given.senses("safe").has_value());
}

}  // namespace skymarshal::agents::wording::wording_given_test

#include "cli/answer_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skymarshal::cli::explanation_text_test {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view explained_answer = R"({
  "safety_phase": {"agents": {"crew_compliance": {"explanation": {
    "facts": [{"name": "delay", "value": "3 h", "source": "prompt, turn 1: \"3 hours\""}],
    "rules": [{"rule": "At most 13 h.", "citation": "ORO.FTL.205", "effective": "2016-02-18"},
              {"rule": "Doc 4444: Amend the plan.", "citation": "Doc 4444", "effective": ""}],
    "arithmetic": [{"what": "margin", "expression": "13 h - 10 h", "result": "3 h"}]}}}},
  "business_phase": {"agents": {"cargo": {"status": "approved"}}},
  "assessment": {"notes": ["No database."], "recovery_options": [
    {"rank": 1, "title": "Wait", "basis": ["score 70 = 70"], "assumptions": ["A crew is there."],
     "costs": {"currency": "EUR", "lines": [{"item": "delay", "amount": 2731, "expression": "180 x 15.17"}],
               "total": 2731, "unknown": ["care: passengers"]},
     "recovery_plan": [{"step": 1, "who": "dispatch", "what": "File", "depends_on": [], "minutes": 20,
                        "success_criterion": "Filed"},
                       {"step": 2, "who": "ramp", "what": "Board", "depends_on": [1], "minutes": 40,
                        "success_criterion": "Gone"}]}]}})";

std::string text() { return explanation_text(explained_answer, {}); }

TEST(ExplanationText, ShowsFactsRulesAndArithmeticOfEachAgent) {
  EXPECT_THAT(text(), HasSubstr("How crew_compliance came to it"));
  EXPECT_THAT(text(), HasSubstr("delay = 3 h [prompt, turn 1: \"3 hours\"]"));
  EXPECT_THAT(text(), HasSubstr("At most 13 h. [ORO.FTL.205, since 2016-02-18]"));
  EXPECT_THAT(text(), HasSubstr("margin: 13 h - 10 h = 3 h"));
  EXPECT_THAT(text(), Not(HasSubstr("How cargo"))) << "it explains nothing";
}

TEST(ExplanationText, NamesACitationOnce) {
  EXPECT_THAT(text(), HasSubstr("    Amend the plan. [Doc 4444]"));
}

TEST(ExplanationText, ShowsCostsThatAddUpAndStepsInOrder) {
  EXPECT_THAT(text(), HasSubstr("Option 1: Wait"));
  EXPECT_THAT(text(), HasSubstr("Assumed: A crew is there."));
  EXPECT_THAT(text(), HasSubstr("2731.00 EUR  = 180 x 15.17"));
  EXPECT_THAT(text(), HasSubstr("not reckoned: care: passengers"));
  EXPECT_THAT(text(), HasSubstr("1. dispatch: File (20 min). Done when: Filed."));
  EXPECT_THAT(text(), HasSubstr("2. ramp: Board (40 min, after 1). Done when: Gone."));
}

TEST(ExplanationText, SaysWhereThereIsNothing) {
  EXPECT_THAT(explanation_text("{}", {}), HasSubstr("explains none"));
  EXPECT_EQ(explanation_text("no JSON", {}), "");
}

TEST(ExplanationText, NothingOfARuntimeMovesTheCursor) {
  const std::string evil = explanation_text(R"({"assessment":{"notes":["a\u001b[2Jb\nc"]}})", {});
  EXPECT_THAT(evil, HasSubstr("a [2Jb c"));
}

}  // namespace skymarshal::cli::explanation_text_test

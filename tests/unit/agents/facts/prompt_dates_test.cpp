#include "agents/facts/prompt_facts.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::prompt_dates_test {

TEST(PromptDates, ReadsDatesWithTheirYear) {
  for (const std::string text :
       {"15 June 2026", "June 15, 2026", "15th of June 2026", "2026-06-15", "15JUN26", "15JUN2026",
        "15 JUN 2026", "15.06.2026", "15/06/2026", "06/15/2026", "15. Juni 2026", "15 juin 2026",
        "15 de junio de 2026", "2026-06-15T05:30Z"}) {
    const Facts facts = read_facts("EY283 on " + text);
    ASSERT_TRUE(facts.date.has_value()) << text;
    EXPECT_EQ(reference::date_text(facts.date->value), "2026-06-15") << text;
  }
}

TEST(PromptDates, GuessesNeitherYearNorMonth) {
  for (const std::string text : {"15JUN", "15 June", "05/06/2026", "June 2026", "31 June 2026", "2026-02-29",
                                 "15 June 1999", "15 June 26000", "0/06/2026"}) {
    EXPECT_FALSE(read_facts("EY283 on " + text).date.has_value()) << text;
  }
}

TEST(PromptDates, TakesNoDateOfSomethingElse) {
  EXPECT_FALSE(read_facts("the item is open since 12 June 2026").date.has_value());
  EXPECT_FALSE(read_facts("valid until 2026-07-01").date.has_value());
}

TEST(PromptDates, ReportsTwoDatesAsAContradiction) {
  EXPECT_TRUE(read_facts("on 15 June 2026 or 16 June 2026").contradicts("date"));
  EXPECT_TRUE(read_facts("on 15 June 2026, that is 2026-06-15").date.has_value());
}

}  // namespace skymarshal::agents::facts::prompt_dates_test

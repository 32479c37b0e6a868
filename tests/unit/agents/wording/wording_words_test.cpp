#include "agents/wording/wording_words.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::wording::wording_words_test {

TEST(WordingWords, CutsTheEndingsThatFormsOfAWordDifferIn) {
  for (const std::string_view form : {"delay", "delays", "delayed", "delaying", "delay's"}) {
    EXPECT_EQ(stem_of(form), "delai") << form;
  }
  EXPECT_EQ(stem_of("apply"), "appli");
  EXPECT_EQ(stem_of("applies"), "appli");
  EXPECT_EQ(stem_of("arrive"), stem_of("arriving"));
  // Too short to lose anything.
  EXPECT_EQ(stem_of("is"), "is");
  EXPECT_EQ(stem_of("bed"), "bed");
  EXPECT_EQ(stem_of(""), "");
}

TEST(WordingWords, KnowsNegations) {
  for (const std::string_view word :
       {"not", "no", "without", "isn't", "doesn't", "cannot", "hardly", "unable"}) {
    EXPECT_TRUE(is_negator(word)) << word;
  }
  EXPECT_FALSE(is_negator("delay"));
}

TEST(WordingWords, KnowsNumbersEvenInsideOfWords) {
  for (const std::string_view word :
       {"one", "twelve", "seventeen", "twentyfive", "hundreds", "half", "twice"}) {
    EXPECT_TRUE(is_number_word(word)) << word;
  }
  for (const std::string_view word : {"due", "someone", "often", "weight", "none"}) {
    EXPECT_FALSE(is_number_word(word)) << word;
  }
}

TEST(WordingWords, ShortJudgementsAreWholeWords) {
  EXPECT_TRUE(is_judgement("fit"));
  EXPECT_FALSE(is_judgement("fitting"));
  EXPECT_TRUE(is_judgement("safely"));
  EXPECT_FALSE(is_judgement("passengers"));
  EXPECT_TRUE(is_judgement("good"));
  EXPECT_FALSE(is_judgement("goods"));
}

TEST(WordingWords, GroupsWordsWithTheirOpposites) {
  EXPECT_EQ(group_of("may")->name, group_of("forbidden")->name);
  EXPECT_NE(group_of("may")->opposite, group_of("forbidden")->opposite);
  EXPECT_EQ(group_of("exceeds")->name, group_of("within")->name);
  EXPECT_NE(group_of("exceeds")->opposite, group_of("within")->opposite);
  EXPECT_FALSE(group_of("crew").has_value());
}

TEST(WordingWords, KnowsVerdictsOfOtherLanguages) {
  for (const std::string_view word : {"genehmigt", "abgelehnt", "approuve", "rechazado", "goedgekeurd"}) {
    EXPECT_TRUE(is_foreign_verdict(word)) << word;
  }
  EXPECT_FALSE(is_foreign_verdict("approach"));
}

TEST(WordingWords, KnowsUnitsInTheirSpellings) {
  EXPECT_EQ(unit_of("h"), "h");
  EXPECT_EQ(unit_of("hours"), "h");
  EXPECT_EQ(unit_of("minutes"), "min");
  EXPECT_EQ(unit_of("euros"), "EUR");
  EXPECT_EQ(unit_of("crews"), "");
}

}  // namespace skymarshal::agents::wording::wording_words_test

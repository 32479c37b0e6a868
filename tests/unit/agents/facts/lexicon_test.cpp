#include "agents/facts/lexicon.hpp"

#include "agents/facts/prompt_tokens.hpp"
#include "agents/facts/words_arabic.hpp"
#include "agents/facts/words_english.hpp"
#include "agents/facts/words_french.hpp"
#include "agents/facts/words_german.hpp"
#include "agents/facts/words_spanish.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <string>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::lexicon_test {

bool means(std::string_view word, Term term) {
  const auto meanings = meanings_of(word);
  return std::any_of(meanings.begin(), meanings.end(),
                     [&](const WordMeaning& meaning) { return meaning.term == term; });
}

TEST(Lexicon, KnowsWordsOfAllItsLanguages) {
  for (const std::string_view word : {"delay", "verspatung", "retard", "retraso"}) {
    EXPECT_TRUE(means(word, Term::delay)) << word;
  }
  EXPECT_TRUE(means("\u062A\u0623\u062E\u064A\u0631", Term::delay));
}

TEST(Lexicon, AWordMayHaveSeveralMeanings) {
  EXPECT_TRUE(means("bis", Term::range));
  EXPECT_TRUE(means("bis", Term::until));
}

TEST(Lexicon, UnknownWordsMeanNothing) {
  for (const std::string_view word : {"", "zzz", "delayx", "dela", "Delay", "\xff"}) {
    EXPECT_TRUE(meanings_of(word).empty()) << word;
  }
}

TEST(Lexicon, EveryWordOfTheTablesIsFoldedAndFound) {
  const std::span<const WordMeaning> tables[] = {english_words, german_words, french_words, spanish_words,
                                                 arabic_words};
  for (const auto& table : tables) {
    for (const WordMeaning& entry : table) {
      const PromptTokens tokens(entry.word);
      ASSERT_EQ(tokens.size(), 1U) << entry.word;
      EXPECT_EQ(tokens.lower(0), entry.word);
      EXPECT_TRUE(tokens.has(0, entry.term)) << entry.word;
      if (entry.term == Term::system) {
        EXPECT_LT(static_cast<std::size_t>(entry.value), std::size(systems)) << entry.word;
      }
      if (entry.term == Term::weather) {
        EXPECT_LT(static_cast<std::size_t>(entry.value), std::size(phenomena)) << entry.word;
      }
    }
  }
}

TEST(Lexicon, SystemsAndPhenomenaStandWhereTheirIndexSays) {
  EXPECT_EQ(std::size(systems), static_cast<std::size_t>(SystemIndex::cabin_equipment) + 1);
  EXPECT_EQ(std::size(phenomena), static_cast<std::size_t>(PhenomenonIndex::turbulence) + 1);
  EXPECT_EQ(systems[static_cast<std::size_t>(SystemIndex::windows)].name, "windows");
  EXPECT_EQ(systems[static_cast<std::size_t>(SystemIndex::fuel)].ata_chapter, 28);
  EXPECT_EQ(phenomena[static_cast<std::size_t>(PhenomenonIndex::low_visibility)], "low visibility");
  EXPECT_EQ(phenomena[static_cast<std::size_t>(PhenomenonIndex::hail)], "hail");
}

}  // namespace skymarshal::agents::facts::lexicon_test

#include "agents/facts/prompt_tokens.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::facts::prompt_tokens_test {

TEST(PromptTokens, CutsWordsNumbersAndSigns) {
  const PromptTokens tokens("EY283, 3 hours");
  ASSERT_EQ(tokens.size(), 4U);
  EXPECT_EQ(tokens.at(0).kind, TokenKind::word);
  EXPECT_EQ(tokens.at(1).kind, TokenKind::sign);
  EXPECT_EQ(tokens.at(2).kind, TokenKind::number);
  EXPECT_EQ(tokens.number(2), 3);
  EXPECT_EQ(tokens.at(3).offset, 9U);
  EXPECT_TRUE(tokens.joined(1));
  EXPECT_FALSE(tokens.joined(2));
}

TEST(PromptTokens, KeepsOtherBytesTogether) {
  const PromptTokens tokens("BKK \u2192 AUH");
  ASSERT_EQ(tokens.size(), 3U);
  EXPECT_EQ(tokens.at(1).kind, TokenKind::other);
  EXPECT_EQ(tokens.at(1).text, "\u2192");
}

TEST(PromptTokens, ComparesInSmallLetters) {
  const PromptTokens tokens("Before DEPARTURE");
  EXPECT_TRUE(tokens.matches(0, {"before", "departure"}));
  EXPECT_FALSE(tokens.matches(1, {"departure", "now"}));
  EXPECT_TRUE(tokens.is_any(1, {"arrival", "departure"}));
}

TEST(PromptTokens, FoldsAccentsAndArabicDigits) {
  const PromptTokens tokens("Versp\u00E4tung \u00C9QUIPAGE Stra\u00DFe \u0663\u0662 \u06F4");
  EXPECT_EQ(tokens.lower(0), "verspatung");
  EXPECT_EQ(tokens.lower(1), "equipage");
  EXPECT_EQ(tokens.lower(2), "strasse");
  EXPECT_EQ(tokens.number(3), 32);
  EXPECT_EQ(tokens.number(4), 4);
  EXPECT_EQ(tokens.at(0).text, "Versp\u00E4tung");
}

TEST(PromptTokens, TakesSpacesOfPrintersForSpaces) {
  const PromptTokens tokens("3\u00A0heures\u202Fde");
  ASSERT_EQ(tokens.size(), 3U);
  EXPECT_FALSE(tokens.joined(1));
}

TEST(PromptTokens, KnowsWhatWordsMean) {
  const PromptTokens tokens("three delays in June");
  EXPECT_EQ(tokens.count(0), 3);
  EXPECT_TRUE(tokens.has(1, Term::delay));
  EXPECT_FALSE(tokens.has(1, Term::hour));
  EXPECT_EQ(tokens.value(3, Term::month), 6);
  EXPECT_FALSE(tokens.value(3, Term::number).has_value());
}

TEST(PromptTokens, TellsTheEndOfASentenceFromADecimalPoint) {
  const PromptTokens tokens("1.5 hours. Yes");
  EXPECT_FALSE(tokens.ends_sentence(1));
  EXPECT_TRUE(tokens.ends_sentence(4));
  EXPECT_TRUE(tokens.ends_sentence(6));
}

TEST(PromptTokens, ReadsNothingBeyondTheEnds) {
  const PromptTokens tokens("one");
  EXPECT_TRUE(tokens.at(7).text.empty());
  EXPECT_TRUE(tokens.before(0, 1).text.empty());
  EXPECT_FALSE(tokens.number(9).has_value());
  EXPECT_FALSE(tokens.joined(9));
}

TEST(PromptTokens, NeverComparesVeryLongTokens) {
  const std::string noise(10'000, 'a');
  const PromptTokens tokens(noise);
  EXPECT_TRUE(tokens.lower(0).empty());
}

RC_GTEST_PROP(PromptTokensProperty, TokensLieInThePromptInOrder, (const std::string& prompt)) {
  const PromptTokens tokens(prompt);
  std::size_t previous_end = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens.at(i);
    RC_ASSERT(!token.text.empty());
    RC_ASSERT(token.offset >= previous_end);
    RC_ASSERT(prompt.substr(token.offset, token.text.size()) == token.text);
    RC_ASSERT(tokens.joined(i) == (i > 0 && token.offset == previous_end));
    previous_end = token.end();
  }
  RC_ASSERT(previous_end <= prompt.size());
}

}  // namespace skymarshal::agents::facts::prompt_tokens_test

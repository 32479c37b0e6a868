#include "agents/wording/wording_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::wording::wording_text_test {

using Kind = Token::Kind;

/// "w:the n:180(min) c:EY283", sentences parted by " | ".
std::string read(std::string_view text) {
  std::string out;
  for (const Sentence& sentence : read_sentences(plain_part(text))) {
    if (!out.empty()) out += "| ";
    for (const Token& token : sentence) {
      out += token.kind == Kind::word ? "w:" : token.kind == Kind::number ? "n:" : "c:";
      out += token.key;
      if (!token.unit.empty()) out += "(" + token.unit + ")";
      out += ' ';
    }
  }
  if (!out.empty()) out.pop_back();
  return out;
}

std::vector<Token> tokens(std::string_view text) {
  std::vector<Token> all;
  for (const Sentence& sentence : read_sentences(plain_part(text))) {
    all.insert(all.end(), sentence.begin(), sentence.end());
  }
  return all;
}

TEST(WordingText, PlainTextIsWhatSentencesNeed) {
  EXPECT_EQ(plain_text("It\u2019s  5\u00A0% \u2013\n\u20AC3").value(), "It's 5 percent - EUR 3");
  EXPECT_EQ(plain_text("Z\u00FCrich").value(), "Z\u00FCrich");
  EXPECT_EQ(plain_text("8 \u00B0C").value(), "8 C");
  for (const std::string_view strange : {"a*b", "a\u200Bb", "\u0430", "a\x01", "\uFF11", "a\u00D7b", "a_b"}) {
    EXPECT_FALSE(plain_text(strange).has_value()) << strange;
  }
}

TEST(WordingText, MarksOfTheOtherTextAreBlanks) {
  EXPECT_EQ(plain_text("a knock_on delay", "knock_on").value(), "a knock on delay");
  EXPECT_FALSE(plain_text("a knock_on *delay*", "knock_on").has_value());
  EXPECT_FALSE(plain_text("a\x01", "\x01").has_value());
  EXPECT_FALSE(plain_text("a\u200B", "\u200B").has_value());
}

TEST(WordingText, ANumberedNameIsOneSentence) {
  EXPECT_EQ(read("By Regulation No. 101 it ends."), "w:by w:regulation w:number n:101 w:it w:ends");
  EXPECT_EQ(read("It says no. 101 ends."), "w:it w:says w:no | n:101 w:ends");
}

TEST(WordingText, TrustedTextsLoseOnlyWhatIsNotPlain) {
  EXPECT_EQ(plain_part("crew_compliance *now*"), "crew compliance now");
}

TEST(WordingText, FoldsWhiteSpace) {
  EXPECT_EQ(fold_blanks("  a \t\r\n b  "), "a b");
  EXPECT_EQ(fold_blanks(" \n"), "");
}

TEST(WordingText, ReadsWordsNumbersAndCodes) {
  EXPECT_EQ(read("The crew of EY283 has 180 minutes. It waits."),
            "w:the w:crew w:of c:EY283 w:has n:180(min) w:minutes | w:it w:waits");
  EXPECT_EQ(read("A6-BND/A6-BNE, AUH-BKK"), "c:A6-BND c:A6-BNE c:AUH c:BKK");
  EXPECT_EQ(read("ORO.FTL.205(b)"), "c:ORO.FTL.205 w:b");
  EXPECT_EQ(read("the crew's well-known and/or isn't"), "w:the w:crew w:well w:known w:and w:or w:isn't");
  EXPECT_EQ(read("limit.The"), "w:limit | w:the");
}

TEST(WordingText, SpellsNumbersInOneWay) {
  EXPECT_EQ(read("1,234 and 1 234 and 1234.0"), "n:1234 w:and n:1234 w:and n:1234");
  EXPECT_EQ(read("1,234,567.50"), "n:1234567.5");
  EXPECT_EQ(read("1 234 567 km"), "n:1234567(km) w:km");
  EXPECT_EQ(read("3,5 h"), "n:3.5(h) w:h");
  EXPECT_EQ(read("-20, (-20)"), "n:-20 n:-20");
  EXPECT_EQ(read("07:05 and 2026-11-22 and 2-3"), "n:07:05 w:and n:2026-11-22 w:and n:2-3");
  EXPECT_EQ(read("261/2004"), "n:261/2004");
  // No groups of three.
  EXPECT_EQ(read("1234 567"), "n:1234 n:567");
  EXPECT_EQ(read("1, 234"), "n:1 n:234");
  EXPECT_EQ(read("12 34"), "n:12 n:34");
  EXPECT_EQ(read("07 234"), "n:07234");
}

TEST(WordingText, FindsTheUnitBesideANumber) {
  EXPECT_EQ(read("3h 30min 3-hour"), "n:3(h) n:30(min) n:3(h)");
  EXPECT_EQ(read("\u20AC600 or 600 \u20AC"), "c:EUR n:600(EUR) w:or n:600(EUR) c:EUR");
  EXPECT_EQ(read("5%"), "n:5(%) w:percent");
  EXPECT_EQ(read("3, hours"), "n:3 w:hours");
}

TEST(WordingText, LettersWithDigitsAreCodes) {
  EXPECT_EQ(read("13h30 3x 1e3 Q2"), "c:13h30 c:3x c:1e3 c:Q2");
}

TEST(WordingText, CountsClausesAndStatements) {
  const auto all = tokens("no slot and curfew, because rest applies. Then rest.");
  // no slot | and curfew | because rest applies | Then rest
  EXPECT_EQ(all[0].clause, all[1].clause);
  EXPECT_NE(all[1].clause, all[2].clause);
  EXPECT_EQ(all[1].statement, all[3].statement);
  EXPECT_NE(all[3].statement, all[4].statement);
  EXPECT_NE(all[6].statement, all[7].statement);
  EXPECT_TRUE(all[0].begins_sentence);
  EXPECT_FALSE(all[1].begins_sentence);
  EXPECT_TRUE(all[7].begins_sentence);
}

RC_GTEST_PROP(WordingTextProperty, EveryNumberIsReadAsItself, (std::int64_t number)) {
  const auto all = tokens("It is " + std::to_string(number) + " today");
  RC_ASSERT(all.size() == 4U);
  RC_ASSERT(all[2].kind == Kind::number);
  RC_ASSERT(all[2].key == std::to_string(number));
}

RC_GTEST_PROP(WordingTextProperty, NoTextIsTooStrange, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::element(' ', '.', ',', ';', ':', '-', '/', '(',
                                                                      ')', '\'', '"', '&', '0', '1', '2', '3',
                                                                      'a', 'b', 'A', 'B', 'h'));
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  std::string read_digits;
  for (const Token& token : tokens(text)) {
    for (const char c : token.text) {
      if (c >= '0' && c <= '9') read_digits += c;
    }
  }
  RC_ASSERT(read_digits == digits);
}

}  // namespace skymarshal::agents::wording::wording_text_test

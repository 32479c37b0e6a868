#include "cli/text_layout.hpp"

#include "base/utf8.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::cli::text_layout_test {

TEST(TextLayout, ControlCharactersBecomeSpaces) {
  EXPECT_EQ(one_line("a\x1b[2Jb\nc\td\x7f"), "a [2Jb c d ");
  EXPECT_EQ(one_line("a\xc2\x9b"
                     "2Jb"),
            "a 2Jb");
  EXPECT_EQ(one_line("Zürich"), "Zürich");
}

TEST(TextLayout, CutsBetweenCharacters) {
  EXPECT_EQ(cut("Zürich", 2), "Zü");
  EXPECT_EQ(cut("ab", 5), "ab");
  EXPECT_EQ(fit("Zü", 4), "Zü  ");
  EXPECT_EQ(fit("Zürich", 4), "Züri");
}

TEST(TextLayout, WrapsAtWords) {
  EXPECT_EQ(wrap("one two three four", 9, {"- ", "  "}), "- one two\n  three\n  four\n");
  EXPECT_EQ(wrap("", 9, {"- ", "  "}), "- \n");
  EXPECT_EQ(wrap("incomprehensibilities are long", 9, {"", ""}), "incomprehensibilities\nare long\n");
}

TEST(TextLayout, PaintsOnlyWhereColoursMayBe) {
  EXPECT_EQ(Painter(false).paint(Tone::bad, "rejected"), "rejected");
  EXPECT_EQ(Painter(true).paint(Tone::bad, "rejected"), "\x1b[31mrejected\x1b[0m");
  EXPECT_EQ(Painter(true).paint(Tone::plain, "x"), "x");
}

TEST(TextLayout, VerdictsHaveTones) {
  EXPECT_EQ(tone_of("approved"), Tone::good);
  EXPECT_EQ(tone_of("conditional"), Tone::caution);
  EXPECT_EQ(tone_of("rejected"), Tone::bad);
  EXPECT_EQ(tone_of("thinking"), Tone::plain);
}

RC_GTEST_PROP(TextLayoutProperty, NoByteOfAStrangerSteersTheTerminal, (std::string text)) {
  for (const char c : one_line(text)) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

RC_GTEST_PROP(TextLayoutProperty, WrappingKeepsTheWordsAndTheWidth, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(
      rc::gen::nonEmpty(rc::gen::resize(12, rc::gen::container<std::string>(rc::gen::inRange('a', 'z')))));
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  const std::string wrapped = wrap(text, 20, {"", ""});
  std::string again;
  std::size_t column = 0;
  for (const char c : wrapped) {
    column = c == '\n' ? 0 : column + 1;
    RC_ASSERT(column <= 20U);
    again += c == '\n' ? ' ' : c;
  }
  again.pop_back();
  RC_ASSERT(again == text);
}

}  // namespace skymarshal::cli::text_layout_test

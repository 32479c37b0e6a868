#include "base/text.hpp"

#include <cstdint>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skymarshal::text_test {

using ::testing::ElementsAre;

TEST(Text, TrimsWhatItIsToldToTrim) {
  EXPECT_EQ(trim(" \t a b\t "), "a b");
  EXPECT_EQ(trim("\na\n"), "\na\n");
  EXPECT_EQ(trim("\n a \r", json_space), "a");
  EXPECT_EQ(trim(" \t"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, LowersAsciiAndNothingElse) {
  EXPECT_EQ(lower_case("X-Amz-DATE [\\]^_`{"), "x-amz-date [\\]^_`{");
  EXPECT_EQ(lower_case("\xC3\x84"), "\xC3\x84");
}

TEST(Text, ComparesWithoutRegardToLetterCase) {
  EXPECT_TRUE(equal_ignoring_case("Content-Type", "CONTENT-type"));
  EXPECT_FALSE(equal_ignoring_case("Content-Type", "Content-Typ"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));
  EXPECT_TRUE(starts_with_ignoring_case("Q=0.5", "q="));
  EXPECT_FALSE(starts_with_ignoring_case("q", "q="));
}

TEST(Text, TellsVisibleFromPrintable) {
  EXPECT_TRUE(is_visible_ascii("!~"));
  EXPECT_TRUE(is_printable_ascii("! ~"));
  EXPECT_TRUE(is_printable_ascii(""));
  EXPECT_FALSE(is_visible_ascii(""));
  for (const std::string_view text : {"a b", "a\tb", "\x7F", "\xC3\xA4"})
    EXPECT_FALSE(is_visible_ascii(text)) << text;
  for (const std::string_view text : {"a\tb", "\x7F", "\xC3\xA4", "\n"})
    EXPECT_FALSE(is_printable_ascii(text)) << text;
}

TEST(Text, SplitsIntoTrimmedParts) {
  EXPECT_THAT(split("a, b ,,c", ','), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(split("", ','), ElementsAre(""));
  EXPECT_THAT(split("a,", ','), ElementsAre("a", ""));
}

TEST(Text, ReadsAWholeNumberOrNone) {
  EXPECT_EQ(parse_number<std::int64_t>("-12"), -12);
  EXPECT_EQ(parse_number<std::uint16_t>("65535"), 65535);
  EXPECT_EQ(parse_number<std::uint16_t>("65536"), std::nullopt);
  EXPECT_EQ(parse_number<std::uint32_t>("-1"), std::nullopt);
  for (const std::string_view text : {"", " 1", "1 ", "+1", "1x", "0x1", "1.5"}) {
    EXPECT_EQ(parse_number<std::int64_t>(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_number<double>("1.5"), 1.5);
  EXPECT_EQ(parse_number<std::int64_t>("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
}

TEST(Text, PassesOverOneByteOrderMark) {
  EXPECT_EQ(without_byte_order_mark("\xEF\xBB\xBF{}"), "{}");
  EXPECT_EQ(without_byte_order_mark("{}"), "{}");
  EXPECT_EQ(without_byte_order_mark("\xEF\xBB"), "\xEF\xBB");
  EXPECT_EQ(without_byte_order_mark("\xEF\xBB\xBF\xEF\xBB\xBF"), "\xEF\xBB\xBF");
}

}  // namespace skymarshal::text_test

#include "agents/ops/csv_reader.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::ops::csv_reader_test {

using Cells = std::vector<std::string>;

std::vector<Cells> read(std::string_view text) {
  CsvReader reader(text);
  std::vector<Cells> records;
  while (auto record = reader.next()) records.push_back(std::move(record->cells));
  return records;
}

std::string problem_of(std::string_view text) {
  CsvReader reader(text);
  while (reader.next()) {
  }
  return reader.problem();
}

TEST(CsvReader, CutsLinesIntoCells) {
  EXPECT_EQ(read("a,b\nc,d\n"), (std::vector<Cells>{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(read("a,b\r\nc,d"), (std::vector<Cells>{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(read("a,,\n"), (std::vector<Cells>{{"a", "", ""}}));
  EXPECT_TRUE(read("").empty());
  EXPECT_TRUE(read("\n\r\n").empty());
}

TEST(CsvReader, PassesOverAByteOrderMark) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "iata\nAUH\n"),
            (std::vector<Cells>{{"iata"}, {"AUH"}}));
}

TEST(CsvReader, QuotedCellsHoldCommasQuotesAndLineEnds) {
  EXPECT_EQ(read("\"a,b\",\"say \"\"no\"\"\",\"two\r\nlines\"\nx,y,z\n"),
            (std::vector<Cells>{{"a,b", "say \"no\"", "two\r\nlines"}, {"x", "y", "z"}}));
  EXPECT_EQ(read("\"\",x\n"), (std::vector<Cells>{{"", "x"}}));
}

TEST(CsvReader, CountsLinesThroughQuotesAndEmptyLines) {
  CsvReader reader("head\n\n\"a\nb\"\nlast\n");
  EXPECT_EQ(reader.next()->line, 1U);
  EXPECT_EQ(reader.next()->line, 3U);
  EXPECT_EQ(reader.next()->line, 5U);
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.problem().empty());
}

TEST(CsvReader, SaysWhatIsNoCsvAndWhere) {
  EXPECT_NE(problem_of("a,b\"c\n").find("quote stands inside"), std::string::npos);
  EXPECT_NE(problem_of("\"a\"b\n").find("follows the closing quote"), std::string::npos);
  EXPECT_NE(problem_of("a\rb\n").find("carriage return"), std::string::npos);
  CsvReader reader("head\n\"never\nclosed");
  EXPECT_TRUE(reader.next());
  EXPECT_FALSE(reader.next());
  EXPECT_NE(reader.problem().find("not closed"), std::string::npos);
  EXPECT_EQ(reader.line(), 2U);
  EXPECT_FALSE(reader.next());
}

std::string quoted(const std::string& cell) {
  std::string out = "\"";
  for (const char c : cell) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

RC_GTEST_PROP(CsvReader, ReadsBackWhatWasQuoted, (const std::vector<std::string>& cells)) {
  RC_PRE(!cells.empty());
  std::string text;
  for (const std::string& cell : cells) text += (text.empty() ? "" : ",") + quoted(cell);
  RC_ASSERT(read(text + "\r\n") == std::vector<Cells>{cells});
}

RC_GTEST_PROP(CsvReader, EndsOnAnyBytes, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::element('"', ',', '\n', '\r', 'a', '\xEF', '\0'));
  CsvReader reader(text);
  std::size_t records = 0;
  while (reader.next()) RC_ASSERT(++records <= text.size());
}

}  // namespace skymarshal::agents::ops::csv_reader_test

// Texts of strangers by the strict rules: what is read, what is refused, and where the finger points.
#include "base/json_fault.hpp"

#include "base/json_reader.hpp"
#include "support/json_text.hpp"
#include "unit/base/json_oracle.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::json_fault_test {

using test::value_at;

struct Place {
  std::string line, column;
  bool operator==(const Place&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Place& place) {
  return out << place.line << ':' << place.column;
}

/// As the body of a request is read.
constexpr JsonRules rules{32, true};

Result<void> read(std::string_view body) {
  std::string text(body);
  return validate_json(pad_json(text), rules);
}

/// What the error says; empty if there is none.
std::string words_of(std::string_view body) {
  const auto checked = read(body);
  return checked ? std::string() : checked.error().message;
}

/// Where the body is said to be wrong; empty if it is not.
Place wrong_at(std::string_view body) {
  const auto checked = read(body);
  if (checked) return {};
  EXPECT_EQ(checked.error().code, Errc::invalid_json);
  const Place place{value_at(checked.error().details, {"line"}),
                    value_at(checked.error().details, {"column"})};
  const std::string named = "line " + place.line + ", column " + place.column;
  EXPECT_NE(checked.error().message.find(named), std::string::npos) << checked.error().message;
  return place;
}

std::string nested(std::size_t levels, const std::string& open, const std::string& close) {
  std::string body = R"({"a":)";
  for (std::size_t i = 1; i < levels; ++i) body += open;
  body += "1";
  for (std::size_t i = 1; i < levels; ++i) body += close;
  return body + "}";
}

TEST(JsonFault, RefusesEmptyBodies) {
  EXPECT_EQ(wrong_at(""), (Place{"1", "1"}));
  EXPECT_EQ(wrong_at(std::string_view()), (Place{"1", "1"}));
  EXPECT_EQ(wrong_at("\n \n"), (Place{"3", "1"}));
}

TEST(JsonFault, PointsAtTheLineAndTheColumn) {
  EXPECT_EQ(wrong_at("{\n  \"prompt\": oops\n}"), (Place{"2", "13"}));
  EXPECT_EQ(wrong_at("{\"a\":1}x"), (Place{"1", "8"}));
  EXPECT_EQ(wrong_at("{\"a\":1}\r\n{}"), (Place{"2", "1"}));
  EXPECT_EQ(wrong_at("{\"a\" 1}"), (Place{"1", "6"}));
}

TEST(JsonFault, CountsColumnsInCharacters) {
  // Four characters of two, three and four bytes stand before the mistake.
  EXPECT_EQ(wrong_at("{\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\":?}"), (Place{"1", "8"}));
}

TEST(JsonFault, RefusesWhatEndsTooEarly) {
  for (const auto* body : {"{", "{\"a\"", "{\"a\":", "{\"a\":\"x", "{\"a\":tr", "{\"a\":1", "{\"a\":[1,"}) {
    const auto checked = read(body);
    ASSERT_FALSE(checked) << body;
    EXPECT_NE(checked.error().message.find("too early"), std::string::npos) << checked.error().message;
  }
}

TEST(JsonFault, RefusesWhatIsNearlyJson) {
  for (const auto* body :
       {"{'a':1}", "{a:1}", "{\"a\":1,}", "{\"a\":[1,]}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":NaN}",
        "{\"a\":1}//", "{/**/\"a\":1}", "{\"a\":\"\t\"}", "{\"a\":\"\\x\"}"}) {
    EXPECT_FALSE(read(body)) << body;
  }
}

TEST(JsonFault, RefusesLoneSurrogatesAndInvalidUtf8) {
  for (const auto* body :
       {"{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"\\ud800\":1}",
        "{\"a\":[\"\\udfff\"]}", "{\"a\":\"\xFF\"}", "{\"a\":\"\xC0\x80\"}", "{\"a\":\"\xED\xA0\x80\"}",
        "{\"\xF5\":1}", "{\"a\":{\"b\":\"\xC3\"}}"}) {
    const auto checked = read(body);
    ASSERT_FALSE(checked) << body;
    EXPECT_EQ(checked.error().code, Errc::invalid_json);
  }
}

TEST(JsonFault, SaysWhatStandsThere) {
  EXPECT_EQ(words_of("{\"a\":NaN}"), "'N' does not belong there at line 1, column 6");
  EXPECT_EQ(words_of("{'a':1}"), "''' does not belong there at line 1, column 2");
  EXPECT_EQ(words_of("{\"a\":1,}"), "'}' does not belong there at line 1, column 8");
  EXPECT_EQ(words_of("{\"a\":\"\t\"}"),
            "the control character U+0009 does not belong there at line 1, column 7");
  EXPECT_EQ(words_of("{\"a\":\xE2\x82\xAC}"), "'\xE2\x82\xAC' does not belong there at line 1, column 6");
  EXPECT_EQ(words_of("{\"a\":\"caf\xE9\"}"), "invalid UTF-8 (byte 0xE9) at line 1, column 10");
  EXPECT_EQ(words_of("{\n\"a\":\"x\\ud83dy\"}"),
            "a lone surrogate (U+D800 to U+DFFF mean something in pairs only) at line 2, column 7");
  EXPECT_EQ(words_of("{\"a\":\"x\\udc00\"}"),
            "a lone surrogate (U+D800 to U+DFFF mean something in pairs only) at line 1, column 8");
  EXPECT_EQ(words_of("{\"a\":[1,2"), "it ends too early at line 1, column 10");
}

TEST(JsonFault, KnowsUtf16ByItsMarkAndByItsZeros) {
  const std::string utf16 = "UTF-16 or UTF-32, where UTF-8 is expected at line 1, column 1";
  const auto widened = [](std::string_view text, bool big) {
    std::string wide;
    for (const char c : text) wide += big ? std::string{'\0', c} : std::string{c, '\0'};
    return wide;
  };
  for (const bool big : {true, false}) {
    const std::string wide = widened("{\"a\":1}", big);
    EXPECT_EQ(words_of(wide), utf16);
    EXPECT_EQ(words_of((big ? "\xFE\xFF" : "\xFF\xFE") + wide), utf16);
  }
}

TEST(JsonFault, LooksPastOneByteOrderMark) {
  EXPECT_TRUE(read("\xEF\xBB\xBF{\"a\":1}"));
  EXPECT_FALSE(read("\xEF\xBB\xBF\xEF\xBB\xBF{}"));
  EXPECT_FALSE(read("{\"a\":\xEF\xBB\xBF 1}"));
  EXPECT_EQ(wrong_at("\xEF\xBB\xBF{\"a\":x}"), (Place{"1", "6"})) << "the mark is no column";
  EXPECT_EQ(wrong_at("\xEF\xBB\xBF"), (Place{"1", "1"}));
}

TEST(JsonFault, WithoutTheStrictRulesOnlyJsonCounts) {
  for (const char* text : {R"({"a":1,"a":2})", R"(["\ud800"])", R"({"\udc00":1})", "1e999"})
    EXPECT_FALSE(find_json_fault(text, {})) << text;
  EXPECT_TRUE(find_json_fault("[1,]", {}));
  EXPECT_FALSE(find_json_fault("[1]", rules));
}

TEST(JsonFault, RepeatsNoLongOrOddNames) {
  const std::string name(5'000, 'k');
  EXPECT_LT(words_of("{\"" + name + "\":1,\"" + name + "\":2}").size(), 100U);
  EXPECT_EQ(words_of(R"({"\u001b":1,"\u001b":2})").find('\x1b'), std::string::npos);
}

TEST(JsonFault, ReadsThirtyTwoLevelsAndNoMore) {
  EXPECT_TRUE(read(nested(32, "[", "]")));
  EXPECT_TRUE(read(nested(32, "{\"b\":", "}")));
  for (const auto& body : {nested(33, "[", "]"), nested(33, "{\"b\":", "}"), nested(5000, "[", "]")}) {
    const auto checked = read(body);
    ASSERT_FALSE(checked);
    EXPECT_NE(checked.error().message.find("deeper than 32"), std::string::npos) << checked.error().message;
  }
}

TEST(JsonFault, RefusesDuplicateKeysAtAnyDepth) {
  for (const auto* body :
       {R"({"a":1,"a":1})", R"({"a":1,"\u0061":2})", R"({"x":{"a":1,"b":2,"a":3}})",
        R"({"x":[[{"a":{"k":1,"k":2}}]]})", R"({"x":{},"y":{"":1,"":2}})", R"({"a":1,"b":{"a":1},"a":2})"}) {
    const auto checked = read(body);
    ASSERT_FALSE(checked) << body;
    EXPECT_EQ(checked.error().code, Errc::invalid_json);
  }
  const auto named = read(R"({"x":{"key":1,"key":2}})");
  ASSERT_FALSE(named);
  EXPECT_NE(named.error().message.find("duplicate key 'key'"), std::string::npos) << named.error().message;
}

TEST(JsonFault, NamesTheEmptyKeyWhenItComesTwice) {
  const auto checked = read(R"({"":1,"":2})");
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("duplicate key ''"), std::string::npos) << checked.error().message;
}

TEST(JsonFault, LetsTheSameKeyStandInDifferentObjects) {
  EXPECT_TRUE(read(R"({"a":{"a":{"a":1}},"b":[{"k":1},{"k":1}],"c":{"k":1}})"));
}

RC_GTEST_PROP(JsonFault, AgreesWithASecondGrammar, (std::vector<std::uint8_t> tape)) {
  test::JsonBuilder builder(tape);
  std::string body = builder.value();
  if (!tape.empty() && tape.size() % 3 == 0) body.erase(tape.front() % body.size(), 1);
  const bool is_json = test::JsonOracle::accepts(body, rules.depth_max);
  // What the reader takes is JSON by the grammar; it refuses more: duplicates and lone surrogates.
  if (read(body)) RC_ASSERT(is_json);
}

RC_GTEST_PROP(JsonFault, IsFoundInWhateverTheReaderRefuses, (std::vector<std::uint8_t> tape)) {
  test::JsonBuilder builder(tape);
  std::string body = builder.value();
  if (!tape.empty()) body.erase(tape.front() % body.size(), 1);
  for (const JsonRules& each : {JsonRules(), rules}) {
    std::string text = body;
    const bool is_good = validate_json(pad_json(text), each).has_value();
    // A number that no double holds stops the search.
    if (find_json_fault(text, each)) RC_ASSERT(!is_good);
  }
}

RC_GTEST_PROP(JsonFault, PointsInsideTheBody, (std::string body)) {
  const auto checked = read(body);
  if (checked) return;
  const auto line = std::stoul(value_at(checked.error().details, {"line"}));
  RC_ASSERT(line >= 1u);
  RC_ASSERT(line <= static_cast<std::size_t>(std::ranges::count(body, '\n')) + 1);
  RC_ASSERT(std::stoul(value_at(checked.error().details, {"column"})) <= body.size() + 1);
}

}  // namespace skymarshal::json_fault_test

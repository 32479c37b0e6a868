// json_reader: what it accepts is judged against a second grammar and against Boost.JSON; what it cuts out is
// compared byte by byte with what was put in.
#include "base/json_reader.hpp"

#include "unit/base/json_oracle.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#if __has_feature(address_sanitizer)
#include <sanitizer/allocator_interface.h>
#else
#include <malloc.h>
#endif

namespace skymarshal::json_reader_test {

using test::JsonBuilder;
using test::JsonOracle;
using Tape = std::vector<std::uint8_t>;

rc::Gen<Tape> long_tape() { return rc::gen::scale(6.0, rc::gen::arbitrary<Tape>()); }

bool accepts(std::string text) { return validate_json(pad_json(text)).has_value(); }

/// The same text with `garbage` in the padding: what stands there must not matter.
bool accepts_before(std::string_view text, char garbage) {
  const std::string padded = std::string(text) + std::string(json_padding, garbage);
  return validate_json(std::string_view(padded).substr(0, text.size())).has_value();
}

std::string mutated(std::string text, JsonBuilder& tape) {
  static constexpr std::string_view interesting =
      "{}[],:\"\\0-+.eEu \n\t\x01\x1f\x7f/ntfa\xc3\xa9\xed\xa0\x80\xff\xf5";
  for (std::size_t i = 1 + tape.pick(3); i > 0; --i) {
    const std::size_t at = text.empty() ? 0 : (tape.pick(256) * 256 + tape.pick(256)) % text.size();
    switch (tape.pick(5)) {
      case 0:
        text.erase(at, 1);
        break;
      case 1:
        text.insert(at, 1, interesting[tape.pick(interesting.size())]);
        break;
      case 2:
        if (!text.empty()) text[at] = interesting[tape.pick(interesting.size())];
        break;
      case 3:
        text.insert(at, text.substr(at, 1 + tape.pick(8)));
        break;
      default:
        text.resize(at);
    }
  }
  return text;
}

RC_GTEST_PROP(JsonReaderValidate, AcceptsWhateverIsBuiltByTheGrammar, ()) {
  JsonBuilder builder(*long_tape());
  const std::string text = builder.space() + builder.value() + builder.space();
  RC_LOG() << text;
  RC_ASSERT(JsonOracle::accepts(text));
  RC_ASSERT(accepts(text));
  for (const char garbage : {'0', '"', 'e', '}', ']', '\\', ' ', '\xff'})
    RC_ASSERT(accepts_before(text, garbage));
}

RC_GTEST_PROP(JsonReaderValidate, AgreesWithTheGrammarOnMutatedTexts, ()) {
  JsonBuilder builder(*long_tape());
  JsonBuilder mutations(*rc::gen::arbitrary<Tape>());
  const std::string original = builder.space() + builder.value() + builder.space();
  for (int round = 0; round < 20; ++round) {
    const std::string text = mutated(original, mutations);
    RC_LOG() << "text: " << text << "\n";
    const bool valid = JsonOracle::accepts(text);
    RC_ASSERT(accepts(text) == valid);
    for (const char garbage : {'0', '"', '}', ']', '\\', '\x80'})
      RC_ASSERT(accepts_before(text, garbage) == valid);
  }
}

RC_GTEST_PROP(JsonReaderValidate, AgreesWithBoostJson, ()) {
  JsonBuilder builder(*long_tape());
  JsonBuilder mutations(*rc::gen::arbitrary<Tape>());
  std::string text = builder.space() + builder.value() + builder.space();
  if (mutations.pick(4) > 0) text = mutated(text, mutations);
  boost::json::parse_options options;
  options.max_depth = JsonRules().depth_max;
  boost::system::error_code error;
  boost::json::parse(text, error, {}, options);
  const bool accepted = accepts(text);
  RC_LOG() << text << ": " << error.message();
  // Boost.JSON must hold what it reads, so it refuses half characters and exponents that no double has.
  const bool names_surrogate =
      text.find("\\ud") != std::string::npos || text.find("\\uD") != std::string::npos;
  const bool unrepresentable = error && (names_surrogate || error == boost::json::error::exponent_overflow);
  if (!unrepresentable) RC_ASSERT(accepted == !error);
}

RC_GTEST_PROP(JsonReaderValidate, AgreesWithTheGrammarOnRandomBytes, ()) {
  static constexpr std::string_view alphabet = "{}[]:,\"\\01.-eE tfn\n\xc3\xa9";
  std::string text;
  for (const std::uint8_t byte : *rc::gen::arbitrary<Tape>()) text += alphabet[byte % alphabet.size()];
  RC_ASSERT(accepts(text) == JsonOracle::accepts(text));
}

TEST(JsonReaderValidate, AcceptsNumbersOfAnySize) {
  for (const std::string& number :
       {std::string(400, '9'), "-" + std::string(400, '7'), "0." + std::string(400, '3'),
        std::string("1e400"), std::string("1E-99999999999999999999"), std::string("-0"), std::string("1.0"),
        std::string("1E+2"), std::string("18446744073709551616"), std::string("-0.0e-0")}) {
    EXPECT_TRUE(accepts(number)) << number;
    EXPECT_TRUE(accepts("[" + number + "]")) << number;
    EXPECT_TRUE(accepts("{\"n\":" + number + "}")) << number;
  }
}

TEST(JsonReaderValidate, RefusesWhatOnlyLooksLikeANumber) {
  for (const std::string text : {"01", "-", "+1", "1.", ".5", "1e", "1e+", "0x10", "1_000", "NaN", "Infinity",
                                 "--1", "1.2.3", "1e5.5", "00", "-01", "1 2", "1a"}) {
    EXPECT_FALSE(accepts(text)) << text;
    EXPECT_FALSE(accepts("[" + text + "]")) << text;
    EXPECT_FALSE(accepts("{\"n\":" + text + "}")) << text;
  }
}

TEST(JsonReaderValidate, AcceptsEscapedLoneSurrogates) {
  EXPECT_TRUE(accepts(R"("\ud800")"));
  EXPECT_TRUE(accepts(R"({"\udfff":["\uD800x"]})"));
}

TEST(JsonReaderValidate, RefusesUnknownEscapes) {
  for (const std::string text : {R"("\x")", R"("\u12")", R"("\u12g4")", R"("\U0041")", R"("\'")", R"("\)"})
    EXPECT_FALSE(accepts(text) || accepts("[" + text + "]") || accepts("{" + text + ":1}")) << text;
}

TEST(JsonReaderValidate, RefusesEveryControlCharacterInAString) {
  for (char c = 0; c < 0x20; ++c) {
    EXPECT_FALSE(accepts(std::string("\"") + c + "\"")) << static_cast<int>(c);
    EXPECT_FALSE(accepts(std::string("{\"") + c + "\":1}")) << static_cast<int>(c);
  }
}

TEST(JsonReaderValidate, RefusesControlCharactersBetweenTokens) {
  for (const char c : {'\0', '\v', '\f', '\x1f', '\x7f'}) {
    EXPECT_FALSE(accepts(std::string("[1,") + c + "2]")) << static_cast<int>(c);
    EXPECT_FALSE(accepts(std::string("1") + c)) << static_cast<int>(c);
    EXPECT_FALSE(accepts(c + std::string("1"))) << static_cast<int>(c);
  }
}

TEST(JsonReaderValidate, RefusesWhatIsNoUtf8) {
  for (const std::string bad : {"\x80", "\xC0\xAF", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"}) {
    EXPECT_FALSE(accepts("\"" + bad + "\""));
    EXPECT_FALSE(accepts("{\"" + bad + "\":1}"));
    EXPECT_FALSE(accepts("[\"" + std::string(100, 'a') + bad + "\"]"));
  }
}

TEST(JsonReaderValidate, LooksPastAByteOrderMark) {
  EXPECT_TRUE(accepts("\xEF\xBB\xBF{}"));
  EXPECT_FALSE(accepts("\xEF\xBB\xBF"));
  EXPECT_FALSE(accepts("{}\xEF\xBB\xBF"));
}

TEST(JsonReaderValidate, RefusesContentBehindTheText) {
  for (const std::string text : {"{}{}", "[] []", "{} x", "1 1", "\"a\"b", "\"a\" \"b\"", "true false",
                                 "null,", "{}]", "[1]]", "\"a\",", "{},", "truex"})
    EXPECT_FALSE(accepts(text)) << text;
}

TEST(JsonReaderValidate, RefusesNothingAtAll) {
  for (const std::string text : {"", " ", "\n\t\r "}) EXPECT_FALSE(accepts(text));
  EXPECT_FALSE(accepts(std::string(1, '\0')));
}

TEST(JsonReaderValidate, RefusesBrokenStructure) {
  for (const std::string text : {"{",         "[",           "}",           "]",         "[1",
                                 "{\"a\"",    "{\"a\":",     "{\"a\":1",    "[1,]",      "[,1]",
                                 "[,]",       "{,}",         "{\"a\":1,}",  "{\"a\" 1}", "{\"a\":1 \"b\":2}",
                                 "[1 2]",     "{1:2}",       "{a:1}",       "['a']",     "[1}",
                                 "{\"a\":1]", "{\"a\"}",     "{\"a\":1:2}", "[1,,2]",    "\"",
                                 "\"a",       "[\"a]",       "tru",         "nul",       "True",
                                 "nulll",     "[truefalse]", ":",           ","})
    EXPECT_FALSE(accepts(text)) << text;
}

TEST(JsonReaderValidate, RefusesAKeyInAnArrayAndAKeyForAValue) {
  for (const std::string text : {"[\"a\":1}]", "[\"\":null,\"\":null},null]", "[\"a\":1]", "{\"a\":\"b\":1}}",
                                 "{\"a\":\"b\":1}", "[1,\"a\":[]}]", "[[\"a\":1}]]"})
    EXPECT_FALSE(accepts(text)) << text;
}

TEST(JsonReaderValidate, AcceptsTheDeepestNestingAndRefusesOneMore) {
  const auto arrays = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  const auto objects = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 1; i < depth; ++i) text += "{\"a\":";
    return text + "{}" + std::string(depth - 1, '}');
  };
  EXPECT_TRUE(accepts(arrays(512)));
  EXPECT_FALSE(accepts(arrays(513)));
  EXPECT_TRUE(accepts(objects(512)));
  EXPECT_FALSE(accepts(objects(513)));
  EXPECT_FALSE(accepts(std::string(100'000, '[')));
}

TEST(JsonReaderValidate, NamesTheErrorCodeAndSaysWhatIsWrong) {
  std::string text = "[1,";
  const Result<void> result = validate_json(pad_json(text));
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::invalid_json);
  EXPECT_EQ(result.error().message, "it ends too early at line 1, column 4");
}

RC_GTEST_PROP(JsonReaderMembers, GivesEveryValueByteForByteInOrder, ()) {
  JsonBuilder builder(*long_tape());
  std::vector<JsonBuilder::Text> keys;
  std::vector<std::string> values;
  std::string text = builder.space() + "{" + builder.space();
  for (std::size_t i = builder.pick(8); i > 0; --i) {
    keys.push_back(builder.text());
    values.push_back(builder.value());
    text += keys.back().raw + builder.space() + ":" + builder.space();
    text += values.back() + builder.space() + (i > 1 ? "," + builder.space() : "");
  }
  text += "}" + builder.space();
  RC_LOG() << text;

  const JsonObject members = json_object(pad_json(text));
  RC_ASSERT(members.size() == keys.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    RC_ASSERT(members[i].key == keys[i].decoded);
    RC_ASSERT(std::string(members[i].value) == values[i]);
    RC_ASSERT(members[i].value.data() >= text.data());
    RC_ASSERT(members[i].value.data() + members[i].value.size() <= text.data() + text.size());
  }
}

RC_GTEST_PROP(JsonReaderElements, GivesEveryValueByteForByteInOrder, ()) {
  JsonBuilder builder(*long_tape());
  std::vector<std::string> values;
  std::string text = builder.space() + "[" + builder.space();
  for (std::size_t i = builder.pick(8); i > 0; --i) {
    values.push_back(builder.value());
    text += values.back() + builder.space() + (i > 1 ? "," + builder.space() : "");
  }
  text += "]" + builder.space();
  RC_LOG() << text;

  const std::vector<std::string_view> elements = json_elements(pad_json(text));
  RC_ASSERT(elements.size() == values.size());
  for (std::size_t i = 0; i < elements.size(); ++i) RC_ASSERT(std::string(elements[i]) == values[i]);
}

RC_GTEST_PROP(JsonReaderMembers, CutsASliceWithinASlice, ()) {
  JsonBuilder builder(*long_tape());
  const std::string inner = builder.value();
  std::string text = "{\"outer\": {\"inner\" :" + builder.space() + inner + builder.space() + "} }";
  const auto outer = json_object(pad_json(text)).find("outer");
  RC_ASSERT(outer.has_value());
  const auto found = json_object(*outer).find("inner");
  RC_ASSERT(found.has_value());
  RC_ASSERT(std::string(*found) == inner);
}

TEST(JsonReaderMembers, KeepsDuplicateKeysApart) {
  std::string text = R"({"a":1,"a":2,"\u0061":3})";
  const JsonObject members = json_object(pad_json(text));
  ASSERT_EQ(members.size(), 3u);
  EXPECT_EQ(members[2].key, "a");
  EXPECT_EQ(members[2].value, "3");
  EXPECT_EQ(members.find("a"), "1");
  EXPECT_EQ(members.find("b"), std::nullopt);
}

TEST(JsonReaderMembers, NamesAKeyWithALoneSurrogateByItsOwnText) {
  std::string text = R"({"x\ud800\"y":1,"z":2})";
  const JsonObject members = json_object(pad_json(text));
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].key, R"(x\ud800\"y)");
  EXPECT_EQ(members[1].key, "z");
}

TEST(JsonReaderMembers, GivesNothingForOtherKinds) {
  for (std::string text : {"[1]", "1", "\"a\"", "null", "true", "{}"}) {
    EXPECT_TRUE(json_object(pad_json(text)).empty()) << text;
  }
  for (std::string text : {"{\"a\":1}", "1", "\"a\"", "null", "true", "[]"}) {
    EXPECT_TRUE(json_elements(pad_json(text)).empty()) << text;
  }
}

/// Bytes in use, by the allocator that this program runs on.
std::size_t allocated_bytes() {
#if __has_feature(address_sanitizer)
  return __sanitizer_get_current_allocated_bytes();
#else
  const auto used = mallinfo2();
  return used.uordblks + used.hblkhd;
#endif
}

TEST(JsonReader, KeepsNoRoomOfLongTexts) {
  constexpr std::size_t mebibyte = std::size_t{1024} * 1024;
  EXPECT_TRUE(accepts("[1]")) << "now this thread has its parser";
  const std::size_t before = allocated_bytes();
  EXPECT_TRUE(accepts("[\"" + std::string(8 * mebibyte, 'a') + "\"]"));
  EXPECT_LT(allocated_bytes(), before + mebibyte);
}

TEST(JsonReader, StartsAfreshAfterABadText) {
  EXPECT_FALSE(accepts("[1,2"));
  EXPECT_FALSE(accepts(std::string(2000, '[')));
  EXPECT_TRUE(accepts("{\"a\":[1,2]}"));
}

TEST(JsonKindTest, TellsEveryKindByItsFirstCharacter) {
  EXPECT_EQ(json_kind("{}"), JsonKind::object);
  EXPECT_EQ(json_kind("[]"), JsonKind::array);
  EXPECT_EQ(json_kind("\"\""), JsonKind::string);
  EXPECT_EQ(json_kind("true"), JsonKind::boolean);
  EXPECT_EQ(json_kind("false"), JsonKind::boolean);
  EXPECT_EQ(json_kind("null"), JsonKind::null);
  EXPECT_EQ(json_kind("-1"), JsonKind::number);
  EXPECT_EQ(json_kind("0"), JsonKind::number);
}

RC_GTEST_PROP(JsonString, UnescapesToTheTextThatWasMeant, ()) {
  JsonBuilder builder(*long_tape());
  const JsonBuilder::Text text = builder.text();
  RC_ASSERT(json_string(text.raw) == text.decoded);
}

TEST(JsonString, RefusesLoneSurrogatesAndOtherKinds) {
  EXPECT_EQ(json_string(R"("\ud800")"), std::nullopt);
  EXPECT_EQ(json_string(R"("\ude00\ud83d")"), std::nullopt);
  EXPECT_EQ(json_string("12"), std::nullopt);
  EXPECT_EQ(json_string("null"), std::nullopt);
  EXPECT_EQ(json_string("{\"a\":1}"), std::nullopt);
  EXPECT_EQ(json_string("\"\""), "");
}

/// As a reader of lines wants it: U+0085, U+2028 and U+2029 are of the same value as escapes.
std::string escaped_separators(std::string text) {
  for (const auto& [character, escape] :
       {std::pair("\xC2\x85", "\\u0085"), std::pair("\xE2\x80\xA8", "\\u2028"),
        std::pair("\xE2\x80\xA9", "\\u2029")}) {
    const std::string wanted(character);
    for (std::size_t at = 0; (at = text.find(wanted, at)) != std::string::npos;)
      text.replace(at, wanted.size(), escape);
  }
  return text;
}

TEST(JsonOnOneLine, EscapesWhatReadersOfLinesSplitAt) {
  EXPECT_EQ(json_on_one_line("{\"a\xC2\x85\": \"b\xE2\x80\xA8\xE2\x80\xA9\"}"),
            R"({"a\u0085": "b\u2028\u2029"})");
  EXPECT_EQ(json_on_one_line("[\n\"\xE2\x80\xA8\" ]"), R"(["\u2028"])");
  EXPECT_FALSE(json_on_one_line("\"\xC2\x86 \xE2\x80\xAA \xE2\x80\x99 \xE2\x82\xAC\""))
      << "their neighbours stay";
}

RC_GTEST_PROP(JsonOnOneLine, TakesOutOnlyTheSpaceBetweenTokens, ()) {
  const Tape tape = *long_tape();
  JsonBuilder builder(tape);
  const std::string text = builder.space() + builder.value() + builder.space();
  const std::optional<std::string> line = json_on_one_line(text);
  const bool has_separators = escaped_separators(text) != text;
  RC_ASSERT(line.has_value() == (has_separators || text.find_first_of("\r\n") != std::string::npos));
  if (!line) return;
  if (text.find_first_of("\r\n") == std::string::npos) {
    RC_ASSERT(*line == escaped_separators(text));
    return;
  }
  std::string expected;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\')
      expected += text[i++];
    else if (text[i] == '"')
      in_string = !in_string;
    else if (!in_string && std::string_view(" \t\r\n").find(text[i]) != std::string_view::npos)
      continue;
    expected += text[i];
  }
  RC_ASSERT(*line == escaped_separators(expected));
}

}  // namespace skymarshal::json_reader_test

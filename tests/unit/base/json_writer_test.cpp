// What json_writer writes, read back by Boost.JSON.
#include "base/json_writer.hpp"

#include "base/json_reader.hpp"
#include "unit/base/json_oracle.hpp"

#include <cmath>
#include <limits>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::json_writer_test {

using test::JsonBuilder;
using test::JsonOracle;

std::string as_json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

RC_GTEST_PROP(AppendJsonString, ReadsBackAsTheSameText, (const std::vector<std::uint8_t>& tape)) {
  const std::string text = JsonBuilder(tape).text().decoded;
  const std::string json = as_json_string(text);
  RC_ASSERT(JsonOracle::accepts(json));
  RC_ASSERT(std::string_view(boost::json::parse(json).as_string()) == text);
}

TEST(AppendJsonString, EscapesEveryControlCharacter) {
  for (char c = 0; c < 0x20; ++c) {
    const std::string text = std::string("a") + c + "b";
    const std::string json = as_json_string(text);
    EXPECT_TRUE(JsonOracle::accepts(json)) << json;
    EXPECT_EQ(std::string_view(boost::json::parse(json).as_string()), text) << json;
  }
  EXPECT_EQ(as_json_string(std::string(1, '\0')), R"("\u0000")");
  EXPECT_EQ(as_json_string("\x1f\n\t\r"), R"("\u001f\n\t\r")");
}

TEST(AppendJsonString, EscapesWhatTerminalsObeyBeyondAscii) {
  EXPECT_EQ(as_json_string("a\x7f"), R"("a\u007f")");
  EXPECT_EQ(as_json_string("\xc2\x80-\xc2\x9b-\xc2\x9f"), R"("\u0080-\u009b-\u009f")");
  EXPECT_EQ(as_json_string("\xc2\xa0"), "\"\xc2\xa0\"") << "no control";
  EXPECT_EQ(as_json_string("\xc2"), "\"\xc2\"") << "the text ends there";
}

TEST(AppendJsonString, EscapesWhatReadersOfLinesSplitAt) {
  EXPECT_EQ(as_json_string("a\xE2\x80\xA8 b\xE2\x80\xA9"), R"("a\u2028 b\u2029")");
  EXPECT_EQ(as_json_string("\xE2\x80\xA7\xE2\x80\xAA"), "\"\xE2\x80\xA7\xE2\x80\xAA\"")
      << "their neighbours stay";
}

TEST(AppendJsonString, LeavesUtf8AsItIs) {
  EXPECT_EQ(as_json_string("\xC3\xA9 \xF0\x9F\x98\x80 /"), "\"\xC3\xA9 \xF0\x9F\x98\x80 /\"");
  EXPECT_EQ(as_json_string(""), "\"\"");
}

TEST(AppendJsonString, AppendsBehindWhatIsThere) {
  std::string out = "x";
  append_json_string(out, "a\"");
  EXPECT_EQ(out, "x\"a\\\"\"");
}

TEST(JsonWriter, PutsCommasAndColonsByItself) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("text", "a\"b")
      .member("count", 3)
      .member("big", std::int64_t{-9'000'000'000})
      .member("yes", true);
  json.key("nothing").null();
  json.key("list").begin_array().number(std::int64_t{1}).string("two").begin_array().end_array();
  json.begin_object().end_object().boolean(false).end_array();
  json.raw_member("raw", "1.0e+2").member("half", 0.5);
  json.key("inner").begin_object().member("a", std::string_view("b")).end_object();
  json.end_object();
  EXPECT_EQ(out, R"({"text":"a\"b","count":3,"big":-9000000000,"yes":true,"nothing":null,)"
                 R"("list":[1,"two",[],{},false],"raw":1.0e+2,"half":0.5,"inner":{"a":"b"}})");
}

TEST(JsonWriter, EscapesKeys) {
  std::string out;
  JsonWriter(out).begin_object().member("a\n\"", 1).end_object();
  EXPECT_EQ(out, R"({"a\n\"":1})");
}

RC_GTEST_PROP(JsonWriter, WritesWholeNumbersExactly, (std::int64_t number)) {
  std::string out;
  JsonWriter(out).number(number);
  RC_ASSERT(out == std::to_string(number));
}

RC_GTEST_PROP(JsonWriter, WritesDoublesThatReadBackAsTheSame, ()) {
  const auto bits = *rc::gen::arbitrary<std::uint64_t>();
  const auto number = std::bit_cast<double>(bits);
  std::string out;
  JsonWriter(out).number(number);
  RC_ASSERT(JsonOracle::accepts(out));
  if (!std::isfinite(number)) {
    RC_ASSERT(out == "null");
  } else {
    RC_ASSERT(std::bit_cast<std::uint64_t>(std::strtod(out.c_str(), nullptr)) == bits);
  }
}

TEST(JsonWriter, WritesNullForWhatJsonCannotSay) {
  for (const double number :
       {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::quiet_NaN()}) {
    std::string out;
    JsonWriter(out).begin_array().number(number).number(1.5).end_array();
    EXPECT_EQ(out, "[null,1.5]");
  }
}

// Part of property 19: what passes through keeps its bytes.
RC_GTEST_PROP(JsonWriter, TakesRawValuesOverByteForByte, (const std::vector<std::uint8_t>& tape)) {
  JsonBuilder builder(tape);
  std::vector<std::string> values;
  for (std::size_t i = builder.pick(6); i > 0; --i) values.push_back(builder.value());
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  for (const std::string& value : values) json.raw(value);
  json.end_array();
  RC_ASSERT(JsonOracle::accepts(out));

  const std::vector<std::string_view> elements = json_elements(pad_json(out));
  RC_ASSERT(elements.size() == values.size());
  for (std::size_t i = 0; i < values.size(); ++i) RC_ASSERT(std::string(elements[i]) == values[i]);
}

}  // namespace skymarshal::json_writer_test

// Bodies of strangers: what is read, what is refused, and where the finger points.
#include "gateway/json_fields.hpp"

#include "support/json_text.hpp"
#include "unit/base/json_oracle.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::gateway {
namespace {

using test::value_at;

struct Place {
  std::string line, column;
  bool operator==(const Place&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Place& place) {
  return out << place.line << ':' << place.column;
}

/// Where the body is said to be wrong; empty if it is not.
Place wrong_at(std::string_view body) {
  const auto fields = read_json_fields(body);
  if (fields) return {};
  EXPECT_EQ(fields.error().code, Errc::invalid_json);
  const Place place{value_at(fields.error().details, {"line"}), value_at(fields.error().details, {"column"})};
  const std::string named = "line " + place.line + ", column " + place.column;
  EXPECT_NE(fields.error().message.find(named), std::string::npos) << fields.error().message;
  return place;
}

std::string nested(std::size_t levels, const std::string& open, const std::string& close) {
  std::string body = R"({"a":)";
  for (std::size_t i = 1; i < levels; ++i) body += open;
  body += "1";
  for (std::size_t i = 1; i < levels; ++i) body += close;
  return body + "}";
}

TEST(JsonFields, ReadsTheTopLevel) {
  const auto fields = read_json_fields(
      R"( {"s":"a\u00e9\n","t":true,"f":false,"n":null,"i":-1,"u":18446744073709551615,"d":1.5e3,)"
      R"("o":{"inner":"x"},"a":["y",true]} )");
  ASSERT_TRUE(fields);
  ASSERT_EQ(fields->size(), 9u);
  const auto& f = *fields;
  EXPECT_EQ(f[0].name, "s");
  EXPECT_EQ(f[0].kind, JsonKind::string);
  EXPECT_EQ(f[0].text, "a\xC3\xA9\n");
  EXPECT_EQ(f[1].kind, JsonKind::boolean);
  EXPECT_TRUE(f[1].truth);
  EXPECT_EQ(f[2].kind, JsonKind::boolean);
  EXPECT_FALSE(f[2].truth);
  EXPECT_EQ(f[3].kind, JsonKind::null);
  for (std::size_t i : {4u, 5u, 6u}) EXPECT_EQ(f[i].kind, JsonKind::number);
  EXPECT_EQ(f[7].kind, JsonKind::object);
  EXPECT_TRUE(f[7].text.empty());
  EXPECT_EQ(f[8].kind, JsonKind::array);
  EXPECT_FALSE(f[8].truth);
}

TEST(JsonFields, ReadsAnEmptyObject) {
  const auto fields = read_json_fields("{}");
  ASSERT_TRUE(fields);
  EXPECT_TRUE(fields->empty());
}

TEST(JsonFields, RefusesWhatIsNoObject) {
  for (const auto* body : {"[]", "\"prompt\"", "1", "null", "true", "[{\"a\":1}]"}) {
    EXPECT_EQ(wrong_at(body), (Place{"1", "1"})) << body;
  }
}

TEST(JsonFields, RefusesEmptyBodies) {
  EXPECT_EQ(wrong_at(""), (Place{"1", "1"}));
  EXPECT_EQ(wrong_at(std::string_view()), (Place{"1", "1"}));
  EXPECT_EQ(wrong_at("\n \n"), (Place{"3", "1"}));
}

TEST(JsonFields, PointsAtTheLineAndTheColumn) {
  EXPECT_EQ(wrong_at("{\n  \"prompt\": oops\n}"), (Place{"2", "13"}));
  EXPECT_EQ(wrong_at("{\"a\":1}x"), (Place{"1", "8"}));
  EXPECT_EQ(wrong_at("{\"a\":1}\r\n{}"), (Place{"2", "1"}));
  EXPECT_EQ(wrong_at("{\"a\" 1}"), (Place{"1", "6"}));
}

TEST(JsonFields, CountsColumnsInCharacters) {
  // Four characters of two, three and four bytes stand before the mistake.
  EXPECT_EQ(wrong_at("{\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\":?}"), (Place{"1", "8"}));
}

TEST(JsonFields, RefusesWhatEndsTooEarly) {
  for (const auto* body : {"{", "{\"a\"", "{\"a\":", "{\"a\":\"x", "{\"a\":tr", "{\"a\":1", "{\"a\":[1,"}) {
    const auto fields = read_json_fields(body);
    ASSERT_FALSE(fields) << body;
    EXPECT_NE(fields.error().message.find("too early"), std::string::npos) << fields.error().message;
  }
}

TEST(JsonFields, RefusesWhatIsNearlyJson) {
  for (const auto* body :
       {"{'a':1}", "{a:1}", "{\"a\":1,}", "{\"a\":[1,]}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":NaN}",
        "{\"a\":1}//", "{/**/\"a\":1}", "{\"a\":\"\t\"}", "{\"a\":\"\\x\"}", "\xEF\xBB\xBF{}"}) {
    EXPECT_FALSE(read_json_fields(body)) << body;
  }
}

TEST(JsonFields, RefusesLoneSurrogatesAndInvalidUtf8) {
  for (const auto* body :
       {"{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"\\ud800\":1}",
        "{\"a\":[\"\\udfff\"]}", "{\"a\":\"\xFF\"}", "{\"a\":\"\xC0\x80\"}", "{\"a\":\"\xED\xA0\x80\"}",
        "{\"\xF5\":1}", "{\"a\":{\"b\":\"\xC3\"}}"}) {
    const auto fields = read_json_fields(body);
    ASSERT_FALSE(fields) << body;
    EXPECT_EQ(fields.error().code, Errc::invalid_json);
  }
}

TEST(JsonFields, ReadsThirtyTwoLevelsAndNoMore) {
  EXPECT_TRUE(read_json_fields(nested(32, "[", "]")));
  EXPECT_TRUE(read_json_fields(nested(32, "{\"b\":", "}")));
  for (const auto& body : {nested(33, "[", "]"), nested(33, "{\"b\":", "}"), nested(5000, "[", "]")}) {
    const auto fields = read_json_fields(body);
    ASSERT_FALSE(fields);
    EXPECT_NE(fields.error().message.find("deeper than 32"), std::string::npos) << fields.error().message;
  }
}

TEST(JsonFields, RefusesDuplicateKeysAtAnyDepth) {
  for (const auto* body :
       {R"({"a":1,"a":1})", R"({"a":1,"\u0061":2})", R"({"x":{"a":1,"b":2,"a":3}})",
        R"({"x":[[{"a":{"k":1,"k":2}}]]})", R"({"x":{},"y":{"":1,"":2}})", R"({"a":1,"b":{"a":1},"a":2})"}) {
    const auto fields = read_json_fields(body);
    ASSERT_FALSE(fields) << body;
    EXPECT_EQ(fields.error().code, Errc::invalid_json);
  }
  const auto named = read_json_fields(R"({"x":{"key":1,"key":2}})");
  ASSERT_FALSE(named);
  EXPECT_NE(named.error().message.find("duplicate key 'key'"), std::string::npos) << named.error().message;
}

TEST(JsonFields, NamesTheEmptyKeyWhenItComesTwice) {
  const auto fields = read_json_fields(R"({"":1,"":2})");
  ASSERT_FALSE(fields);
  EXPECT_NE(fields.error().message.find("duplicate key ''"), std::string::npos) << fields.error().message;
}

TEST(JsonFields, LetsTheSameKeyStandInDifferentObjects) {
  EXPECT_TRUE(read_json_fields(R"({"a":{"a":{"a":1}},"b":[{"k":1},{"k":1}],"c":{"k":1}})"));
}

RC_GTEST_PROP(JsonFields, AgreesWithASecondGrammar, (std::vector<std::uint8_t> tape)) {
  test::JsonBuilder builder(tape);
  std::string body = builder.value();
  if (!tape.empty() && tape.size() % 3 == 0) body.erase(tape.front() % body.size(), 1);
  const bool is_object = body.starts_with('{') && test::JsonOracle::accepts(body, request_depth_max);
  // What the reader takes is an object of the grammar; it refuses more: duplicates and lone surrogates.
  if (read_json_fields(body)) RC_ASSERT(is_object);
}

RC_GTEST_PROP(JsonFields, PointsInsideTheBody, (std::string body)) {
  const auto fields = read_json_fields(body);
  if (fields) return;
  const auto line = std::stoul(value_at(fields.error().details, {"line"}));
  RC_ASSERT(line >= 1u);
  RC_ASSERT(line <= static_cast<std::size_t>(std::ranges::count(body, '\n')) + 1);
  RC_ASSERT(std::stoul(value_at(fields.error().details, {"column"})) <= body.size() + 1);
}

}  // namespace
}  // namespace skymarshal::gateway

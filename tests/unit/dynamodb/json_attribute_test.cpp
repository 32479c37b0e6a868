// JSON as DynamoDB's own values: what they say read back, number for number.
#include "dynamodb/json_attribute.hpp"

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::dynamodb::json_attribute_test {

std::optional<std::string> map_of(std::string json, std::size_t bytes_max = 1U << 20) {
  pad_json(json);
  return json_as_map(json, bytes_max);
}

TEST(JsonAsMap, WritesEveryKindOfValue) {
  EXPECT_EQ(map_of(R"({"a":"x","b":1.50,"c":true,"d":null,"e":[1,"y",[]],"f":{"g":{}},"h":""})"),
            R"({"M":{"a":{"S":"x"},"b":{"N":"1.50"},"c":{"BOOL":true},"d":{"NULL":true},)"
            R"("e":{"L":[{"N":"1"},{"S":"y"},{"L":[]}]},"f":{"M":{"g":{"M":{}}}},"h":{"S":""}}})");
}

TEST(JsonAsMap, IsForObjectsThatFit) {
  EXPECT_FALSE(map_of("[1]"));
  EXPECT_FALSE(map_of("7"));
  EXPECT_FALSE(map_of(R"({"a":1,"a":2})")) << "a map has a name once";
  EXPECT_FALSE(map_of(R"({"":1})")) << "and not the empty one";
  EXPECT_FALSE(map_of(R"({"a":"xxxxxxxxxxxxxxxx"})", 20));
}

TEST(JsonAsMap, KeepsAsTextWhatDynamoDbHasNot) {
  EXPECT_EQ(map_of(R"({"a":{"":1}})"), R"({"M":{"a":{"S":"{\"\":1}"}}})");
  EXPECT_EQ(map_of(R"({"a":{"b":1,"b":2}})"), R"({"M":{"a":{"S":"{\"b\":1,\"b\":2}"}}})");
  EXPECT_EQ(map_of(R"({"a":1e400})"), R"({"M":{"a":{"S":"1e400"}}})");
  EXPECT_EQ(map_of(R"({"a":"\ud800"})"), R"({"M":{"a":{"S":"\"\\ud800\""}}})");
  std::string deep = "1";
  for (int i = 0; i < 40; ++i) deep = "[" + deep + "]";
  const auto map = map_of("{\"a\":" + deep + "}");
  ASSERT_TRUE(map);
  std::size_t lists = 0;
  for (std::size_t at = map->find("\"L\""); at != std::string::npos; at = map->find("\"L\"", at + 1)) ++lists;
  EXPECT_EQ(lists, 30U)
      << "DynamoDB nests 32 deep, the map itself counted, and what is in the last may count";
}

TEST(IsExactNumber, KnowsTheLimitsOfDynamoDb) {
  for (const char* const number :
       {"0", "-0", "0.000", "0e0", "0.0E125", "-0e-130", "1", "-1.5",
        "12345678901234567890123456789012345678", "1E125", "9.9e125", "1e-130",
        "123.45000000000000000000000000000000000000000000000000",
        "0.00000000000000000000000000000000000000001", "100000000000000000000000000000000000000000000000"})
    EXPECT_TRUE(is_exact_number(number)) << number;
  for (const char* const number :
       {"123456789012345678901234567890123456789", "1e126", "1e-131", "10e125", "0.1e-130",
        "1e99999999999999999999", "0e99999999999999999999", "0e126", "-0.00e-131", "0e-99999",
        "1.00000000000000000000000000000000000000000001"})
    EXPECT_FALSE(is_exact_number(number)) << number;
}

/// The value that an attribute in its wire form stands for, as JSON; by this test's own reading.
std::string read_back(std::string_view attribute) {
  const JsonObject typed = json_object(attribute);
  EXPECT_EQ(typed.size(), 1U);
  const JsonMember& member = typed[0];
  std::string text;
  JsonWriter json(text);
  if (member.key == "S") json.string(*json_string(member.value));
  if (member.key == "N") json.raw(*json_string(member.value));
  if (member.key == "BOOL") json.raw(member.value);
  if (member.key == "NULL") json.null();
  if (member.key == "L") {
    json.begin_array();
    for (const std::string_view element : json_elements(member.value)) json.raw(read_back(element));
    json.end_array();
  }
  if (member.key == "M") {
    json.begin_object();
    for (const JsonMember& inner : json_object(member.value))
      json.raw_member(inner.key, read_back(inner.value));
    json.end_object();
  }
  return text;
}

std::string any_json(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 6 : 4)) {
    case 0:
      return *rc::gen::element<std::string>("0", "-1", "1.50", "1e20",
                                            "12345678901234567890123456789012345678");
    case 1: {
      std::string text;
      JsonWriter(text).string(*rc::gen::element<std::string>("", "x", "ü\n\"", "\xE2\x80\xA8"));
      return text;
    }
    case 2:
      return *rc::gen::element<std::string>("true", "false");
    case 3:
      return "null";
    case 4: {
      std::string text = "[";
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) text += any_json(depth - 1) + (i > 1 ? "," : "");
      return text + "]";
    }
    default: {
      std::string text = "{";
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        text += "\"k" + std::to_string(i) + "\":" + any_json(depth - 1) + (i > 1 ? "," : "");
      return text + "}";
    }
  }
}

RC_GTEST_PROP(JsonAsMapProperty, SaysWhatTheJsonSays, ()) {
  const std::string json = "{\"a\":" + any_json(4) + "}";
  auto map = map_of(json);
  RC_ASSERT(map.has_value());
  pad_json(*map);
  RC_ASSERT(read_back(*map) == json);
}

}  // namespace skymarshal::dynamodb::json_attribute_test

#include "base/json_value.hpp"

#include "base/json_reader.hpp"

#include <array>

#include <gtest/gtest.h>

namespace skymarshal::json_value_test {

class JsonObjectTest : public testing::Test {
 protected:
  JsonObject object(std::string text) {
    text_ = std::move(text);
    return json_object(pad_json(text_));
  }

  std::string text_;
};

TEST_F(JsonObjectTest, FindsMembersByName) {
  const JsonObject found = object(R"({"a":[1],"\u0062":"t\u00e9","n":null,"h":"\ud800"})");
  EXPECT_EQ(found.size(), 4U);
  EXPECT_TRUE(found.has("a"));
  EXPECT_FALSE(found.has("A"));
  EXPECT_EQ(found.find("a"), "[1]");
  EXPECT_EQ(found.find("x"), std::nullopt);
  EXPECT_EQ(found.find("a", JsonKind::array), "[1]");
  EXPECT_EQ(found.find("a", JsonKind::object), std::nullopt);
  EXPECT_EQ(found.find("x", JsonKind::object), std::nullopt);
  EXPECT_EQ(found.text("b"), "t\xC3\xA9");
  for (const char* name : {"a", "n", "h", "x"}) EXPECT_EQ(found.text(name), "") << name;
}

TEST_F(JsonObjectTest, TheFirstOfANameCounts) {
  const JsonObject found = object(R"({"a":1,"b":2,"a":3})");
  EXPECT_EQ(found.find("a"), "1");
  EXPECT_EQ(found.repeated_name(), "a");
  EXPECT_EQ(object(R"({"a":1,"b":{"a":1}})").repeated_name(), std::nullopt);
}

TEST_F(JsonObjectTest, NamesWhatIsNotKnown) {
  static constexpr std::array<std::string_view, 2> known = {"a", "b"};
  EXPECT_EQ(object(R"({"b":1,"c":2,"d":3})").unknown_name(known), "c");
  EXPECT_EQ(object(R"({"b":1})").unknown_name(known), std::nullopt);
}

TEST_F(JsonObjectTest, HasNoMembersWhereThereIsNoObject) {
  for (const char* text : {"[1]", "1", "null", "{}"}) EXPECT_TRUE(object(text).empty()) << text;
  EXPECT_EQ(JsonObject().repeated_name(), std::nullopt);
}

TEST(JsonNames, AreShownWhereTheyArePlain) {
  EXPECT_EQ(shown_name("a b"), "'a b'");
  EXPECT_EQ(shown_name(""), "''");
  for (const std::string& odd : {std::string(41, 'x'), std::string("a\x1b[2J"), std::string("\xFF")})
    EXPECT_EQ(shown_name(odd), "with an odd name");
}

}  // namespace skymarshal::json_value_test

#include "cli/json_view.hpp"

#include <string>

#include <gtest/gtest.h>

namespace skymarshal::cli::json_view_test {

TEST(JsonView, ShowsWhatIsThereAndPassesOverWhatIsNot) {
  const auto value = parse_json(R"({"a":{"b":[1,"two",null]},"n":2.5,"t":"x\ny","z":null})");
  ASSERT_TRUE(value);
  const auto* object = value->if_object();
  EXPECT_EQ(texts(array_in(object_in(object, "a"), "b")), (std::vector<std::string>{"1", "two", "null"}));
  EXPECT_EQ(number_in(object, "n"), 2.5);
  EXPECT_EQ(text_in(object, "t"), "x y");
  EXPECT_EQ(text_in(object, "z"), "");
  EXPECT_EQ(text_in(object, "missing"), "");
  EXPECT_EQ(object_in(object, "n"), nullptr);
  EXPECT_EQ(array_in(object, "n"), nullptr);
  EXPECT_FALSE(number_in(object, "t"));
}

TEST(JsonView, NothingIsInNothing) {
  EXPECT_EQ(object_in(nullptr, "a"), nullptr);
  EXPECT_EQ(array_in(nullptr, "a"), nullptr);
  EXPECT_EQ(text_in(nullptr, "a"), "");
  EXPECT_FALSE(number_in(nullptr, "a"));
  EXPECT_TRUE(texts(nullptr).empty());
}

TEST(JsonView, RefusesWhatIsNoJsonOrTooDeep) {
  EXPECT_FALSE(parse_json("{"));
  EXPECT_TRUE(parse_json(std::string(500, '[') + std::string(500, ']')));
  EXPECT_FALSE(parse_json(std::string(600, '[') + std::string(600, ']')));
}

}  // namespace skymarshal::cli::json_view_test

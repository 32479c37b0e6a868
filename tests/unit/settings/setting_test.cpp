#include "settings/setting.hpp"

#include <gtest/gtest.h>

namespace skymarshal::settings::setting_test {

Setting row(SettingType type) {
  Setting setting{.name = "a_name", .type = type};
  setting.min = 1;
  setting.max = 9;
  return setting;
}

TEST(Setting, ValuesAreOfTheirRowsType) {
  EXPECT_EQ(std::get<std::string>(*parse_value(row(SettingType::text), " a ")), " a ");
  EXPECT_EQ(std::get<bool>(*parse_value(row(SettingType::flag), "true")), true);
  EXPECT_EQ(std::get<std::int64_t>(*parse_value(row(SettingType::number), "9")), 9);
  EXPECT_EQ(std::get<Milliseconds>(*parse_value(row(SettingType::milliseconds), "1")), Milliseconds(1));
  EXPECT_EQ(std::get<std::vector<std::string>>(*parse_value(row(SettingType::texts), "a, b,,c")),
            (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(std::get<std::vector<Milliseconds>>(*parse_value(row(SettingType::milliseconds_list), "2,3")),
            (std::vector{Milliseconds(2), Milliseconds(3)}));
  EXPECT_EQ(std::get<Secret>(*parse_value(row(SettingType::secret), "s")).reveal(), "s");
}

TEST(Setting, WhatIsNoValueOfTheTypeIsNone) {
  for (const char* text : {"", "0", "10", "1.5", " 1", "1x", "99999999999999999999"}) {
    EXPECT_FALSE(parse_value(row(SettingType::number), text)) << text;
    EXPECT_FALSE(parse_value(row(SettingType::milliseconds), text)) << text;
  }
  for (const char* text : {"", "TRUE", "1", "yes"})
    EXPECT_FALSE(parse_value(row(SettingType::flag), text)) << text;
  EXPECT_FALSE(parse_value(row(SettingType::milliseconds_list), "1,10"));
  std::string many = "1";
  for (int i = 0; i < 64; ++i) many += ",1";
  EXPECT_FALSE(parse_value(row(SettingType::texts), many));
  EXPECT_FALSE(parse_value(row(SettingType::milliseconds_list), many));
}

TEST(Setting, SecretsAreComparedByWhatTheyHold) {
  const auto secret = [](const char* text) { return SettingValue(Secret(text)); };
  EXPECT_TRUE(is_same_value(secret("a"), secret("a")));
  EXPECT_FALSE(is_same_value(secret("a"), secret("b")));
  EXPECT_FALSE(is_same_value(secret("a"), SettingValue(std::string("a"))));
  EXPECT_TRUE(is_same_value(SettingValue(true), SettingValue(true)));
  EXPECT_FALSE(is_same_value(SettingValue(std::int64_t{1}), SettingValue(std::int64_t{2})));
}

TEST(Setting, NumbersByNameAreEachNamedOnce) {
  using Numbers = std::map<std::string, std::int64_t>;
  EXPECT_EQ(parse_named_numbers({"a=1", "b=0"}, 9), (Numbers{{"a", 1}, {"b", 0}}));
  EXPECT_EQ(parse_named_numbers({}, 9), Numbers());
  for (const char* wrong : {"a", "a=", "a=-1", "a=10", "a= 1", "a=1x", "a=1=1"}) {
    EXPECT_FALSE(parse_named_numbers({wrong}, 9)) << wrong;
  }
  EXPECT_FALSE(parse_named_numbers({"a=1", "a=1"}, 9));
}

TEST(Setting, SaysWhatItTakes) {
  EXPECT_EQ(allowed_values(row(SettingType::number)), "a whole number from 1 to 9");
  EXPECT_EQ(allowed_values(row(SettingType::milliseconds)), "a whole number from 1 to 9 ms");
  EXPECT_EQ(allowed_values(row(SettingType::milliseconds_list)),
            "at most 64 whole numbers from 1 to 9 ms with commas between them");
  EXPECT_EQ(allowed_values(row(SettingType::flag)), "true or false");
}

}  // namespace skymarshal::settings::setting_test

// Attributes in DynamoDB's wire form, both ways.
#include "dynamodb/item.hpp"

#include "base/json_reader.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::dynamodb::item_test {

std::string written(const Item& item) {
  std::string text;
  JsonWriter json(text);
  item.write(json);
  return text;
}

std::optional<Item> read(std::string text) {
  pad_json(text);
  return read_item(text);
}

TEST(Item, IsWrittenWithItsTypes) {
  Item item;
  item.text("a", "x\"y").number("b", -7).bytes("c", "fo").flag("d", true).text_set("e", {"1", "2"});
  item.raw("f", R"({"M":{}})").digits("g", "1E+20");
  EXPECT_EQ(written(item),
            R"({"a":{"S":"x\"y"},"b":{"N":"-7"},"c":{"B":"Zm8="},"d":{"BOOL":true},"e":{"SS":["1","2"]},)"
            R"("f":{"M":{}},"g":{"N":"1E+20"}})");
  EXPECT_EQ(read(written(item)), item);
}

TEST(Item, GivesAttributesOfTheTypeAskedForAlone) {
  Item item;
  item.text("text", "x").number("number", 3).bytes("bytes", "y").text_set("set", {"z"});
  EXPECT_EQ(item.find_text("text"), "x");
  EXPECT_EQ(item.find_number("number"), 3);
  EXPECT_EQ(item.find_digits("number"), "3");
  EXPECT_EQ(item.find_bytes("bytes"), "y");
  EXPECT_EQ(item.find_texts("set"), std::vector<std::string>{"z"});
  EXPECT_FALSE(item.find_text("number"));
  EXPECT_FALSE(item.find_number("text"));
  EXPECT_FALSE(item.find_bytes("absent"));
  EXPECT_TRUE(item.find_texts("absent").empty());
  item.digits("number", "0.5");
  EXPECT_FALSE(item.find_number("number")) << "no whole number";
}

TEST(Item, RefusesWhatIsNone) {
  for (const char* const text :
       {"[]", "7", R"({"a":"x"})", R"({"a":{}})", R"({"a":{"S":"x","N":"1"}})", R"({"a":{"S":7}})",
        R"({"a":{"N":1}})", R"({"a":{"B":"?"}})", R"({"a":{"SS":[1]}})"})
    EXPECT_FALSE(read(text)) << text;
}

TEST(Item, WeighsItsNamesToo) {
  Item item;
  item.text("name", "four").bytes("b", "123").flag("c", false).text_set("d", {"12", "3"});
  EXPECT_EQ(item.bytes_max(), 8U + 4U + 2U + 4U);
  item.number("n", 1);
  EXPECT_EQ(item.bytes_max(), 18U + 22U);
}

RC_GTEST_PROP(ItemProperty, ComesBackAsItWas, (const std::string& bytes, std::int64_t number)) {
  Item item;
  item.bytes("b", bytes).number("n", number).text("s", "ü\x01 \xE2\x80\xA8").text("empty", "");
  RC_ASSERT(read(written(item)) == item);
  RC_ASSERT(item.find_number("n") == number);
}

}  // namespace skymarshal::dynamodb::item_test

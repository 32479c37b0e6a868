#include "auth/json_document.hpp"

#include <array>

#include <gtest/gtest.h>

namespace skymarshal::auth {
namespace {

constexpr std::array<std::string_view, 2> known = {"a", "b"};

class JsonDocument : public testing::Test {
 protected:
  DocumentValue value(std::string text) {
    text_ = std::move(text);
    return {pad_json(text_), "here"};
  }
  std::string object_error(std::string text) {
    const auto read = read_object(reader_, value(std::move(text)), known);
    return read ? "" : read.error().message;
  }

  std::string text_;
  JsonReader reader_;
};

TEST_F(JsonDocument, ReadsKnownMembers) {
  const auto members = read_object(reader_, value(R"({"b":1,"a":[2]})"), known);
  ASSERT_TRUE(members);
  EXPECT_EQ(find_member(*members, "a"), "[2]");
}

TEST_F(JsonDocument, NamesTheMemberThatItRefuses) {
  EXPECT_EQ(object_error(R"({"c":"secret"})"), "here: the member 'c' is not known here; there are a, b");
  EXPECT_EQ(object_error(R"({"a":1,"b":2,"a":"secret"})"), "here: the member 'a' is there twice");
  EXPECT_EQ(object_error(R"({"\u0061":1,"a":2})"), "here: the member 'a' is there twice");
  EXPECT_EQ(object_error("[]"), "here: must be a JSON object");
}

TEST_F(JsonDocument, RepeatsNoOddNames) {
  EXPECT_EQ(object_error(R"({"\u001b[2J":1})").find('\x1b'), std::string::npos);
  EXPECT_LT(object_error("{\"" + std::string(5'000, 'x') + "\":1}").size(), 200U);
}

TEST_F(JsonDocument, BoundsMembersElementsAndStrings) {
  std::string many = "{\"a\":1";
  for (int i = 0; i < 64; ++i) many += ",\"a\":1";
  EXPECT_EQ(object_error(many + "}"), "here: has too many members");
  EXPECT_TRUE(read_array(reader_, value("[1,2]"), 2));
  EXPECT_FALSE(read_array(reader_, value("[1,2,3]"), 2));
  EXPECT_FALSE(read_array(reader_, value("{}"), 2));
  EXPECT_EQ(*read_string(value(R"("a\u0062")"), 2), "ab");
  EXPECT_FALSE(read_string(value(R"("abc")"), 2));
  EXPECT_FALSE(read_string(value("1"), 2));
  EXPECT_FALSE(read_string(value(R"("\ud800")"), 20));
}

TEST(DocumentError, SaysWhereAndWhat) {
  EXPECT_EQ(document_error("here", "no").message, "here: no");
  EXPECT_EQ(document_error("", "no").message, "no");
  EXPECT_EQ(document_error("", "no").code, Errc::invalid_request);
}

}  // namespace
}  // namespace skymarshal::auth

#include "auth/json_document.hpp"

#include "base/json_reader.hpp"

#include <array>

#include <gtest/gtest.h>

namespace skymarshal::auth::json_document_test {

constexpr std::array<std::string_view, 2> known = {"a", "b"};

class JsonDocument : public testing::Test {
 protected:
  DocumentValue value(std::string text) {
    text_ = std::move(text);
    return {pad_json(text_), "here"};
  }
  std::string object_error(std::string text) {
    const auto read = DocumentObject::read(value(std::move(text)), known);
    return read ? "" : read.error().message;
  }

  std::string text_;
};

TEST_F(JsonDocument, ReadsKnownMembers) {
  const auto object = DocumentObject::read(value(R"({"b":"text","a":[2]})"), known);
  ASSERT_TRUE(object);
  EXPECT_EQ(object->find("a")->json, "[2]");
  EXPECT_EQ(object->find("a")->where, "here: a");
  EXPECT_EQ(*object->text("b", 4), "text");
  EXPECT_EQ(object->text("b", 3).error().message, "here: b: is longer than 3 bytes");
  EXPECT_EQ(object->text("a", 9).error().message, "here: a: must be a JSON string");
}

TEST_F(JsonDocument, TellsWhatMustBeThereFromWhatMay) {
  const auto object = DocumentObject::read(value(R"({"b":1})"), known);
  ASSERT_TRUE(object);
  EXPECT_FALSE(object->has("a"));
  EXPECT_EQ(object->need("a").error().message, "here: a: is missing");
  EXPECT_EQ(object->text("a", 9).error().message, "here: a: is missing");
  EXPECT_EQ(*object->optional_text("a", 9), std::nullopt);
  EXPECT_FALSE(object->optional_text("b", 9));
}

TEST_F(JsonDocument, SaysWhereATextStopsBeingJson) {
  std::string text = "{\n  a: 1}";
  EXPECT_EQ(read_document(pad_json(text), "the policy").error().message,
            "the policy is not valid JSON: 'a' does not belong there at line 2, column 3");
}

TEST_F(JsonDocument, LooksPastAByteOrderMark) {
  std::string text = "\xEF\xBB\xBF {\"a\":1}";
  const auto document = read_document(pad_json(text), "it");
  ASSERT_TRUE(document);
  EXPECT_TRUE(DocumentObject::read(*document, known));
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

TEST_F(JsonDocument, BoundsElementsAndStrings) {
  EXPECT_TRUE(read_array(value("[1,2]"), 2));
  EXPECT_FALSE(read_array(value("[1,2,3]"), 2));
  EXPECT_FALSE(read_array(value("{}"), 2));
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

}  // namespace skymarshal::auth::json_document_test

// What a runtime says when it fails, in each of the usual shapes, and fit to be shown.
#include "runtime/runtime_words.hpp"

#include "base/json_reader.hpp"
#include "base/utf8.hpp"
#include "support/json_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::runtime::runtime_words_test {

RuntimeWords read(std::string text) {
  const std::string_view padded = pad_json(text);
  return read_error_message(padded, json_object(padded));
}

TEST(RuntimeWords, ReadsEveryUsualShapeOfAnError) {
  struct Row {
    const char *text, *json;
  };
  for (const Row& row : {
           Row{R"({"type":"error","error":{"code":"E_1","message":"m","details":{"a":[1]}}})",
               R"({"code":"E_1","message":"m","details":{"a":[1]}})"},
           Row{R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})",
               R"({"type":"overloaded_error","message":"m"})"},
           Row{R"({"type":"error","message":"m"})", R"({"message":"m"})"},
           Row{R"({"type":"error","error":"it broke"})", R"({"message":"it broke"})"},
           Row{R"({"type":"error","error":"THROTTLED"})", R"({"code":"THROTTLED"})"},
           Row{R"({"error":"E","error_type":"T","message":"m"})", R"({"code":"E","type":"T","message":"m"})"},
           Row{R"({"error":"no more tokens","error_type":"ValueError","message":"An error occurred"})",
               R"({"type":"ValueError","message":"An error occurred: no more tokens"})"},
           Row{R"({"error":"the same","message":"the same"})", R"({"message":"the same"})"},
           Row{R"({"type":"error","error_code":"E","error_message":"m","details":{"n":1}})",
               R"({"code":"E","message":"m","details":{"n":1}})"},
           Row{R"({"type":"error","error":{"message":"inner"},"error_code":"BESIDE","message":"outer"})",
               R"({"code":"BESIDE","message":"outer: inner"})"},
           Row{R"({"type":"error","error":{"code":42,"message":null,"details":"d"}})",
               R"({"code":"42","details":"d"})"},
           Row{R"({"type":"error","error":[1]})", R"({"message":"[1]"})"},
           Row{R"({"type":"error","error":null,"detail":"d"})", R"({"message":"d"})"},
           Row{R"({"type":"error","error":{"code":"THROTTLED","retry_after":17}})",
               R"({"code":"THROTTLED","retry_after":17})"},
           Row{R"({"type":"error","error":{"code":"THROTTLED"},"retry_after":"18"})",
               R"({"code":"THROTTLED","retry_after":18})"},
       }) {
    EXPECT_EQ(runtime_words_json(read(row.text)), row.json) << row.text;
  }
}

TEST(RuntimeWords, HandsOnShapesThatNobodyThoughtOf) {
  EXPECT_EQ(runtime_words_json(read(R"({"type":"error","error":{"reason":"x"}})")),
            R"({"details":{"reason":"x"}})");
  EXPECT_EQ(runtime_words_json(read("{\"type\":\"error\",\n\"reason\":\"x\"}")),
            R"({"details":{"type":"error","reason":"x"}})");
  EXPECT_EQ(runtime_words_json(read(R"({"type":"error"})")), "{}");
  EXPECT_EQ(runtime_words_json(read(R"({"type":"error","error":{}})")), "{}");
}

TEST(RuntimeWords, KeepsDetailsOnOneLine) {
  EXPECT_EQ(read("{\"error\":{\"details\":{\n  \"a\" : \"x\\n \",\r\n \"b\":[\n1]\n}}}").details,
            R"({"a":"x\n ","b":[1]})");
}

TEST(RuntimeWords, NamesClosesAndRefusals) {
  RuntimeWords words;
  words.close_code = 1011;
  words.close_reason = "out of memory";
  EXPECT_EQ(runtime_words_json(words), R"({"close_code":1011,"close_reason":"out of memory"})");
  EXPECT_EQ(runtime_words_text(words), "close code 1011, close reason out of memory");
  RuntimeWords refusal;
  refusal.http_status = 429;
  refusal.body = "slow down";
  refusal.retry_after = std::chrono::seconds(17);
  EXPECT_EQ(runtime_words_json(refusal), R"({"http_status":429,"body":"slow down","retry_after":17})");
  EXPECT_EQ(runtime_words_text(refusal), "HTTP 429, retry after 17, body slow down");
}

TEST(RuntimeWords, KeepsWhatBelongsToCallersOutOfTheLog) {
  EXPECT_EQ(runtime_words_text(read(R"({"error":{"code":"E","message":"m","details":{"name":"Ann"}}})")),
            "code E, message m");
}

TEST(PlainWords, HoldNoControlCharacters) {
  EXPECT_EQ(plain_words("a\x1B[31mb\x7F\x01", 100), "a[31mb");
  EXPECT_EQ(plain_words("one\r\ntwo\tthree", 100), "one  two three");
  EXPECT_EQ(plain_words("a\xC2\x85\xC2\x9F\xC2\xA0z", 100), "a\xC2\xA0z") << "C1 goes, the others stay";
  EXPECT_EQ(read(R"({"type":"error","message":"a\u0000b\u001bc"})").message, "abc");
}

TEST(PlainWords, AreUtf8OfAtMostThatManyBytes) {
  EXPECT_EQ(plain_words("a\xFFz", 100), "a\xEF\xBF\xBDz");
  EXPECT_EQ(plain_words("\xE2\x82\xAC\xE2\x82\xAC", 5), "\xE2\x82\xAC")
      << "nothing is cut within a character";
  EXPECT_EQ(plain_words("ab\xE2\x82", 100), "ab") << "cut by whoever sent it";
  EXPECT_EQ(plain_words(std::string(5000, 'x'), 10).size(), 10u);
}

RC_GTEST_PROP(PlainWords, AreAlwaysFitToBeShown, (std::string said)) {
  const auto limit = *rc::gen::inRange<std::size_t>(0, 50);
  const std::string plain = plain_words(said, limit);
  RC_ASSERT(plain.size() <= limit);
  RC_ASSERT(is_utf8(plain));
  RC_ASSERT(std::ranges::none_of(plain, [](unsigned char c) { return c < 0x20 || c == 0x7F; }));
  RC_ASSERT(plain_words(plain, limit) == plain);
}

TEST(RuntimeWords, HoldNoControlCharactersInDetailsHoweverTheyAreWritten) {
  EXPECT_EQ(
      read(R"({"error":{"details":{"a":"\u001b[31mred\u009B0m\b\f\u0000\u007F","\u001Bk":"x"}}})").details,
      R"({"a":"[31mred0m","k":"x"})");
  EXPECT_EQ(read("{\"error\":{\"details\":[\"a\x7F\xC2\x9B"
                 "b\"]}}")
                .details,
            R"(["ab"])");
  const std::string_view harmless = R"(["\\u001b","\n\t\u000A\/\"","\u00e9\ud83d\ude00","é"])";
  EXPECT_EQ(read(R"({"error":{"details":)" + std::string(harmless) + "}}").details, harmless);
}

TEST(RuntimeWords, HoldNoMoreDetailsThanAnybodyReads) {
  const std::string long_text(RuntimeWords::details_bytes_max, 'x');
  const RuntimeWords words =
      read(R"({"type":"error","error":{"code":"E","details":{"text":")" + long_text + R"("}}})");
  EXPECT_LE(words.details.size(), RuntimeWords::details_bytes_max * 2);
  EXPECT_TRUE(words.details.starts_with(R"("{\"text\":\"xxx)")) << "the text of their beginning";
}

}  // namespace skymarshal::runtime::runtime_words_test

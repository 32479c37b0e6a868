// What a request body must be, and what becomes of the prompt.
#include "gateway/request_validation.hpp"

#include "support/json_text.hpp"
#include "unit/gateway/random_bodies.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::gateway::request_validation_test {

using test::elements_of;
using test::text_at;
using test::value_at;

std::multiset<std::string> fields_named(const Error& error) {
  std::multiset<std::string> fields;
  for (const std::string& entry : elements_of(value_at(error.details, {"errors"}))) {
    fields.insert(text_at(entry, {"field"}));
    EXPECT_FALSE(text_at(entry, {"message"}).empty());
  }
  return fields;
}

std::string body_of(std::string_view prompt) { return "{\"prompt\":" + test::json_quoted(prompt) + "}"; }

TEST(RequestValidation, ReadsACompleteCommand) {
  const auto command = read_invoke_command(
      R"({"prompt":" <EY283> is late ","session_id":"3F2504E0-4F89-41D3-9A0C-0305E82C3301",)"
      R"("streaming":true})");
  ASSERT_TRUE(command);
  EXPECT_EQ(command->prompt, "EY283 is late");
  ASSERT_TRUE(command->session_id);
  EXPECT_EQ(command->session_id->view(), "3f2504e0-4f89-41d3-9a0c-0305e82c3301");
  EXPECT_TRUE(command->streaming);
}

TEST(RequestValidation, NeedsNothingButAPrompt) {
  const auto command = read_invoke_command(body_of("EY283 is late"));
  ASSERT_TRUE(command);
  EXPECT_FALSE(command->session_id);
  EXPECT_FALSE(command->streaming);
}

TEST(RequestValidation, CountsCharactersNotBytes) {
  const std::string four_bytes = "\xF0\x9F\x98\x80";
  std::string ten;
  for (int i = 0; i < 10; ++i) ten += four_bytes;
  EXPECT_TRUE(read_invoke_command(body_of(ten)));
  EXPECT_FALSE(read_invoke_command(body_of(ten.substr(4)))) << "nine characters of 36 bytes";
  std::string most;
  for (int i = 0; i < 10'000; ++i) most += four_bytes;
  EXPECT_TRUE(read_invoke_command(body_of(most)));
  EXPECT_FALSE(read_invoke_command(body_of(most + "a")));
}

TEST(RequestValidation, MeasuresBeforeAndAfterSanitising) {
  // 10,000 characters remain, but more were sent.
  EXPECT_FALSE(read_invoke_command(body_of(std::string(10'000, 'a') + "<")));
  // Enough were sent, but nine remain.
  const auto emptied = read_invoke_command(body_of("{abcdefghi}"));
  ASSERT_FALSE(emptied);
  EXPECT_NE(emptied.error().message.find("it has 9"), std::string::npos) << emptied.error().message;
}

TEST(RequestValidation, TellsAllProblemsAtOnce) {
  const auto command = read_invoke_command(R"({"streaming":"yes","session_id":7,"extra":1,"more":[]})");
  ASSERT_FALSE(command);
  EXPECT_EQ(command.error().code, Errc::invalid_request);
  EXPECT_EQ(fields_named(command.error()),
            (std::multiset<std::string>{"prompt", "streaming", "session_id", "extra", "more"}));
  EXPECT_NE(command.error().message.find("4 more"), std::string::npos) << command.error().message;
}

TEST(RequestValidation, ListsOnlySoManyProblems) {
  std::string body = R"({"prompt":"EY283 is late")";
  for (int i = 0; i < 5000; ++i) body += ",\"k" + std::to_string(i) + "\":0";
  const auto command = read_invoke_command(body + "}");
  ASSERT_FALSE(command);
  EXPECT_EQ(fields_named(command.error()).size(), 100u);
  EXPECT_NE(command.error().message.find("4999 more"), std::string::npos) << command.error().message;
}

TEST(RequestValidation, TakesNullForNoSession) {
  const auto command = read_invoke_command(R"({"prompt":"EY283 is late","session_id":null})");
  ASSERT_TRUE(command);
  EXPECT_FALSE(command->session_id);
}

TEST(RequestValidation, SaysWhereTheJsonBreaks) {
  const auto command = read_invoke_command("{\"prompt\":\n!}");
  ASSERT_FALSE(command);
  EXPECT_EQ(command.error().code, Errc::invalid_json);
  EXPECT_EQ(value_at(command.error().details, {"line"}), "2");
}

TEST(RequestValidation, TellsAWishFromNone) {
  EXPECT_EQ(read_invoke_command(R"({"prompt":"EY283 is late"})")->streaming, std::nullopt);
  EXPECT_EQ(read_invoke_command(R"({"prompt":"EY283 is late","streaming":false})")->streaming, false);
  EXPECT_EQ(read_invoke_command(R"({"prompt":"EY283 is late","streaming":true})")->streaming, true);
}

TEST(RequestValidation, LooksPastAByteOrderMark) {
  EXPECT_TRUE(
      read_invoke_command("\xEF\xBB\xBF"
                          R"({"prompt":"EY283 is late"})"));
  EXPECT_TRUE(expect_no_fields("\xEF\xBB\xBF{}"));
}

TEST(RequestValidation, WantsAnObject) {
  for (const auto* body : {"[]", "\"prompt\"", "1", "null", " true", "[{\"a\":1}]"}) {
    const auto command = read_invoke_command(body);
    ASSERT_FALSE(command) << body;
    EXPECT_EQ(command.error().code, Errc::invalid_json);
    EXPECT_EQ(command.error().message,
              "the body is not valid JSON: an object is expected at line 1, column 1");
    EXPECT_EQ(value_at(command.error().details, {"column"}), "1");
  }
}

TEST(RequestValidation, RefusesWhatCouldBeReadInTwoWays) {
  for (const auto* body : {R"({"prompt":"EY283 is late","prompt":"EY284 is late"})",
                           R"({"prompt":"EY283 is late \ud800"})", "{\"prompt\":\"EY283 is late \xFF\"}"}) {
    const auto command = read_invoke_command(body);
    ASSERT_FALSE(command) << body;
    EXPECT_EQ(command.error().code, Errc::invalid_json);
  }
}

TEST(RequestValidation, TakesNoFieldsWhereNoneAreWanted) {
  EXPECT_TRUE(expect_no_fields(""));
  EXPECT_TRUE(expect_no_fields(" { } "));
  const auto named = expect_no_fields(R"({"a":1,"b":2})");
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().code, Errc::invalid_request);
  EXPECT_EQ(fields_named(named.error()), (std::multiset<std::string>{"a", "b"}));
  const auto broken = expect_no_fields("nonsense");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, Errc::invalid_json);
}

TEST(Sanitising, RemovesBracketsAndControlsAndOuterSpace) {
  EXPECT_EQ(sanitise_prompt("a<b>c{d}e"), "abcde");
  EXPECT_EQ(sanitise_prompt(std::string("a\0b\x01\x08\x0B\x0C\x0E\x1F!", 10)), "ab!");
  EXPECT_EQ(sanitise_prompt("a\tb\r\nc"), "a\tb\r\nc");
  EXPECT_EQ(sanitise_prompt("\xC2\x85\xE2\x80\xA8 a b \xE3\x80\x80\n"), "a b");
  EXPECT_EQ(sanitise_prompt("a\x7F\xC2\x9F"), "a\x7F\xC2\x9F") << "DEL and C1 controls are not named";
  EXPECT_EQ(sanitise_prompt("< { \t } >"), "");
}

RC_GTEST_PROP(Property01RequestValidation, AcceptsExactlyWhatIsValidAndTellsAllThatIsNot, ()) {
  const test::RandomBody body = test::random_body();
  RC_CLASSIFY(body.wrong.empty(), "accepted");
  RC_CLASSIFY(body.wrong.size() > 1, "several problems");
  const auto command = read_invoke_command(body.text);
  if (!body.wrong.empty()) {
    RC_ASSERT_FALSE(command.has_value());
    RC_ASSERT(command.error().code == Errc::invalid_request);
    RC_ASSERT(fields_named(command.error()) == body.wrong);
    return;
  }
  RC_ASSERT(command.has_value());
  RC_ASSERT(command->prompt == body.prompt);
  RC_ASSERT(command->streaming.value_or(false) == body.streaming);
  RC_ASSERT(command->session_id.has_value() == body.session_id.has_value());
  if (body.session_id) RC_ASSERT(command->session_id->str() == *body.session_id);
}

RC_GTEST_PROP(Property01RequestValidation, RefusesBrokenBodiesWithTheirPlace, ()) {
  const auto command = read_invoke_command(test::random_broken_body());
  RC_ASSERT_FALSE(command.has_value());
  RC_ASSERT(command.error().code == Errc::invalid_json);
  RC_ASSERT(std::stoul(value_at(command.error().details, {"line"})) >= 1u);
  RC_ASSERT(std::stoul(value_at(command.error().details, {"column"})) >= 1u);
}

/// Any text at all: characters of every width, what is removed, and white space of every kind.
std::string random_prompt() {
  static const std::vector<std::string> pieces = {"a",
                                                  "b",
                                                  "<",
                                                  ">",
                                                  "{",
                                                  "}",
                                                  " ",
                                                  "\t",
                                                  "\r",
                                                  "\n",
                                                  "\v",
                                                  "\f",
                                                  "\x01",
                                                  "\x1F",
                                                  "\x7F",
                                                  std::string(1, '\0'),
                                                  "\"",
                                                  "\\",
                                                  "\xC2\x85",
                                                  "\xC2\xA0",
                                                  "\xE2\x80\x83",
                                                  "\xE3\x80\x80",
                                                  "\xE2\x80\x8B",
                                                  "\xC3\xA9",
                                                  "\xF0\x9F\x98\x80",
                                                  "\xE2\x82\xAC"};
  std::string text;
  for (const std::string& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) {
    text += piece;
  }
  return text;
}

bool is_named(char c) {
  return std::string_view("<>{}").find(c) != std::string_view::npos ||
         (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r' && c != '\n');
}

RC_GTEST_PROP(Property08Sanitising, IsIdempotent, ()) {
  const std::string once = sanitise_prompt(random_prompt());
  RC_ASSERT(sanitise_prompt(once) == once);
}

RC_GTEST_PROP(Property08Sanitising, RemovesExactlyWhatIsNamedAndKeepsTheRest, ()) {
  const std::string sent = random_prompt();
  const std::string kept = sanitise_prompt(sent);
  RC_ASSERT(std::ranges::none_of(kept, is_named));
  // Everything else is still there, in its order, but for white space at the two ends.
  std::string rest;
  std::ranges::copy_if(sent, std::back_inserter(rest), [](char c) { return !is_named(c); });
  const std::size_t at = kept.empty() ? 0 : rest.find(kept);
  RC_ASSERT(at != std::string::npos);
  RC_ASSERT(trim_unicode_space(rest.substr(0, at)).empty());
  RC_ASSERT(trim_unicode_space(rest.substr(at + kept.size())).empty());
  RC_ASSERT(trim_unicode_space(kept) == kept);
}

}  // namespace skymarshal::gateway::request_validation_test

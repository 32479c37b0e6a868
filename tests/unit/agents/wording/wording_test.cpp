#include "agents/wording/wording.hpp"

#include "unit/agents/wording/wording_samples.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::wording::wording_test {

using assessment::AgentAssessment;

namespace json = boost::json;
using test::crew_sample;

std::string chunk(std::string_view content) {
  return R"({"choices":[{"index":0,"delta":{"content":)" + std::string(content) +
         R"(},"finish_reason":null}]})";
}
constexpr std::string_view stop = R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";

/// Whether all of them are understood.
bool takes(ChatAnswer& answer, const std::vector<std::string>& events) {
  for (const std::string& event : events) {
    if (!answer.take(event)) return false;
  }
  return true;
}

TEST(ChatRequest, AsksForAStreamAndGivesTheAssessment) {
  const json::value request = json::parse(chat_request(crew_sample(), "small"));
  EXPECT_EQ(request.at("model").as_string(), "small");
  EXPECT_TRUE(request.at("stream").as_bool());
  const json::array& messages = request.at("messages").as_array();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].at("role").as_string(), "system");
  EXPECT_EQ(messages[1].at("role").as_string(), "user");
  const json::value given = json::parse(messages[1].at("content").as_string());
  const AgentAssessment sample = crew_sample();
  EXPECT_EQ(given.at("verdict").as_string(), "rejected");
  EXPECT_EQ(given.at("reasoning").as_string(), json::string(sample.reasoning));
  EXPECT_EQ(given.at("constraints").as_array().size(), 1U);
  EXPECT_EQ(given.at("missing_facts").as_array().size(), 1U);
  EXPECT_EQ(given.at("arithmetic").at(0).as_string(),
            "duty with the delay: 10 h 45 min + 3 h 00 min = 13 h 45 min");
}

TEST(ChatRequest, NamesNoModelWhereNoneIsAskedFor) {
  EXPECT_EQ(json::parse(chat_request(crew_sample(), "")).as_object().if_contains("model"), nullptr);
}

TEST(ChatRequest, KeepsThePromptsWordsToItself) {
  EXPECT_EQ(chat_request(crew_sample(), "m").find("prompt:"), std::string::npos);
}

TEST(ChatAnswer, PutsThePiecesTogether) {
  ChatAnswer answer(100);
  EXPECT_TRUE(takes(answer, {R"({"choices":[{"delta":{"role":"assistant","content":""}}]})",
                             chunk(R"("The ")"), chunk("null"), chunk(R"("\u00e9quipe \ud83d\ude00")")}));
  EXPECT_FALSE(answer.complete());
  EXPECT_TRUE(takes(answer, {std::string(stop), R"({"choices":[],"usage":{}})", "[DONE]"}));
  EXPECT_TRUE(answer.complete());
  EXPECT_EQ(answer.text(), "The \u00E9quipe \U0001F600");
}

TEST(ChatAnswer, AnEmptyReasonIsNone) {
  ChatAnswer answer(100);
  EXPECT_TRUE(takes(answer, {R"({"choices":[{"delta":{"content":"a"},"finish_reason":""}]})"}));
  EXPECT_FALSE(answer.complete());
  EXPECT_TRUE(
      takes(answer, {R"({"choices":[{"delta":{"content":"b"},"finish_reason": "" }]})", std::string(stop)}));
  EXPECT_TRUE(answer.complete());
  EXPECT_EQ(answer.text(), "ab");
}

TEST(ChatAnswer, EitherEndIsAnEnd) {
  ChatAnswer by_reason(100);
  EXPECT_TRUE(takes(by_reason, {chunk("\"a\""), std::string(stop)}));
  EXPECT_TRUE(by_reason.complete());
  ChatAnswer by_done(100);
  EXPECT_TRUE(takes(by_done, {chunk("\"a\""), "[DONE]"}));
  EXPECT_TRUE(by_done.complete());
}

TEST(ChatAnswer, TakesNothingMoreBehindTheEnd) {
  ChatAnswer answer(100);
  EXPECT_TRUE(takes(answer, {chunk("\"a\""), std::string(stop), chunk("\"b\""), "nonsense"}));
  EXPECT_EQ(answer.text(), "a");
}

TEST(ChatAnswer, RefusesWhatIsNoChunk) {
  for (const std::string_view event :
       {"", "nonsense", "7", "[]", "{}", R"({"choices":{}})", R"({"choices":[7]})", R"({"choices":[{},{}]})",
        R"({"error":{"message":"full"}})", R"({"choices":[{"delta":{"content":7}}]})",
        R"({"choices":[{"delta":{"content":"\ud800"}}]})", R"({"choices":[{"finish_reason":"length"}]})",
        R"({"choices":[{"finish_reason":"tool_calls"}]})", R"({"choices":[{"finish_reason":7}]})",
        "{\"choices\":[{\"delta\":{\"content\":\"\xFF\"}}]}"}) {
    ChatAnswer answer(100);
    EXPECT_FALSE(answer.take(std::string(event)).has_value()) << event;
    EXPECT_FALSE(answer.complete());
  }
}

TEST(ChatAnswer, RefusesTextsThatAreTooLong) {
  ChatAnswer answer(3);
  EXPECT_TRUE(takes(answer, {chunk("\"ab\""), chunk("\"c\"")}));
  EXPECT_EQ(answer.take(chunk("\"d\"")).error().code, Errc::payload_too_large);
}

RC_GTEST_PROP(ChatAnswerProperty, AnyEventIsTakenOrRefused, (std::string event)) {
  ChatAnswer answer(100);
  const auto taken = answer.take(event);
  RC_ASSERT(taken.has_value() || !answer.complete());
}

}  // namespace skymarshal::agents::wording::wording_test

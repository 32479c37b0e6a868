#include "agents/server/runtime_messages.hpp"

#include <string>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::server::runtime_messages_test {

TEST(RuntimeMessages, ReadsAnInvocation) {
  const auto request = parse_invoke_message(
      R"({"action":"invoke","payload":{"prompt":"EY283 \u2192 late","session_id":"s1"}})", {});
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->prompt, "EY283 \u2192 late");
  EXPECT_EQ(request->session_id, "s1");
}

TEST(RuntimeMessages, ASessionIsOptional) {
  EXPECT_EQ(parse_invoke_message(R"({"action":"invoke","payload":{"prompt":"late"}})", {})->session_id, "");
  EXPECT_EQ(parse_invocation_body(R"({"prompt":"late","session_id":null,"more":1})", {})->session_id, "");
}

TEST(RuntimeMessages, AByteOrderMarkSaysNothing) {
  const std::string mark = "\xEF\xBB\xBF";
  EXPECT_EQ(parse_invoke_message(mark + R"({"action":"invoke","payload":{"prompt":"late"}})", {})->prompt,
            "late");
  EXPECT_EQ(parse_invocation_body(mark + R"({"prompt":"late"})", {})->prompt, "late");
}

TEST(RuntimeMessages, ReadsWhatIsToBeForgotten) {
  EXPECT_EQ(parse_forget_message(R"({"action":"forget","payload":{"session_id":"s1"}})", {}), "s1");
  for (const std::string text :
       {R"({"action":"invoke","payload":{"prompt":"\"forget\"","session_id":"s1"}})",
        R"({"action":"forget"})", R"({"action":"forget","payload":{"session_id":7}})", R"(["forget"])",
        R"({"forget")"}) {
    EXPECT_FALSE(parse_forget_message(text, {})) << text;
  }
  const std::string long_id(257, 's');
  EXPECT_FALSE(
      parse_forget_message(R"({"action":"forget","payload":{"session_id":")" + long_id + "\"}}", {}));
}

TEST(RuntimeMessages, RefusesWhatIsNoInvocation) {
  for (const std::string text :
       {"", "garbage", "[]", "{}", R"({"action":"stop","payload":{"prompt":"late"}})",
        R"({"action":"invoke"})", R"({"action":"invoke","payload":[]})",
        R"({"action":"invoke","payload":{"prompt":7}})", R"({"action":"invoke","payload":{"prompt":"  \n"}})",
        R"({"action":"invoke","payload":{"prompt":"late","session_id":7}})",
        R"({"action":"invoke","payload":{"prompt":"late"}} trailing)",
        "{\"action\":\"invoke\",\"payload\":{\"prompt\":\"\xff\xfe late\"}}",
        R"({"action":"invoke","payload":{"prompt":"\ud800 late"}})"}) {
    const auto request = parse_invoke_message(text, {});
    ASSERT_TRUE(request.has_error()) << text;
    EXPECT_EQ(request.error().code, Errc::invalid_request);
    EXPECT_FALSE(request.error().message.empty());
  }
}

TEST(RuntimeMessages, HoldsToItsLimits) {
  InvokeLimits limits;
  limits.prompt_bytes_max = 10;
  limits.session_id_bytes_max = 4;
  EXPECT_TRUE(parse_invocation_body(R"({"prompt":"0123456789","session_id":"abcd"})", limits).has_value());
  EXPECT_TRUE(parse_invocation_body(R"({"prompt":"01234567890"})", limits).has_error());
  EXPECT_TRUE(parse_invocation_body(R"({"prompt":"0123456789","session_id":"abcde"})", limits).has_error());
  const std::string deep = R"({"prompt":"late","x":)" + std::string(64, '[') + std::string(64, ']') + "}";
  EXPECT_TRUE(parse_invocation_body(deep, limits).has_error());
}

TEST(RuntimeMessages, WritesErrors) {
  EXPECT_EQ(error_message("INVALID_REQUEST", "say \"please\""),
            R"({"type":"error","error":{"code":"INVALID_REQUEST","message":"say \"please\""}})");
}

RC_GTEST_PROP(RuntimeMessagesProperty, NoBytesCrashTheParser, (const std::string& text)) {
  RC_ASSERT(parse_invoke_message(text, {}).has_error());
  const std::string inside = R"({"action":"invoke","payload":{"prompt":")" + text + "\"}}";
  const auto request = parse_invoke_message(inside, {});
  const bool harmless = request.has_error() || request->session_id.empty();
  RC_ASSERT(harmless);
}

}  // namespace skymarshal::agents::server::runtime_messages_test

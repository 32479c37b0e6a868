#include "cli/answer_text.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::invocations_text_test {

TEST(InvocationsText, ListsInvocationsAsATable) {
  EXPECT_EQ(invocation_list_text(
                R"({"invocations":[{"request_id":"4f0c8f0e-0000-4000-8000-000000000001","session_id":"s-1",)"
                R"("status":"running","accepted_at":1769850300123}],"next_cursor":"abc"})"),
            "INVOCATION                           STATUS       ACCEPTED                  SESSION\n"
            "4f0c8f0e-0000-4000-8000-000000000001 running      2026-01-31T09:05:00.123Z  s-1\n"
            "There are more: --cursor abc\n");
  EXPECT_EQ(invocation_list_text(R"({"invocations":[],"next_cursor":null})"), "No invocations.\n");
  const std::string more = invocation_list_text(R"({"invocations":[],"next_cursor":"abc"})");
  EXPECT_TRUE(more.starts_with("No invocations on this page.\n")) << more;
  EXPECT_NE(more.find("abc"), std::string::npos) << "the next one may have some";
}

TEST(InvocationsText, ShowsHowOneStands) {
  EXPECT_EQ(
      invocation_text(R"({"request_id":"r-1","status":"queued","accepted_at":1769850300123})", {}, false),
      "invocation r-1: queued, accepted 2026-01-31T09:05:00.123Z\n");
  EXPECT_EQ(
      invocation_text(R"({"request_id":"r-1","status":"timeout","accepted_at":1769850300123,)"
                      R"("ended_at":1769850300124,"error":{"error_code":"TIMEOUT","error_message":"slow"}})",
                      {}, false),
      "invocation r-1: timeout, accepted 2026-01-31T09:05:00.123Z, ended 2026-01-31T09:05:00.124Z\n"
      "TIMEOUT: slow\n");
}

TEST(InvocationsText, ShowsTheAnswerAsInvokeDoes) {
  const std::string response = R"({"status":"success","final_decision":"approved","assessment":{}})";
  const std::string text = invocation_text(
      R"({"request_id":"r-1","status":"success","accepted_at":0,"ended_at":0,"result":)" + response + "}", {},
      true);
  EXPECT_NE(text.find(result_text(response, {})), std::string::npos) << text;
  EXPECT_NE(text.find(explanation_text(response, {})), std::string::npos) << text;
}

}  // namespace skymarshal::cli::invocations_text_test

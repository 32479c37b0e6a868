#include "cli/answer_text.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::sessions_text_test {

TEST(SessionsText, ListsSessionsAsATable) {
  EXPECT_EQ(session_list_text(
                R"({"sessions":[{"session_id":"4f0c8f0e-0000-4000-8000-000000000001","status":"active",)"
                R"("created_at":0,"last_interaction_at":1769850300123,"interaction_count":12}],)"
                R"("next_cursor":null})"),
            "SESSION                              STATUS   TURNS  LAST ACTIVITY\n"
            "4f0c8f0e-0000-4000-8000-000000000001 active      12  2026-01-31T09:05:00.123Z\n");
}

TEST(SessionsText, SaysHowToSeeTheNextPage) {
  const std::string text =
      session_list_text(R"({"sessions":[{"session_id":"a","status":"expired"}],"next_cursor":"abc"})");
  EXPECT_NE(text.find("There are more: --cursor abc\n"), std::string::npos);
}

TEST(SessionsText, NoSessionsAreNoTable) {
  EXPECT_EQ(session_list_text(R"({"sessions":[],"next_cursor":null})"), "No sessions.\n");
  EXPECT_EQ(session_list_text("{}"), "No sessions.\n");
}

TEST(SessionsText, ShowsWhatWasAskedAndAnswered) {
  EXPECT_EQ(
      session_history_text(
          R"({"session_id":"s","status":"active","created_at":1769850300123,"interaction_count":2,)"
          R"("interactions":[{"request_id":"r-1","timestamp":1769850300123,"prompt":"EY283\nlate",)"
          R"("response":{"final_decision":"approved"},"status":"success","execution_time_ms":7},)"
          R"({"request_id":"r-2","timestamp":1769850300124,"prompt":"again","response":{},)"
          R"("status":"timeout","execution_time_ms":9,"error_message":"too slow"}],"next_cursor":null})",
          80),
      "session s: active, 2 turns, created 2026-01-31T09:05:00.123Z\n"
      "\n"
      "2026-01-31T09:05:00.123Z  success  7 ms  request r-1\n"
      "  prompt   EY283 late\n"
      "  decision approved\n"
      "\n"
      "2026-01-31T09:05:00.124Z  timeout  9 ms  request r-2\n"
      "  prompt   again\n"
      "  error    too slow\n");
}

TEST(SessionsText, TimesBeyondTheCalendarAreHarmless) {
  const std::string text = session_list_text(
      R"({"sessions":[{"session_id":"a","status":"active","last_interaction_at":9223372036854775807}]})");
  EXPECT_NE(text.find("9999-12-31T23:59:59.999Z"), std::string::npos);
}

}  // namespace skymarshal::cli::sessions_text_test

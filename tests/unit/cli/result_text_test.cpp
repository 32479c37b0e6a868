#include "cli/answer_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::cli::result_text_test {

constexpr std::string_view answer = R"({
  "status":"success","request_id":"r-1","session_id":"s-1","execution_time_ms":1234,
  "assessment":{"summary":"EY283 BKK-AUH: conditional.","missing_facts":["MEL category"],
    "recovery_options":[
      {"rank":1,"option":"swap","title":"Swap the aircraft","feasible":true,"score":78,
       "scores":{"safety":90,"cost":60}},
      {"rank":2,"option":"as_planned","title":"Fly as planned","feasible":false,
       "binding_constraint":"The hydraulic fault is open.","score":20}]},
  "safety_phase":{"phase_status":"conditional","constraints":["Release to service first."],
    "agents":{"maintenance":{"agent_name":"maintenance","status":"conditional","confidence":0.5,
              "reasoning":"The hydraulic fault must be rectified."}}},
  "business_phase":{"phase_status":"approved","constraints":[],"agents":{}},
  "final_decision":"conditional","recommendations":["Call the station."]})";

std::string plain(std::string_view response) { return result_text(response, {.terminal = {}}); }

TEST(ResultText, ShowsTheDecisionFirstAndWhyAndWhatToDo) {
  ResultContext context;
  context.next_command = "skymarshal invoke --session s-1";
  EXPECT_EQ(result_text(answer, context),
            "Decision: conditional\n"
            "EY283 BKK-AUH: conditional.\n"
            "\n"
            "Safety: conditional\n"
            "  maintenance  conditional  confidence 0.50\n"
            "    The hydraulic fault must be rectified.\n"
            "\n"
            "Business: approved\n"
            "\n"
            "Constraints\n"
            "  - Release to service first.\n"
            "\n"
            "Recommendations\n"
            "  - Call the station.\n"
            "\n"
            "Recovery options\n"
            "   1. Swap the aircraft, score 78 (safety 90, cost 60)\n"
            "   2. Fly as planned, score 20: not open. The hydraulic fault is open.\n"
            "\n"
            "Not known\n"
            "  - MEL category\n"
            "\n"
            "request r-1   session s-1   took 1.23 s\n"
            "Go on: skymarshal invoke --session s-1 \"…\"\n");
}

TEST(ResultText, ColoursTheVerdicts) {
  ResultContext context;
  context.terminal.color = true;
  EXPECT_NE(result_text(answer, context).find("\x1b[33mconditional\x1b[0m"), std::string::npos);
  EXPECT_EQ(plain(answer).find('\x1b'), std::string::npos);
}

TEST(ResultText, PassesOverWhatIsMissingOrOtherwiseShaped) {
  EXPECT_EQ(plain("{}"), "Decision: none\n");
  EXPECT_EQ(
      plain(R"({"final_decision":"approved","assessment":7,"safety_phase":null,"recommendations":"none"})"),
      "Decision: approved\n");
  EXPECT_EQ(plain("[1,2]"), "[1,2]\n");
  EXPECT_EQ(plain("no json"), "no json\n");
}

TEST(ResultText, ShowsRecommendationsThatAreObjects) {
  EXPECT_NE(plain(R"({"recommendations":[{"action":"swap"}]})").find("  - {\"action\":\"swap\"}\n"),
            std::string::npos);
}

TEST(ResultText, FindsFields) {
  EXPECT_EQ(response_field(answer, "final_decision"), "conditional");
  EXPECT_EQ(response_field(answer, "nothing"), "");
  EXPECT_EQ(response_field("no json", "final_decision"), "");
}

RC_GTEST_PROP(ResultTextProperty, AnyTextInAnAnswerIsHarmless, (std::string text)) {
  std::string quoted = "\"";
  for (const char c : text) {
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, "\\u00%02x", static_cast<unsigned char>(c));
    quoted += escaped;
  }
  quoted += '"';
  const std::string shown =
      plain(R"({"final_decision":)" + quoted + R"(,"recommendations":[)" + quoted +
            R"(],"safety_phase":{"agents":{)" + quoted + R"(:{"reasoning":)" + quoted + "}}}}");
  for (const char c : shown) RC_ASSERT(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
}

}  // namespace skymarshal::cli::result_text_test

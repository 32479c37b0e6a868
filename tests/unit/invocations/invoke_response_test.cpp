// The answer: the runtime's own words in the API's shape, and what is derived where it said nothing.
#include "invocations/invoke_response.hpp"

#include "base/json_reader.hpp"
#include "support/json_text.hpp"
#include "unit/base/json_oracle.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::invocations::invoke_response_test {

using test::keys_of;
using test::minified;
using test::text_at;
using test::value_at;

std::string respond(std::string complete, std::vector<std::string> chunks = {}, int unreadable = 0) {
  InvokeResponseInput input;
  input.request_id = *RequestId::parse("11111111-1111-4111-8111-111111111111");
  input.session_id = *SessionId::parse("22222222-2222-4222-8222-222222222222");
  input.execution_time = Milliseconds(1234);
  input.timestamp = from_unix_ms(1'767'225'600'007);
  input.runtime_name = "test \"runtime\"";
  input.queued = Milliseconds(5);
  input.timings = {Milliseconds(6), Milliseconds(7), 2};
  input.timings.unreadable_messages = unreadable;
  input.complete_data = pad_json(complete);
  std::vector<std::string_view> slices;
  for (std::string& chunk : chunks) slices.push_back(pad_json(chunk));
  input.chunks = slices;
  return write_invoke_response(input);
}

std::string says(const std::string& agent, const std::string& status) {
  return R"({"agent":")" + agent + R"(","status":")" + status + R"("})";
}

std::vector<std::string> all_say(const std::string& status) {
  std::vector<std::string> chunks;
  for (const auto* agent :
       {"crew_compliance", "maintenance", "regulatory", "network", "guest_experience", "cargo", "finance"}) {
    chunks.push_back(says(agent, status));
  }
  return chunks;
}

const std::string complete_answer =
    R"({"assessment":{"summary":"ok","n":1.10},"safety_phase":{"agents":{},"x":1},"business_phase":{"y":2},)"
    R"("final_decision":"approved","recommendations":["wait"]})";

TEST(InvokeResponse, HasTheFieldsOfTheSpecification) {
  const std::string answer = respond(complete_answer);
  EXPECT_EQ(
      answer,
      R"({"status":"success","request_id":"11111111-1111-4111-8111-111111111111",)"
      R"("session_id":"22222222-2222-4222-8222-222222222222","execution_time_ms":1234,)"
      R"("timestamp":"2026-01-01T00:00:00.007Z","assessment":{"summary":"ok","n":1.10},)"
      R"("safety_phase":{"agents":{},"x":1},"business_phase":{"y":2},"final_decision":"approved",)"
      R"("recommendations":["wait"],"metadata":{"api_version":"v1","runtime":"test \"runtime\"",)"
      R"("queue_ms":5,"connect_ms":6,"first_message_ms":7,"attempts":2,"final_decision_source":"runtime"}})");
}

TEST(InvokeResponse, CountsWhatCouldNotBeRead) {
  EXPECT_EQ(value_at(respond(complete_answer, {}, 3), {"metadata", "unreadable_messages"}), "3");
  EXPECT_EQ(value_at(respond(complete_answer), {"metadata", "unreadable_messages"}), "");
}

TEST(InvokeResponse, FindsThePartsInsideTheAssessment) {
  const std::string answer =
      respond(R"({"assessment":{"safety_phase":{"s":1},"business_phase":{"b":2},"final_decision":"rejected",)"
              R"("recommendations":[3]}})");
  EXPECT_EQ(value_at(answer, {"safety_phase"}), R"({"s":1})");
  EXPECT_EQ(value_at(answer, {"business_phase"}), R"({"b":2})");
  EXPECT_EQ(text_at(answer, {"final_decision"}), "rejected");
  EXPECT_EQ(value_at(answer, {"recommendations"}), "[3]");
  EXPECT_EQ(text_at(answer, {"metadata", "final_decision_source"}), "runtime");
  EXPECT_EQ(value_at(answer, {"assessment", "recommendations"}), "[3]") << "the assessment stays whole";
}

TEST(InvokeResponse, PrefersTheTopLevel) {
  const std::string answer = respond(
      R"({"assessment":{"safety_phase":{"inner":1},"final_decision":"rejected"},"safety_phase":{"outer":1},)"
      R"("final_decision":"approved"})");
  EXPECT_EQ(value_at(answer, {"safety_phase"}), R"({"outer":1})");
  EXPECT_EQ(text_at(answer, {"final_decision"}), "approved");
}

TEST(InvokeResponse, MakesAnAssessmentOfWhatHasNoPlace) {
  const std::string answer =
      respond(R"({"summary":"fine","score":0.70,"final_decision":"approved","metadata":{"model":"m"}})");
  EXPECT_EQ(value_at(answer, {"assessment"}), R"({"summary":"fine","score":0.70,"metadata":{"model":"m"}})");
  EXPECT_EQ(text_at(answer, {"metadata", "api_version"}), "v1");
}

TEST(InvokeResponse, KeepsMembersBesideTheAssessment) {
  const std::string answer =
      respond(R"({"assessment":{},"model":"m-1","cost":{"usd":0.10},"status":"done","metadata":{"a":1},)"
              R"("timestamp":7})");
  EXPECT_EQ(text_at(answer, {"model"}), "m-1");
  EXPECT_EQ(value_at(answer, {"cost"}), R"({"usd":0.10})");
  EXPECT_EQ(text_at(answer, {"status"}), "success") << "names of ours are ours";
  EXPECT_EQ(value_at(answer, {"metadata", "runtime_fields"}),
            R"({"status":"done","metadata":{"a":1},"timestamp":7})");
}

TEST(InvokeResponse, KeepsPartsOfTheWrongKind) {
  const std::string answer = respond(
      R"({"assessment":"all well","safety_phase":[1],"recommendations":"none","final_decision":true})");
  EXPECT_EQ(value_at(answer, {"assessment"}),
            R"({"assessment":"all well","safety_phase":[1],"recommendations":"none","final_decision":true})");
  EXPECT_EQ(value_at(answer, {"safety_phase", "phase_status"}), "\"unknown\"");
  EXPECT_EQ(value_at(answer, {"recommendations"}), "[]");
  EXPECT_EQ(text_at(answer, {"final_decision"}), "conditional");
}

TEST(InvokeResponse, WrapsWhatIsNoObject) {
  for (const std::string data : {"\"plain text\"", "[1, 2]", "3.140", "null", "true"}) {
    EXPECT_EQ(value_at(respond(data), {"assessment"}), "{\"result\":" + data + "}");
  }
}

TEST(InvokeResponse, TakesADecisionObjectApart) {
  const std::string answer = respond(
      R"({"assessment":{},"final_decision":{"final_decision":"conditional","recommendations":["divert"],)"
      R"("why":"fuel"}})");
  EXPECT_EQ(text_at(answer, {"final_decision"}), "conditional");
  EXPECT_EQ(value_at(answer, {"recommendations"}), R"(["divert"])");
  EXPECT_EQ(text_at(answer, {"metadata", "final_decision_source"}), "runtime");
  EXPECT_EQ(text_at(answer, {"metadata", "runtime_fields", "final_decision", "why"}), "fuel");
  const std::string inner =
      respond(R"({"assessment":{"final_decision":{"final_decision":"REJECTED"}}})", all_say("approved"));
  EXPECT_EQ(text_at(inner, {"final_decision"}), "rejected");
}

TEST(InvokeResponse, TakesDecisionsInAnyLetterCase) {
  for (const auto* said : {"approved", "APPROVED", "Approved"}) {
    const std::string answer = respond(R"({"final_decision":")" + std::string(said) + R"("})");
    EXPECT_EQ(text_at(answer, {"final_decision"}), "approved") << said;
    EXPECT_EQ(text_at(answer, {"metadata", "final_decision_source"}), "runtime");
  }
}

TEST(InvokeResponse, DerivesADecisionThatItDoesNotKnow) {
  for (const auto* said : {"\"maybe\"", "\"\"", "null", "42", "[\"approved\"]", "{}",
                           R"({"final_decision":"perhaps"})", R"({"final_decision":{}})"}) {
    const std::string answer =
        respond(R"({"assessment":{},"final_decision":)" + std::string(said) + "}", all_say("approved"));
    EXPECT_EQ(text_at(answer, {"final_decision"}), "approved") << said;
    EXPECT_EQ(text_at(answer, {"metadata", "final_decision_source"}), "derived") << said;
    EXPECT_EQ(value_at(answer, {"metadata", "runtime_fields", "final_decision"}), said) << "it is not lost";
  }
}

TEST(InvokeResponse, DerivesWhatIsMissingFromTheChunks) {
  std::vector<std::string> chunks = all_say("approved");
  chunks.push_back(R"({"agent":"regulatory","status":"rejected","partial_result":)"
                   R"({"confidence":0.10,"constraints":["curfew"],"recommendations":["delay"]}})");
  const std::string answer = respond("{}", chunks);
  EXPECT_EQ(text_at(answer, {"final_decision"}), "rejected");
  EXPECT_EQ(text_at(answer, {"metadata", "final_decision_source"}), "derived");
  EXPECT_EQ(value_at(answer, {"safety_phase", "agents", "regulatory", "confidence"}), "0.10");
  EXPECT_EQ(text_at(answer, {"safety_phase", "phase_status"}), "rejected");
  EXPECT_EQ(text_at(answer, {"business_phase", "phase_status"}), "approved");
  EXPECT_EQ(value_at(answer, {"safety_phase", "constraints"}), R"(["curfew"])");
  EXPECT_EQ(value_at(answer, {"recommendations"}), R"(["delay"])");
  EXPECT_EQ(keys_of(value_at(answer, {"business_phase", "agents"})),
            (std::vector<std::string>{"network", "guest_experience", "cargo", "finance"}));
}

TEST(InvokeResponse, DerivesTheDecisionFromGivenPhases) {
  const std::string answer =
      respond(R"({"safety_phase":{"agents":{"maintenance":{"status":"rejected"}}},"business_phase":{}})",
              all_say("approved"));
  EXPECT_EQ(text_at(answer, {"final_decision"}), "rejected");
  EXPECT_EQ(value_at(answer, {"safety_phase"}), R"({"agents":{"maintenance":{"status":"rejected"}}})");
}

TEST(InvokeResponse, ShowsAgentsItDoesNotKnow) {
  const std::string answer = respond("{}", {says("weather", "approved"), says("cargo", "approved")});
  EXPECT_EQ(keys_of(value_at(answer, {"metadata", "other_agents"})), (std::vector<std::string>{"weather"}));
}

TEST(InvokeResponse, LeavesOutStagesThatThereWereNot) {
  InvokeResponseInput input;
  std::string data = "{}";
  input.complete_data = pad_json(data);
  const std::string answer = write_invoke_response(input);
  EXPECT_EQ(value_at(answer, {"metadata", "connect_ms"}), "");
  EXPECT_EQ(value_at(answer, {"metadata", "first_message_ms"}), "");
}

TEST(InvokeResponse, FoldsPrettyPrintedAnswersToOneLine) {
  const std::string answer = respond(
      "{\n  \"assessment\": {\r\n    \"text\": \"two\\nlines,  two  spaces\"\n  },\n"
      "  \"final_decision\": \"Approved\"\n}");
  EXPECT_EQ(answer.find_first_of("\r\n"), std::string::npos);
  EXPECT_EQ(value_at(answer, {"assessment"}), R"({"text":"two\nlines,  two  spaces"})");
  EXPECT_EQ(text_at(answer, {"final_decision"}), "approved");
}

TEST(InvokeResponse, KeepsEveryOneOfDoubledMembers) {
  const std::string answer = respond(R"({"assessment":{"a":1},"assessment":{"a":2},"x":1,"x":2})");
  EXPECT_EQ(value_at(answer, {"assessment"}), R"({"a":1})");
  EXPECT_EQ(value_at(answer, {"metadata", "runtime_fields"}), R"({"assessment":{"a":2}})");
  EXPECT_NE(answer.find(R"("x":1,"x":2)"), std::string::npos);
}

/// Where a member of the runtime's answer must be found again.
enum class Shape { all_beside_assessment, inside_assessment, no_assessment, no_object };

RC_GTEST_PROP(Property19Exactness, WhatTheRuntimeSaysLeavesAsItCame, (std::vector<std::uint8_t> tape)) {
  test::JsonBuilder builder(std::move(tape));
  const auto shape = *rc::gen::element(Shape::all_beside_assessment, Shape::inside_assessment,
                                       Shape::no_assessment, Shape::no_object);
  const std::string value = builder.value();
  const std::string other = builder.value();
  const std::string line = *rc::gen::element<std::string>("", " ", "\n  ", "\r\n\t");
  const auto member = [&](const std::string& key, const std::string& json) {
    return line + "\"" + key + "\"" + line + ":" + line + json + line;
  };
  std::string answer;
  if (shape == Shape::all_beside_assessment) {
    const std::string phases = member("safety_phase", "{\"v\":" + value + "}") + "," +
                               member("business_phase", "{\"v\":" + other + "}") + "," +
                               member("recommendations", "[" + value + "]") + ",";
    answer = respond("{" + member("assessment", "{\"v\":" + value + "}") + "," + phases +
                     member("extra", other) + "}");
    RC_ASSERT(minified(value_at(answer, {"assessment"})) == minified("{\"v\":" + value + "}"));
    RC_ASSERT(minified(value_at(answer, {"safety_phase"})) == minified("{\"v\":" + value + "}"));
    RC_ASSERT(minified(value_at(answer, {"business_phase"})) == minified("{\"v\":" + other + "}"));
    RC_ASSERT(minified(value_at(answer, {"recommendations"})) == minified("[" + value + "]"));
    RC_ASSERT(minified(value_at(answer, {"extra"})) == minified(other));
  } else if (shape == Shape::inside_assessment) {
    const std::string assessment = "{" + member("deep", value) + "," + member("safety_phase", "{}") + "}";
    answer = respond("{" + member("assessment", assessment) + "," + member("status", other) + "}");
    RC_ASSERT(minified(value_at(answer, {"assessment"})) == minified(assessment));
    RC_ASSERT(minified(value_at(answer, {"metadata", "runtime_fields", "status"})) == minified(other));
  } else if (shape == Shape::no_assessment) {
    answer = respond("{" + member("one", value) + "," + member("two", other) + "}");
    RC_ASSERT(minified(value_at(answer, {"assessment"})) ==
              minified("{\"one\":" + value + ",\"two\":" + other + "}"));
  } else {
    const std::string list = "[" + line + value + line + "," + other + "]";
    answer = respond(list);
    RC_ASSERT(minified(value_at(answer, {"assessment", "result"})) == minified(list));
  }
  RC_ASSERT(test::is_json(answer));
  RC_ASSERT(answer.find_first_of("\r\n") == std::string::npos);
}

RC_GTEST_PROP(Property19Exactness, WhatTheAgentsSayLeavesAsItCame, (std::vector<std::uint8_t> tape)) {
  test::JsonBuilder builder(std::move(tape));
  const std::string value = builder.value();
  const std::string partial = R"({"confidence":)" + value + R"(,"recommendations":[)" + value + "]}";
  const std::string answer =
      respond("{}", {R"({"agent":"cargo","status":"approved","partial_result":)" + minified(partial) + "}"});
  RC_ASSERT(value_at(answer, {"business_phase", "agents", "cargo", "confidence"}) == minified(value));
  RC_ASSERT(value_at(answer, {"recommendations"}) == "[" + minified(value) + "]");
  RC_ASSERT(test::is_json(answer));
}

}  // namespace skymarshal::invocations::invoke_response_test

#include "base/json_reader.hpp"
#include "cli/answer_text.hpp"
#include "cli/commands.hpp"
#include "invocations/agents_of_skymarshal.hpp"
#include "support/captured_output.hpp"
#include "support/running_service.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::invoke_command_test {

struct Outcome {
  ExitCode code{};
  std::string out;
  std::string error;
};

Outcome invoke(const InvokeCommand& command) {
  Outcome outcome;
  test::CapturedOutput output =
      test::captured([&] { outcome.code = run_invoke(command, {{"TERM", "xterm"}}); });
  outcome.out = std::move(output.out);
  outcome.error = std::move(output.error);
  return outcome;
}

InvokeCommand command_for(test::RunningService& running, std::string prompt = test::disruption) {
  InvokeCommand command;
  command.endpoint = running.endpoint();
  command.prompt = std::move(prompt);
  return command;
}

TEST(InvokeCommand, ShowsAllSevenAgentsAndTheDecision) {
  test::RunningService running;
  const Outcome outcome = invoke(command_for(running));
  EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
  for (const auto& agents : {std::span<const std::string_view>(invocations::safety_agents),
                             std::span<const std::string_view>(invocations::business_agents)}) {
    for (const std::string_view agent : agents)
      EXPECT_NE(outcome.out.find(agent), std::string::npos) << agent;
  }
  EXPECT_NE(outcome.out.find("\nDecision: "), std::string::npos);
  EXPECT_NE(outcome.out.find("Go on: skymarshal invoke --endpoint http://127.0.0.1:"), std::string::npos);
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(outcome.error, "");
}

TEST(InvokeCommand, GoesOnInASession) {
  test::RunningService running;
  InvokeCommand command = command_for(running);
  command.json = true;
  command.session = response_field(running.fetch("POST", "/api/v1/sessions").body, "session_id");
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_EQ(response_field(invoke(command).out, "session_id"), command.session);
  }
  EXPECT_EQ(
      response_field(running.fetch("GET", "/api/v1/sessions/" + command.session).body, "interaction_count"),
      "2");
}

TEST(InvokeCommand, JsonIsTheAnswerOfTheApiAndNothingElse) {
  test::RunningService running;
  InvokeCommand command = command_for(running);
  command.json = true;
  const Outcome outcome = invoke(command);
  EXPECT_EQ(outcome.code, ExitCode::done);
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 1);
  std::string body = outcome.out;
  EXPECT_TRUE(validate_json(pad_json(body)).has_value());
  EXPECT_EQ(response_field(body, "status"), "success");
}

TEST(InvokeCommand, RefusedPromptsAreWrongUsage) {
  test::RunningService running;
  InvokeCommand command = command_for(running, "short");
  Outcome outcome = invoke(command);
  EXPECT_EQ(outcome.code, ExitCode::usage);
  EXPECT_EQ(outcome.error.find("skymarshal: INVALID_REQUEST: "), 0U);
  EXPECT_EQ(outcome.out, "");
  command.json = true;
  outcome = invoke(command);
  EXPECT_EQ(outcome.code, ExitCode::usage);
  EXPECT_EQ(response_field(outcome.out, "error_code"), "INVALID_REQUEST");
  EXPECT_EQ(outcome.error, "");
}

TEST(InvokeCommand, AFailingRuntimeIsAnErrorInsideTheStream) {
  test::RunningService running({{"runtime_url", "ws://127.0.0.1:1/ws"}, {"retry_delays_ms", ""}});
  InvokeCommand command = command_for(running);
  Outcome outcome = invoke(command);
  EXPECT_EQ(outcome.code, ExitCode::failed);
  EXPECT_EQ(outcome.error.find("skymarshal: CONNECTION_FAILED: "), 0U);
  EXPECT_NE(outcome.error.find("--runtime-url"), std::string::npos);
  command.json = true;
  outcome = invoke(command);
  EXPECT_EQ(outcome.code, ExitCode::failed);
  EXPECT_EQ(response_field(outcome.out, "error_code"), "CONNECTION_FAILED");
  EXPECT_EQ(response_field(outcome.out, "status"), "error");
}

TEST(InvokeCommand, SaysWhatToDoWhereNobodyAnswers) {
  InvokeCommand command;
  command.endpoint.url = "http://127.0.0.1:1";
  command.prompt = test::disruption;
  const Outcome outcome = invoke(command);
  EXPECT_EQ(outcome.code, ExitCode::no_connection);
  EXPECT_NE(outcome.error.find("skymarshal serve --dev"), std::string::npos);
}

TEST(InvokeCommand, GivesUpAfterItsTime) {
  test::RunningService running({{"agent_chunk_delay_ms", "5000"}, {"disconnect_grace_ms", "0"}});
  InvokeCommand command = command_for(running);
  command.timeout_seconds = 1;
  EXPECT_EQ(invoke(command).code, ExitCode::timed_out);
}

TEST(InvokeCommand, WrongArgumentsNeverReachTheGateway) {
  InvokeCommand command;
  command.prompt = test::disruption;
  command.session = "not-a-session";
  EXPECT_EQ(invoke(command).code, ExitCode::usage);
  command.session.clear();
  command.endpoint.url = "ws://127.0.0.1:1";
  EXPECT_EQ(invoke(command).code, ExitCode::usage);
  command.endpoint.url = "http://127.0.0.1:1";
  command.prompt = "Flight EY283 \xff\xfe is late";
  EXPECT_EQ(invoke(command).code, ExitCode::usage);
}

}  // namespace skymarshal::cli::invoke_command_test

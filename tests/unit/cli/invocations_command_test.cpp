#include "base/id.hpp"
#include "cli/answer_text.hpp"
#include "cli/commands.hpp"
#include "support/captured_output.hpp"
#include "support/running_service.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::invocations_command_test {

using Action = InvocationsCommand::Action;

struct Outcome {
  ExitCode code{};
  std::string out;
  std::string error;
};

template <typename Run>
Outcome outcome_of(Run run) {
  Outcome outcome;
  test::CapturedOutput output = test::captured([&] { outcome.code = run(); });
  outcome.out = std::move(output.out);
  outcome.error = std::move(output.error);
  return outcome;
}

class InvocationsCommandTest : public testing::Test {
 protected:
  Outcome run(Action action, std::string id = {}, bool json = false) {
    InvocationsCommand command;
    command.action = action;
    command.endpoint = running.endpoint();
    command.id = std::move(id);
    command.json = json;
    return outcome_of([&] { return run_invocations(command, {{"TERM", "xterm"}}); });
  }
  /// Its id.
  std::string begin(const std::string& key = {}) {
    InvokeCommand command;
    command.endpoint = running.endpoint();
    command.prompt = test::disruption;
    command.is_async = true;
    if (!key.empty()) command.idempotency_key = key;
    Outcome outcome = outcome_of([&] { return run_invoke(command, {}); });
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    told = std::move(outcome.error);
    if (!outcome.out.empty()) outcome.out.pop_back();
    return outcome.out;
  }

  test::RunningService running;
  /// What begin() said beside the id.
  std::string told;
};

TEST_F(InvocationsCommandTest, AnInvocationIsBegunFollowedAndShown) {
  const std::string id = begin();
  ASSERT_TRUE(RequestId::parse(id)) << id;
  EXPECT_NE(told.find("'skymarshal invocations follow "), std::string::npos) << told;
  const Outcome followed = run(Action::follow, id);
  EXPECT_EQ(followed.code, ExitCode::done) << followed.error;
  EXPECT_NE(followed.out.find("\nDecision: "), std::string::npos);
  const Outcome shown = run(Action::show, id);
  EXPECT_EQ(shown.code, ExitCode::done);
  EXPECT_TRUE(shown.out.starts_with("invocation " + id + ": success")) << shown.out;
  EXPECT_NE(shown.out.find("Decision: "), std::string::npos);
  EXPECT_EQ(response_field(run(Action::show, id, true).out, "status"), "success");
  const Outcome listed = run(Action::list);
  EXPECT_NE(listed.out.find(id), std::string::npos);
  const Outcome cancelled = run(Action::cancel, id);
  EXPECT_EQ(cancelled.code, ExitCode::done);
  EXPECT_TRUE(cancelled.out.starts_with("invocation " + id + ": success")) << "the first end stands";
}

TEST_F(InvocationsCommandTest, TheSameKeyIsTheSameInvocation) {
  const std::string id = begin("order-1");
  EXPECT_EQ(run(Action::follow, id).code, ExitCode::done);
  EXPECT_EQ(begin("order-1"), id) << "its answer names it";
  EXPECT_NE(told.find("It has ended: 'skymarshal invocations show "), std::string::npos) << told;
}

TEST_F(InvocationsCommandTest, AKeyCannotBecomeAnotherField) {
  for (const std::string& key :
       {std::string("a\r\nX-Evil: 1"), std::string("a b"), std::string(256, 'k'), std::string()}) {
    InvokeCommand command;
    command.endpoint = running.endpoint();
    command.prompt = test::disruption;
    command.idempotency_key = key;
    const Outcome outcome = outcome_of([&] { return run_invoke(command, {}); });
    EXPECT_EQ(outcome.code, ExitCode::usage) << key;
    EXPECT_NE(outcome.error.find("255 visible ASCII characters"), std::string::npos) << outcome.error;
  }
  EXPECT_NE(run(Action::list).out.find("No invocations"), std::string::npos) << "nothing was sent";
}

TEST_F(InvocationsCommandTest, SaysWhatIsWrong) {
  const Outcome no_id = run(Action::show, "x");
  EXPECT_EQ(no_id.code, ExitCode::usage);
  EXPECT_NE(no_id.error.find("skymarshal invocations list"), std::string::npos);
  SystemRandom random;
  const std::string never = RequestId::generate(random).str();
  for (const Action action : {Action::show, Action::follow, Action::cancel}) {
    const Outcome unknown = run(action, never);
    EXPECT_EQ(unknown.code, ExitCode::failed);
    EXPECT_NE(unknown.error.find("INVOCATION_NOT_FOUND"), std::string::npos) << unknown.error;
  }
}

}  // namespace skymarshal::cli::invocations_command_test

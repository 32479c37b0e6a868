#include "cli/answer_text.hpp"
#include "cli/commands.hpp"
#include "support/captured_output.hpp"
#include "support/run_awaitable.hpp"
#include "support/running_service.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::sessions_command_test {

using SessionsAction = SessionsCommand::Action;

struct SessionsOutcome {
  ExitCode code{};
  std::string out;
  std::string error;
};

SessionsOutcome run(const SessionsCommand& command) {
  SessionsOutcome outcome;
  test::CapturedOutput output = test::captured([&] { outcome.code = run_sessions(command, {}); });
  outcome.out = std::move(output.out);
  outcome.error = std::move(output.error);
  return outcome;
}

SessionsCommand command_for(test::RunningService& running, SessionsAction action, std::string id = {}) {
  SessionsCommand command;
  command.action = action;
  command.endpoint = running.endpoint();
  command.id = std::move(id);
  return command;
}

TEST(SessionsCommand, CreatesListsShowsAndErases) {
  test::RunningService running;
  SessionsOutcome outcome = run(command_for(running, SessionsAction::create));
  EXPECT_EQ(outcome.code, ExitCode::done);
  ASSERT_EQ(outcome.out.size(), 37U);
  const std::string id = outcome.out.substr(0, 36);

  outcome = run(command_for(running, SessionsAction::list));
  EXPECT_NE(outcome.out.find(id + " active"), std::string::npos);
  outcome = run(command_for(running, SessionsAction::show, id));
  EXPECT_EQ(outcome.out.find("session " + id + ": active, 0 turns"), 0U);
  outcome = run(command_for(running, SessionsAction::erase, id));
  EXPECT_EQ(outcome.out, "erased session " + id + "\n");
  EXPECT_EQ(run(command_for(running, SessionsAction::list)).out, "No sessions.\n");

  outcome = run(command_for(running, SessionsAction::show, id));
  EXPECT_EQ(outcome.code, ExitCode::failed);
  EXPECT_EQ(outcome.error.find("skymarshal: SESSION_NOT_FOUND: "), 0U);
}

TEST(SessionsCommand, ListsPageByPage) {
  test::RunningService running;
  for (int i = 0; i < 3; ++i) run(command_for(running, SessionsAction::create));
  SessionsCommand command = command_for(running, SessionsAction::list);
  command.limit = 2;
  std::string out = run(command).out;
  EXPECT_EQ(std::ranges::count(out, '\n'), 4);
  const std::string mark = "There are more: --cursor ";
  ASSERT_NE(out.find(mark), std::string::npos);
  command.cursor = out.substr(out.find(mark) + mark.size());
  command.cursor.pop_back();
  out = run(command).out;
  EXPECT_EQ(std::ranges::count(out, '\n'), 2);
  command.cursor = "not a cursor";
  EXPECT_EQ(run(command).code, ExitCode::usage);
}

TEST(SessionsCommand, JsonIsTheAnswerOfTheApi) {
  test::RunningService running;
  SessionsCommand command = command_for(running, SessionsAction::list);
  command.json = true;
  EXPECT_EQ(run(command).out, R"({"sessions":[],"next_cursor":null})"
                              "\n");
}

TEST(SessionsCommand, WrongIdsNeverReachTheGateway) {
  SessionsCommand command;
  command.action = SessionsAction::show;
  command.id = "../health";
  EXPECT_EQ(run(command).code, ExitCode::usage);
}

TEST(SessionsCommand, SaysWhatToDoWhereNobodyAnswers) {
  SessionsCommand command;
  command.endpoint.url = "http://127.0.0.1:1";
  const SessionsOutcome outcome = run(command);
  EXPECT_EQ(outcome.code, ExitCode::no_connection);
  EXPECT_NE(outcome.error.find("skymarshal serve --dev"), std::string::npos);
}

}  // namespace skymarshal::cli::sessions_command_test

#include "cli/answer_text.hpp"
#include "cli/commands.hpp"
#include "store/sqlite_session_store.hpp"
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

/// The real time, 40 days ago.
class OldClock final : public Clock {
 public:
  SteadyTime steady_now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall_now() const override { return SystemClock().wall_now() - std::chrono::days(40); }
};

TEST(SessionsCommand, CleanUpRemovesOldSessionsAndSaysHowMany) {
  const test::TemporaryFolder folder;
  CleanUpCommand command;
  command.settings.flags = {{"database", folder.file("old.db").string()}};
  {
    const OldClock clock;
    SystemRandom random;
    boost::asio::io_context io;
    auto store = store::SqliteSessionStore::open({.file = {.path = folder.file("old.db")}}, clock).value();
    for (int i = 0; i < 2; ++i) {
      const auto id = SessionId::generate(random);
      ASSERT_TRUE(test::run_awaitable(io, store->create(id, {"local"})).has_value());
    }
  }
  const auto clean_up = [&command](const char* days) {
    command.settings.flags["session_retain_days"] = days;
    return test::captured([&] { EXPECT_EQ(run_clean_up(command, {}), ExitCode::done); }).out;
  };
  EXPECT_EQ(clean_up("50"), "removed 0 sessions\n");
  EXPECT_EQ(clean_up("30"), "removed 2 sessions\n");
  EXPECT_EQ(clean_up("30"), "removed 0 sessions\n");
}

TEST(SessionsCommand, CleanUpMakesNoDatabase) {
  const test::TemporaryFolder folder;
  CleanUpCommand command;
  command.settings.flags = {{"database", folder.file("none.db").string()}};
  ExitCode code{};
  const test::CapturedOutput output = test::captured([&] { code = run_clean_up(command, {}); });
  EXPECT_EQ(code, ExitCode::usage);
  EXPECT_FALSE(std::filesystem::exists(folder.file("none.db")));
}

}  // namespace skymarshal::cli::sessions_command_test

// Old sessions taken out of whichever store.
#include "app/clean_up_command.hpp"

#include "dynamodb/session_store.hpp"
#include "store/sqlite_session_store.hpp"
#include "support/captured_output.hpp"
#include "support/run_awaitable.hpp"
#include "support/running_dynalite.hpp"
#include "support/store_samples.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace skymarshal::app::clean_up_command_test {

/// The real time, 40 days ago.
class OldClock final : public Clock {
 public:
  SteadyTime steady_now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall_now() const override { return SystemClock().wall_now() - std::chrono::days(40); }
};

TEST(CleanUp, RemovesOldSessionsAndSaysHowMany) {
  const test::TemporaryFolder folder;
  cli::CleanUpCommand command;
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
    return test::captured([&] { EXPECT_EQ(run_clean_up(command, {}), cli::ExitCode::done); }).out;
  };
  EXPECT_EQ(clean_up("50"), "removed 0 sessions\n");
  EXPECT_EQ(clean_up("30"), "removed 2 sessions\n");
  EXPECT_EQ(clean_up("30"), "removed 0 sessions\n");
}

TEST(CleanUp, MakesNoDatabase) {
  const test::TemporaryFolder folder;
  cli::CleanUpCommand command;
  command.settings.flags = {{"database", folder.file("none.db").string()}};
  cli::ExitCode code{};
  const test::CapturedOutput output = test::captured([&] { code = run_clean_up(command, {}); });
  EXPECT_EQ(code, cli::ExitCode::usage);
  EXPECT_FALSE(std::filesystem::exists(folder.file("none.db")));
}

TEST(CleanUp, RemovesThemFromDynamoDbToo) {
  test::DynamoDbTables tables;
  const OldClock clock;
  SystemRandom random;
  Logger log{{LogLevel::off}, clock};
  dynamodb::StoreOptions options;
  options.names = tables.names();
  dynamodb::SessionStore store(
      std::make_shared<dynamodb::TableAccess>(options, tables.connect(), clock, random, log));
  ASSERT_TRUE(test::ask(store.create(test::fresh_id<SessionId>(), {"local"})));
  const http::Endpoint& endpoint = test::dynamodb_endpoint();
  cli::CleanUpCommand command;
  command.settings.flags = {{"store", "dynamodb"},
                            {"dynamodb_endpoint", endpoint.scheme + "://" + endpoint.authority()},
                            {"session_table_name", tables.names().sessions},
                            {"invocation_table_name", tables.names().invocations}};
  const std::map<std::string, std::string> environment = {
      {"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "secret"}, {"AWS_REGION", "us-east-1"}};
  const auto clean_up = [&] {
    return test::captured([&] { EXPECT_EQ(run_clean_up(command, environment), cli::ExitCode::done); }).out;
  };
  EXPECT_EQ(clean_up(), "removed 1 session\n");
  EXPECT_EQ(clean_up(), "removed 0 sessions\n");
}

TEST(CleanUp, RefusesATableThatItWouldNotLookInto) {
  cli::CleanUpCommand command;
  command.settings.flags = {{"session_table_name", "my-sessions"}};
  cli::ExitCode code{};
  const std::string said = test::captured([&] { code = run_clean_up(command, {}); }).error;
  EXPECT_EQ(code, cli::ExitCode::usage);
  EXPECT_NE(said.find("SKYMARSHAL_STORE=dynamodb"), std::string::npos) << said;
}

}  // namespace skymarshal::app::clean_up_command_test

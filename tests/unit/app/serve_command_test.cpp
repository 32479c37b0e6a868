#include "app/serve_command.hpp"

#include "app/run_command.hpp"
#include "support/captured_output.hpp"
#include "support/temporary_folder.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace skymarshal::app::serve_command_test {

cli::ExitCode serve(std::map<std::string, std::string> flags, const cli::Environment& environment,
                    std::string& error) {
  cli::ExitCode code{};
  cli::ServeCommand command;
  command.settings.flags = std::move(flags);
  const test::CapturedOutput output = test::captured([&] { code = run_serve(command, environment); });
  EXPECT_EQ(output.out, "");
  error = output.error;
  return code;
}

TEST(ServeCommand, RefusesToServeUntilSomebodyDecidedWhoMayCall) {
  std::string error;
  EXPECT_EQ(serve({}, {}, error), cli::ExitCode::usage);
  EXPECT_NE(error.find("skymarshal keys add"), std::string::npos);
}

TEST(ServeCommand, RefusesAnOpenGatewayOnTheNetwork) {
  std::string error;
  EXPECT_EQ(serve({{"auth", "none"}, {"listen", "0.0.0.0:0"}}, {}, error), cli::ExitCode::usage);
  EXPECT_NE(error.find("--allow-open-network"), std::string::npos);
}

TEST(ServeCommand, RefusesWrongSettings) {
  std::string error;
  EXPECT_EQ(serve({{"auth", "none"}}, {{"SKYMARSHAL_LISTN", "x"}}, error), cli::ExitCode::usage);
  EXPECT_NE(error.find("did you mean SKYMARSHAL_LISTEN?"), std::string::npos);
}

TEST(ServeCommand, FailsWhereItCannotStart) {
  std::string error;
  const std::map<std::string, std::string> flags = {
      {"auth", "none"}, {"listen", "127.0.0.1:0"}, {"database", "/nowhere/x.db"}, {"log_level", "OFF"}};
  EXPECT_EQ(serve(flags, {}, error), cli::ExitCode::failed);
  EXPECT_NE(error.find("cannot open the database"), std::string::npos);
}

/// Ends itself as soon as the announcement is out, as an operator would.
class ServeCommandDeathTest : public testing::Test {
 protected:
  void SetUp() override { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }

  static void serve_until_terminated(const cli::Command& command) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    ASSERT_GE(dup2(pipe_ends[1], STDOUT_FILENO), 0);
    std::thread operator_thread([from = pipe_ends[0]] {
      std::string line;
      char c = 0;
      // The test program itself may have something to say before.
      while (!line.ends_with('\n') || line.find("listening") == std::string::npos) {
        if (line.ends_with('\n')) line.clear();
        if (read(from, &c, 1) != 1) break;
        line += c;
      }
      std::fputs(line.c_str(), stderr);
      kill(getpid(), SIGTERM);
    });
    const cli::ExitCode code = run_command(command, {});
    operator_thread.join();
    std::_Exit(static_cast<int>(code));
  }
};

TEST_F(ServeCommandDeathTest, AnnouncesItselfAndEndsGracefully) {
  const test::TemporaryFolder folder;
  cli::ServeCommand command;
  command.settings.dev = true;
  command.settings.flags = {{"listen", "127.0.0.1:0"},
                            {"log_level", "OFF"},
                            {"threads", "1"},
                            {"database", folder.file("test.db").string()}};
  EXPECT_EXIT(serve_until_terminated(command), testing::ExitedWithCode(0),
              "skymarshal: listening on http://127\\.0\\.0\\.1:[0-9]+\n");
}

TEST_F(ServeCommandDeathTest, TheRuntimeAnnouncesItselfAndEndsGracefully) {
  cli::RuntimeCommand command;
  command.settings.flags = {{"listen", "127.0.0.1:0"}, {"log_level", "OFF"}};
  EXPECT_EXIT(serve_until_terminated(command), testing::ExitedWithCode(0),
              "skymarshal runtime: listening on ws://127\\.0\\.0\\.1:[0-9]+/ws\n");
}

}  // namespace skymarshal::app::serve_command_test

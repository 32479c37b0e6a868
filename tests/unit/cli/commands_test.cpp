#include "cli/commands.hpp"

#include "support/captured_output.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::cli::commands_test {

TEST(Commands, ConfigReadsFlagsVariablesAndTheFile) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("gateway.toml").string();
  std::ofstream(path) << "threads = 3\nmax_connections = 5\n";
  ConfigCommand command;
  command.settings.config_file = path;
  command.settings.flags = {{"listen", "127.0.0.1:9"}};
  ExitCode code{};
  const test::CapturedOutput output =
      test::captured([&] { code = run_config(command, {{"SKYMARSHAL_THREADS", "4"}, {"PATH", "/bin"}}); });
  EXPECT_EQ(code, ExitCode::done);
  EXPECT_NE(output.out.find("threads = 4 "), std::string::npos);
  EXPECT_NE(output.out.find("# " + path + ":2\n"), std::string::npos);
  EXPECT_NE(output.out.find("# --listen\n"), std::string::npos);
}

TEST(Commands, ConfigTellsOfEveryProblemOnALineOfItsOwn) {
  ExitCode code{};
  const test::CapturedOutput output =
      test::captured([&] { code = run_config({}, {{"SKYMARSHAL_THREADS", "x"}, {"SKYMARSHAL_FOO", "1"}}); });
  EXPECT_EQ(code, ExitCode::usage);
  EXPECT_EQ(output.out, "");
  EXPECT_EQ(output.error.find("skymarshal: threads: 'x', from SKYMARSHAL_THREADS"), 0U);
  EXPECT_NE(output.error.find("\nskymarshal: SKYMARSHAL_FOO is not a setting"), std::string::npos);
}

TEST(Commands, ConfigWritesTheDocumentation) {
  ConfigCommand command;
  command.markdown = true;
  const test::CapturedOutput output =
      test::captured([&] { run_config(command, {{"SKYMARSHAL_THREADS", "x"}}); });
  EXPECT_EQ(output.out.find("# Settings\n"), 0U);
}

TEST(Commands, AFileThatIsNotThereIsWrongUsage) {
  ConfigCommand command;
  command.settings.config_file = "/nowhere/gateway.toml";
  ExitCode code{};
  const test::CapturedOutput output = test::captured([&] { code = run_config(command, {}); });
  EXPECT_EQ(code, ExitCode::usage);
  EXPECT_NE(output.error.find("/nowhere/gateway.toml"), std::string::npos);
}

}  // namespace skymarshal::cli::commands_test

#include "app/run_command.hpp"

#include "support/captured_output.hpp"

#include <gtest/gtest.h>

namespace skymarshal::app::run_command_test {

TEST(RunCommand, VersionIsOneLine) {
  cli::ExitCode code{};
  const test::CapturedOutput output = test::captured([&] { code = run_command(cli::VersionCommand{}, {}); });
  EXPECT_EQ(output.out, "skymarshal " SKYMARSHAL_VERSION "\n");
  EXPECT_EQ(code, cli::ExitCode::done);
}

TEST(RunCommand, HelpGoesOutErrorsGoToStandardError) {
  cli::ExitCode code{};
  test::CapturedOutput output =
      test::captured([&] { code = run_command(cli::ShowText{"help\n", false}, {}); });
  EXPECT_EQ(output.out, "help\n");
  EXPECT_EQ(code, cli::ExitCode::done);
  output = test::captured([&] { code = run_command(cli::ShowText{"wrong\n", true}, {}); });
  EXPECT_EQ(output.out, "");
  EXPECT_EQ(output.error, "wrong\n");
  EXPECT_EQ(code, cli::ExitCode::usage);
}

}  // namespace skymarshal::app::run_command_test

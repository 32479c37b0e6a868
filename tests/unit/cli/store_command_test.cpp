// `skymarshal store …` as it is written.
#include "cli/cli.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::store_command_test {

using StoreAction = StoreCommand::Action;

TEST(StoreCommandLine, SaysWhatToDoAndWithWhichTables) {
  const std::vector<std::string> init = {"store", "init", "--limit-table-name", "prod-limits"};
  const auto command = std::get<StoreCommand>(parse_command_line(init));
  EXPECT_EQ(command.action, StoreAction::init);
  EXPECT_EQ(command.settings.flags.at("limit_table_name"), "prod-limits");
  const std::vector<std::string> check = {"store", "check"};
  EXPECT_EQ(std::get<StoreCommand>(parse_command_line(check)).action, StoreAction::check);
}

TEST(StoreCommandLine, RefusesWhatMeansNothingToIt) {
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"store"}, {"store", "drop"}, {"store", "init", "--listen", "127.0.0.1:0"}}) {
    const Command command = parse_command_line(wrong);
    const auto* const text = std::get_if<ShowText>(&command);
    ASSERT_NE(text, nullptr) << wrong.size();
    EXPECT_TRUE(text->is_error);
  }
}

}  // namespace skymarshal::cli::store_command_test

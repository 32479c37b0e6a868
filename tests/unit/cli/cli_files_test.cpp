#include "cli/cli.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::cli_files_test {

using Action = KeysCommand::Action;

KeysCommand keys(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "keys");
  return std::get<KeysCommand>(parse_command_line(arguments));
}

bool is_wrong(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "keys");
  const Command command = parse_command_line(arguments);
  const auto* const text = std::get_if<ShowText>(&command);
  return text != nullptr && text->is_error;
}

TEST(CliFiles, AddTakesWhoAndWhat) {
  const KeysCommand command =
      keys({"add", "--file", "k", "--principal", "arn", "--tier", "gold", "--allow", "GET /a", "--allow",
            "POST /b", "--deny", "GET /a/c", "--expires-in", "60", "--json"});
  EXPECT_EQ(command.action, Action::add);
  EXPECT_EQ(command.file, "k");
  EXPECT_EQ(command.principal, "arn");
  EXPECT_EQ(command.tier, "gold");
  EXPECT_EQ(command.allow, (std::vector<std::string>{"GET /a", "POST /b"}));
  EXPECT_EQ(command.deny, (std::vector<std::string>{"GET /a/c"}));
  EXPECT_EQ(command.expires_in_seconds, 60);
  EXPECT_TRUE(command.json);
}

TEST(CliFiles, AddHasDefaults) {
  const KeysCommand command = keys({"add", "--file", "k", "--principal", "arn"});
  EXPECT_TRUE(command.allow.empty() && command.deny.empty() && command.policy_file.empty());
  EXPECT_FALSE(command.expires_in_seconds);
  EXPECT_FALSE(command.json);
  EXPECT_EQ(keys({"add", "--file", "k", "--principal", "arn", "--policy", "p"}).policy_file, "p");
}

TEST(CliFiles, TheOthersTakeAFileAndAKey) {
  EXPECT_EQ(keys({"list", "--file", "k"}).action, Action::list);
  EXPECT_TRUE(keys({"list", "--file", "k", "--json"}).json);
  const KeysCommand revoke = keys({"revoke", "--file", "k", "ID"});
  EXPECT_EQ(revoke.action, Action::revoke);
  EXPECT_EQ(revoke.access_key_id, "ID");
  const KeysCommand rotate = keys({"rotate", "ID", "--file", "k"});
  EXPECT_EQ(rotate.action, Action::rotate);
  EXPECT_EQ(rotate.access_key_id, "ID");
  EXPECT_EQ(rotate.keep_for_seconds, 86'400);
  EXPECT_EQ(keys({"rotate", "ID", "--file", "k", "--keep-for", "0"}).keep_for_seconds, 0);
}

TEST(CliFiles, RefusesWhatItCannotUnderstand) {
  EXPECT_TRUE(is_wrong({}));
  EXPECT_TRUE(is_wrong({"list"}));
  EXPECT_TRUE(is_wrong({"add", "--file", "k"}));
  EXPECT_TRUE(is_wrong({"add", "--principal", "arn"}));
  EXPECT_TRUE(is_wrong({"revoke", "--file", "k"}));
  EXPECT_TRUE(is_wrong({"revoke", "ID"}));
  EXPECT_TRUE(is_wrong({"rotate", "--file", "k"}));
  EXPECT_TRUE(is_wrong({"rotate", "--file", "k", "ID", "--keep-for", "-1"}));
  EXPECT_TRUE(is_wrong({"list", "--file", "k", "ID"}));
  EXPECT_TRUE(is_wrong({"add", "--file", "k", "--principal", "arn", "--expires-in", "0"}));
  EXPECT_TRUE(is_wrong({"add", "--file", "k", "--principal", "arn", "--expires-in", "315360001"}));
  EXPECT_TRUE(is_wrong({"add", "--file", "k", "--principal", "arn", "--policy", "p", "--allow", "*"}));
  EXPECT_TRUE(is_wrong({"add", "--file", "k", "--principal", "arn", "--policy", "p", "--deny", "*"}));
  EXPECT_TRUE(is_wrong({"add", "--file", "k", "--principal", "arn", "--allow", "GET /a", "POST /b"}));
}

}  // namespace skymarshal::cli::cli_files_test

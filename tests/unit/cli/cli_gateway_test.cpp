#include "cli/cli.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::cli_gateway_test {

Command parsed_invoke(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"invoke", "a disruption"});
  return parse_command_line(arguments);
}

SigningArguments signing(const std::vector<std::string>& arguments) {
  return std::get<InvokeCommand>(parsed_invoke(arguments)).endpoint.signing;
}

TEST(CliGateway, SaysNothingByItself) {
  const SigningArguments none = signing({});
  EXPECT_EQ(none.profile + none.access_key_id + none.region + none.bearer_token_file + none.sts_server_id,
            "");
  EXPECT_TRUE(none.secret_access_key.empty());
  EXPECT_TRUE(none.session_token.empty());
  EXPECT_FALSE(none.no_sign);
}

TEST(CliGateway, TakesAKey) {
  const SigningArguments key = signing({"--access-key-id", "AKIA", "--secret-access-key", "s",
                                        "--session-token", "t", "--region", "eu-west-1"});
  EXPECT_EQ(key.access_key_id, "AKIA");
  EXPECT_EQ(key.secret_access_key.reveal(), "s");
  EXPECT_EQ(key.session_token.reveal(), "t");
  EXPECT_EQ(key.region, "eu-west-1");
  const SigningArguments shorter = signing({"--access-key", "AKIA", "--secret-key", "s"});
  EXPECT_EQ(shorter.access_key_id, "AKIA");
  EXPECT_EQ(shorter.secret_access_key.reveal(), "s");
}

TEST(CliGateway, TakesTheOtherWays) {
  EXPECT_EQ(signing({"--profile", "ops"}).profile, "ops");
  EXPECT_EQ(signing({"--bearer-token-file", "token.jwt"}).bearer_token_file, "token.jwt");
  EXPECT_EQ(signing({"--profile", "ops", "--sts-server-id", "gw"}).sts_server_id, "gw");
  EXPECT_TRUE(signing({"--no-sign"}).no_sign);
}

TEST(CliGateway, SessionsTakeThemToo) {
  for (const char* action : {"create", "list"}) {
    const Command command =
        parse_command_line(std::vector<std::string>{"sessions", action, "--profile", "ops"});
    EXPECT_EQ(std::get<SessionsCommand>(command).endpoint.signing.profile, "ops");
  }
}

TEST(CliGateway, RefusesHalvesAndTwoWaysAtOnce) {
  const std::vector<std::string> key = {"--access-key-id", "AKIA", "--secret-access-key", "s"};
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--access-key-id", "AKIA"},
                                             {"--secret-access-key", "s"},
                                             {"--session-token", "t"},
                                             {"--profile", "ops", key[0], key[1], key[2], key[3]},
                                             {"--no-sign", "--profile", "ops"},
                                             {"--no-sign", key[0], key[1], key[2], key[3]},
                                             {"--no-sign", "--sts-server-id", "gw"},
                                             {"--bearer-token-file", "f", "--profile", "ops"},
                                             {"--bearer-token-file", "f", "--sts-server-id", "gw"},
                                             {"--bearer-token-file", "f", "--no-sign"}}) {
    const Command command = parsed_invoke(arguments);
    ASSERT_TRUE(std::holds_alternative<ShowText>(command)) << arguments.front();
    EXPECT_TRUE(std::get<ShowText>(command).is_error);
  }
}

TEST(CliGateway, WarnsOfSecretsOnTheCommandLine) {
  const std::string help = std::get<ShowText>(parsed_invoke({"--help"})).text;
  EXPECT_NE(help.find("AWS_SECRET_ACCESS_KEY"), std::string::npos);
  EXPECT_NE(help.find("Other users of this machine"), std::string::npos);
}

}  // namespace skymarshal::cli::cli_gateway_test

#include "cli/cli.hpp"

#include "settings/settings.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::cli_test {

Command parsed(const std::vector<std::string>& arguments) { return parse_command_line(arguments); }

ShowText text(const std::vector<std::string>& arguments) {
  const Command command = parsed(arguments);
  EXPECT_TRUE(std::holds_alternative<ShowText>(command));
  return std::get<ShowText>(command);
}

TEST(Cli, ServeTakesEverySettingOfItsAsAFlag) {
  for (const settings::Setting& setting : settings::settings_table) {
    if ((setting.uses & settings::used_by_serve) == 0) continue;
    std::vector<std::string> arguments = {"serve", settings::flag_of(setting)};
    const bool is_switch = setting.type == settings::SettingType::flag;
    if (!is_switch) arguments.push_back("12");
    const auto command = std::get<ServeCommand>(parsed(arguments));
    EXPECT_EQ(command.settings.flags.at(std::string(setting.name)), is_switch ? "true" : "12");
    EXPECT_EQ(command.settings.flags.size(), 1U);
  }
}

TEST(Cli, ServeTakesDevAndAFile) {
  const auto command = std::get<ServeCommand>(parsed({"serve", "--dev", "--config", "gateway.toml"}));
  EXPECT_TRUE(command.settings.dev);
  EXPECT_EQ(command.settings.config_file, "gateway.toml");
  EXPECT_TRUE(command.settings.flags.empty());
}

TEST(Cli, AnEmptyValueIsAValue) {
  const auto command = std::get<ServeCommand>(parsed({"serve", "--retry-delays-ms", ""}));
  EXPECT_EQ(command.settings.flags.at("retry_delays_ms"), "");
}

TEST(Cli, RuntimeTakesOnlyWhatMeansSomethingToIt) {
  const auto command =
      std::get<RuntimeCommand>(parsed({"runtime", "--listen", "127.0.0.1:9", "--agent-chunk-delay-ms", "5"}));
  EXPECT_EQ(command.settings.flags.at("listen"), "127.0.0.1:9");
  EXPECT_EQ(command.settings.flags.at("agent_chunk_delay_ms"), "5");
  EXPECT_TRUE(text({"runtime", "--database", "x"}).is_error);
}

TEST(Cli, InvokeTakesAPromptAndWhereToSendIt) {
  const auto command =
      std::get<InvokeCommand>(parsed({"invoke", "--endpoint", "https://gateway.example", "--session", "s",
                                      "--json", "--timeout", "9", "a prompt"}));
  EXPECT_EQ(command.prompt, "a prompt");
  EXPECT_EQ(command.endpoint.url, "https://gateway.example");
  EXPECT_EQ(command.session, "s");
  EXPECT_TRUE(command.json);
  EXPECT_EQ(command.timeout_seconds, 9);
}

TEST(Cli, InvokeHasDefaults) {
  const auto command = std::get<InvokeCommand>(parsed({"invoke", "-"}));
  EXPECT_EQ(command.prompt, "-");
  EXPECT_EQ(command.endpoint.url, "http://127.0.0.1:8080");
  EXPECT_FALSE(command.json);
  EXPECT_GT(command.timeout_seconds, 300);
}

TEST(Cli, SessionsHasItsActions) {
  EXPECT_EQ(std::get<SessionsCommand>(parsed({"sessions", "create"})).action,
            SessionsCommand::Action::create);
  const auto list = std::get<SessionsCommand>(
      parsed({"sessions", "list", "--status", "active", "--limit", "7", "--cursor", "c"}));
  EXPECT_EQ(list.action, SessionsCommand::Action::list);
  EXPECT_EQ(list.status, "active");
  EXPECT_EQ(list.limit, 7);
  EXPECT_EQ(list.cursor, "c");
  const auto show = std::get<SessionsCommand>(parsed({"sessions", "show", "id", "--endpoint", "http://g:1"}));
  EXPECT_EQ(show.action, SessionsCommand::Action::show);
  EXPECT_EQ(show.id, "id");
  EXPECT_EQ(show.endpoint.url, "http://g:1");
  const auto erase = std::get<SessionsCommand>(parsed({"sessions", "delete", "id"}));
  EXPECT_EQ(erase.action, SessionsCommand::Action::erase);
  const auto cleanup = std::get<CleanUpCommand>(parsed({"sessions", "cleanup", "--database", "file.db"}));
  EXPECT_EQ(cleanup.settings.flags.at("database"), "file.db");
}

TEST(Cli, ConfigAndVersion) {
  EXPECT_TRUE(std::get<ConfigCommand>(parsed({"config", "--markdown"})).markdown);
  EXPECT_EQ(std::get<ConfigCommand>(parsed({"config", "--threads", "2"})).settings.flags.at("threads"), "2");
  EXPECT_TRUE(std::holds_alternative<VersionCommand>(parsed({"version"})));
  EXPECT_TRUE(std::holds_alternative<VersionCommand>(parsed({"--version"})));
}

TEST(Cli, HelpIsNoError) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"--help"},
                                                                     {"serve", "--help"},
                                                                     {"invoke", "-h"},
                                                                     {"sessions", "--help"},
                                                                     {"sessions", "list", "--help"}}) {
    EXPECT_FALSE(text(arguments).is_error);
    EXPECT_NE(text(arguments).text.find("skymarshal"), std::string::npos);
  }
}

TEST(Cli, HelpHasExamplesAndExitCodes) {
  EXPECT_NE(text({"--help"}).text.find("skymarshal serve --dev"), std::string::npos);
  EXPECT_NE(text({"invoke", "--help"}).text.find("Exit codes: 0 an answer came"), std::string::npos);
  const std::string serve = text({"serve", "--help"}).text;
  for (const settings::Setting& setting : settings::settings_table) {
    EXPECT_NE(serve.find(settings::flag_of(setting)), std::string::npos) << setting.name;
  }
}

TEST(Cli, WrongUsageNamesTheHelp) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{},
                                                                     {"fly"},
                                                                     {"invoke"},
                                                                     {"invoke", "a", "b"},
                                                                     {"invoke", "a", "--timeout", "0"},
                                                                     {"invoke", "a", "--timeout", "soon"},
                                                                     {"sessions"},
                                                                     {"sessions", "show"},
                                                                     {"sessions", "list", "--limit", "501"},
                                                                     {"sessions", "list", "--status", "old"},
                                                                     {"serve", "--threads"}}) {
    EXPECT_TRUE(text(arguments).is_error);
    EXPECT_NE(text(arguments).text.find("--help' says what there is."), std::string::npos);
  }
}

TEST(Cli, NamesTheCommandThatWasProbablyMeant) {
  EXPECT_EQ(text({"serv"}).text,
            "skymarshal: there is no command 'skymarshal serv' (did you mean serve?)\n"
            "'skymarshal --help' says what there is.\n");
  EXPECT_EQ(text({"sessions", "lsit"}).text,
            "skymarshal: there is no command 'skymarshal sessions lsit' (did you mean list?)\n"
            "'skymarshal sessions --help' says what there is.\n");
  EXPECT_EQ(text({"dance-with-me"}).text.find("did you mean"), std::string::npos) << "nothing is like it";
}

TEST(Cli, SaysThatAPromptOfSeveralWordsStandsInQuotes) {
  EXPECT_EQ(text({"invoke", "EY283", "is", "late"}).text,
            "skymarshal: 'is' is one argument too many: put a text of several words in quotes\n"
            "'skymarshal invoke --help' says what there is.\n");
}

TEST(Cli, NamesTheFlagThatWasProbablyMeant) {
  EXPECT_EQ(text({"invoke", "EY283 is late", "--sesion", "id"}).text,
            "skymarshal: 'skymarshal invoke' has no flag --sesion (did you mean --session?)\n"
            "'skymarshal invoke --help' says what there is.\n");
  EXPECT_EQ(text({"runtime", "--database", "x"}).text.find("'skymarshal runtime' has no flag --database"),
            12U);
  EXPECT_NE(
      text({"invocations", "--endpoint", "http://127.0.0.1:1", "list"})
          .text.find(
              "--endpoint stands before what it belongs to: write it behind 'skymarshal invocations list'"),
      std::string::npos);
  EXPECT_NE(text({"serve", "--liste", "127.0.0.1:1"}).text.find("did you mean --listen?"), std::string::npos);
  EXPECT_NE(text({"serve", "--dev", "--max-conections=5"}).text.find("did you mean --max-connections?"),
            std::string::npos);
}

}  // namespace skymarshal::cli::cli_test

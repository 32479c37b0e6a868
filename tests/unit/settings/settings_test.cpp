#include "settings/settings.hpp"

#include "settings/access_settings.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::settings::settings_test {

std::string source_of(const LoadedSettings& loaded, std::string_view name) {
  for (const EffectiveSetting& entry : loaded.effective) {
    if (entry.setting->name == name) return entry.source;
  }
  return "missing";
}

std::string problem_with(const SettingSources& sources) {
  const auto loaded = load_settings(sources);
  return loaded ? "none" : loaded.error().message;
}

Settings serving_on(const std::string& listen, const std::string& auth) {
  SettingSources sources;
  sources.flags = {{"listen", listen}, {"auth", auth}};
  return load_settings(sources).value().values;
}

TEST(Settings, DefaultsAreThoseOfTheSpecification) {
  const Settings settings = load_settings({}).value().values;
  EXPECT_EQ(settings.get<"listen">(), "127.0.0.1:8080");
  EXPECT_EQ(settings.get<"auth">(), "iam");
  EXPECT_EQ(settings.get<"rate_limit">(), 100);
  EXPECT_EQ(settings.get<"rate_limit_window_ms">(), Milliseconds(60'000));
  EXPECT_EQ(settings.get<"account_rate_limit">(), 100);
  EXPECT_FALSE(settings.get<"allow_open_network">());
  EXPECT_TRUE(settings.get<"allowed_origins">().empty());
  EXPECT_EQ(settings.get<"connect_timeout_ms">(), Milliseconds(10'000));
  EXPECT_EQ(settings.get<"total_timeout_ms">(), Milliseconds(300'000));
  EXPECT_EQ(settings.get<"retry_delays_ms">(), (std::vector{Milliseconds(1000), Milliseconds(2000)}));
  EXPECT_EQ(settings.get<"max_concurrent_invocations">(), 100);
  EXPECT_EQ(settings.get<"max_queued_invocations">(), 400);
  EXPECT_EQ(settings.get<"body_bytes_max">(), 1'048'576);
  EXPECT_EQ(settings.get<"keep_alive_ms">(), Milliseconds(15'000));
  EXPECT_EQ(settings.get<"session_expire_minutes">(), 30);
}

TEST(Settings, EveryDefaultIsAllowed) { EXPECT_TRUE(load_settings({}).has_value()); }

TEST(Settings, FlagBeatsVariableBeatsFileBeatsDevBeatsDefault) {
  SettingSources sources;
  const auto origin = [&sources] {
    const LoadedSettings loaded = load_settings(sources).value();
    return source_of(loaded, "allowed_origins") + " " + loaded.values.get<"allowed_origins">().at(0);
  };
  EXPECT_EQ(source_of(load_settings(sources).value(), "allowed_origins"), "default");
  sources.dev = true;
  EXPECT_EQ(origin(), "--dev *");
  sources.file = {{"allowed_origins", "http://file", "gateway.toml:7"}};
  EXPECT_EQ(origin(), "gateway.toml:7 http://file");
  sources.environment = {{"SKYMARSHAL_ALLOWED_ORIGINS", "http://variable"}};
  EXPECT_EQ(origin(), "SKYMARSHAL_ALLOWED_ORIGINS http://variable");
  sources.flags = {{"allowed_origins", "http://flag"}};
  EXPECT_EQ(origin(), "--allowed-origins http://flag");
}

TEST(Settings, DevOpensTheGatewayToThisMachine) {
  SettingSources sources;
  sources.dev = true;
  const Settings settings = load_settings(sources).value().values;
  EXPECT_EQ(settings.get<"auth">(), "none");
  EXPECT_TRUE(check_for_serving(settings));
}

TEST(Settings, LogLevelKeepsTheNameOfItsVariable) {
  SettingSources sources;
  sources.environment = {{"LOG_LEVEL", "debug"}};
  EXPECT_EQ(load_settings(sources).value().values.get<"log_level">(), "debug");
}

TEST(Settings, RefusesTextWhereANumberBelongs) {
  SettingSources sources;
  sources.flags = {{"max_connections", "many"}};
  EXPECT_EQ(problem_with(sources),
            "max_connections: 'many', from --max-connections, is not allowed: write a whole number from 1 to "
            "1000000");
}

TEST(Settings, NamesTheUnitOfWhatIsAllowed) {
  SettingSources sources;
  sources.environment = {{"SKYMARSHAL_KEEP_ALIVE_MS", "15s"}};
  EXPECT_EQ(
      problem_with(sources),
      "keep_alive_ms: '15s', from SKYMARSHAL_KEEP_ALIVE_MS, is not allowed: write a whole number from 10 "
      "to 3600000 ms");
}

TEST(Settings, RefusesNumbersOutsideOfTheirRange) {
  for (const Setting& setting : settings_table) {
    if (setting.max <= setting.min) continue;
    for (const std::int64_t number : {setting.min - 1, setting.max + 1}) {
      SettingSources sources;
      sources.flags = {{std::string(setting.name), std::to_string(number)}};
      EXPECT_FALSE(load_settings(sources).has_value()) << setting.name << " " << number;
    }
    for (const std::int64_t number : {setting.min, setting.max}) {
      SettingSources sources;
      sources.flags = {{std::string(setting.name), std::to_string(number)}};
      EXPECT_TRUE(load_settings(sources).has_value()) << setting.name << " " << number;
    }
  }
}

TEST(Settings, TellsOfAllProblemsAtOnceALineEach) {
  SettingSources sources;
  sources.flags = {{"threads", "-1"}};
  sources.environment = {{"SKYMARSHAL_ALLOW_OPEN_NETWORK", "yes"}};
  sources.file = {{"liste", "127.0.0.1:1", "gateway.toml:2"}};
  const std::string problems = problem_with(sources);
  EXPECT_NE(problems.find("threads: '-1', from --threads"), std::string::npos);
  EXPECT_NE(problems.find("from SKYMARSHAL_ALLOW_OPEN_NETWORK, is not allowed: write true or false"),
            std::string::npos);
  EXPECT_NE(problems.find("gateway.toml:2: 'liste' is not a setting: did you mean listen?"),
            std::string::npos);
  EXPECT_EQ(std::ranges::count(problems, '\n'), 2);
}

TEST(Settings, NamesTheNearestOfUnknownVariables) {
  SettingSources sources;
  sources.environment = {{"SKYMARSHAL_RUNTIME_ULR", "ws://x/ws"}};
  EXPECT_EQ(problem_with(sources),
            "SKYMARSHAL_RUNTIME_ULR is not a setting: did you mean SKYMARSHAL_RUNTIME_URL?");
  sources.environment = {{"SKYMARSHAL_LOG_LEVEL", "INFO"}};
  EXPECT_EQ(problem_with(sources), "SKYMARSHAL_LOG_LEVEL is not a setting: did you mean LOG_LEVEL?");
}

TEST(Settings, LeavesOtherProgramsVariablesAlone) {
  SettingSources sources;
  sources.environment = {{"PATH", "/bin"}, {"LISTEN", "everywhere"}, {"skymarshal_listen", "x"}};
  EXPECT_EQ(problem_with(sources), "none");
}

std::string problem_of(SettingUse use, std::map<std::string, std::string> environment) {
  SettingSources sources;
  sources.use = use;
  sources.environment = std::move(environment);
  return problem_with(sources);
}

TEST(Settings, WhatCannotBeHonouredStopsTheStart) {
  const std::map<std::string, std::string> words = {{"RESPONSE_MODE", "Lambda"}};
  for (const auto& [name, word] : words) {
    const std::string problem = problem_of(used_by_serve, {{name, "anything"}});
    EXPECT_TRUE(problem.starts_with(name + " is set, and cannot be honoured: ")) << problem;
    EXPECT_NE(problem.find(word), std::string::npos) << problem;
    EXPECT_NE(problem.find("Unset it"), std::string::npos) << problem;
    EXPECT_EQ(problem_of(used_by_serve, {{name, ""}}), "none") << "an empty one asks for nothing";
    EXPECT_EQ(problem_of(used_by_ops, {{name, "anything"}}), "none") << "no server is started";
  }
  EXPECT_EQ(problem_of(used_by_serve, {{"AWS_REGION", "eu-central-1"}}), "none");
  EXPECT_EQ(problem_of(used_by_serve, {{"AGENTCORE_RUNTIME_ARN", "arn"}}), "none") << "it is a setting";
  EXPECT_EQ(problem_of(used_by_serve, {{"SESSION_TABLE_NAME", "my-sessions"}}), "none") << "so is this";
}

TEST(Settings, NobodyIsLimitedWhereNobodyCanBeToldApart) {
  SettingSources sources;
  sources.flags = {{"auth", "none"}};
  LoadedSettings open = load_settings(sources).value();
  EXPECT_EQ(open.values.get<"rate_limit">(), 0);
  EXPECT_EQ(open.values.get<"account_rate_limit">(), 0);
  EXPECT_EQ(source_of(open, "rate_limit"), "auth = none");
  // What is asked for is done all the same.
  sources.flags["rate_limit"] = "7";
  open = load_settings(sources).value();
  EXPECT_EQ(open.values.get<"rate_limit">(), 7);
  sources.flags = {};
  sources.dev = true;
  EXPECT_EQ(load_settings(sources).value().values.get<"rate_limit">(), 0);
}

TEST(Settings, WhatStandsInFrontPicksTheLimits) {
  const auto at = [](const std::string& edge, std::map<std::string, std::string> more = {}) {
    more["edge"] = edge;
    SettingSources sources;
    sources.flags = std::move(more);
    return load_settings(sources).value();
  };
  struct Row {
    const char* edge;
    std::int64_t buffered_wait_s;
    std::int64_t keep_alive_s;
  };
  for (const Row& row :
       {Row{"direct", 0, 15}, Row{"apigw-regional", 25, 15}, Row{"apigw-edge", 25, 10},
        Row{"function-url", 870, 15}, Row{"alb", 50, 15}, Row{"cloudfront", 25, 10}, Row{"nginx", 50, 15}}) {
    const LoadedSettings loaded = at(row.edge);
    EXPECT_EQ(loaded.values.get<"buffered_wait_ms">(), std::chrono::seconds(row.buffered_wait_s)) << row.edge;
    EXPECT_EQ(loaded.values.get<"keep_alive_ms">(), std::chrono::seconds(row.keep_alive_s)) << row.edge;
  }
  EXPECT_EQ(source_of(at("cloudfront"), "keep_alive_ms"), "edge = cloudfront");
  EXPECT_EQ(at("cloudfront", {{"keep_alive_ms", "70"}}).values.get<"keep_alive_ms">(), Milliseconds(70));
  SettingSources odd;
  odd.flags = {{"edge", "cloudflare"}};
  EXPECT_NE(load_settings(odd).error().message.find("cloudfront or nginx"), std::string::npos);
}

TEST(Settings, ReadsListsWithCommas) {
  SettingSources sources;
  sources.flags = {{"retry_delays_ms", "5, 10,20"}};
  EXPECT_EQ(load_settings(sources).value().values.get<"retry_delays_ms">(),
            (std::vector{Milliseconds(5), Milliseconds(10), Milliseconds(20)}));
  sources.flags = {{"retry_delays_ms", ""}};
  EXPECT_TRUE(load_settings(sources).value().values.get<"retry_delays_ms">().empty());
  sources.flags = {{"retry_delays_ms", "5,soon"}};
  EXPECT_FALSE(load_settings(sources).has_value());
}

TEST(Settings, ServesOnlyWhereSomebodyDecidedWhoMayCall) {
  EXPECT_FALSE(check_for_serving(load_settings({}).value().values).has_value());
  EXPECT_TRUE(check_for_serving(serving_on("127.0.0.1:8080", "none")).has_value());
}

TEST(Settings, CertificateAndKeyBelongTogether) {
  SettingSources sources;
  sources.flags = {{"auth", "none"}, {"tls_cert", "server.pem"}};
  EXPECT_FALSE(check_for_serving(load_settings(sources).value().values).has_value());
  sources.flags["tls_key"] = "server.key";
  EXPECT_TRUE(check_for_serving(load_settings(sources).value().values).has_value());
}

TEST(Settings, FindsTheNearestName) {
  EXPECT_EQ(nearest_setting("--conect-timeout-ms").name, "connect_timeout_ms");
  EXPECT_EQ(nearest_setting("SKYMARSHAL_DATABSE").name, "database");
  EXPECT_EQ(nearest_setting("max_connection").name, "max_connections");
}

RC_GTEST_PROP(SettingsProperty, AnyTextIsTakenOrRefusedByName, (std::string text)) {
  const auto settings = settings_table;
  const Setting& setting = settings[*rc::gen::inRange<std::size_t>(0, settings.size())];
  SettingSources sources;
  sources.flags = {{std::string(setting.name), text}};
  const auto loaded = load_settings(sources);
  if (!loaded) RC_ASSERT(loaded.error().message.starts_with(setting.name));
}

RC_GTEST_PROP(SettingsProperty, NumbersInRangeArriveUnchanged, ()) {
  const Setting& setting = *find_setting("max_connections");
  const auto number = *rc::gen::inRange<std::int64_t>(setting.min, setting.max + 1);
  SettingSources sources;
  sources.environment = {{variable_of(setting), std::to_string(number)}};
  RC_ASSERT(load_settings(sources).value().values.get<"max_connections">() == number);
}

}  // namespace skymarshal::settings::settings_test

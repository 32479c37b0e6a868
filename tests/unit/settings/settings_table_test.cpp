#include "settings/settings.hpp"

#include <set>

#include <gtest/gtest.h>

namespace skymarshal::settings::settings_table_test {

TEST(SettingsTable, NamesFlagsAndVariablesAreUnique) {
  std::set<std::string> seen;
  for (const Setting& setting : settings_table) {
    EXPECT_TRUE(seen.insert(std::string(setting.name)).second) << setting.name;
    EXPECT_TRUE(seen.insert(flag_of(setting)).second) << setting.name;
    EXPECT_TRUE(seen.insert(variable_of(setting)).second) << setting.name;
  }
}

TEST(SettingsTable, NamesAreSnakeCaseFlagsKebabCaseVariablesUpperCase) {
  for (const Setting& setting : settings_table) {
    EXPECT_EQ(setting.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
    EXPECT_EQ(flag_of(setting).find('_'), std::string::npos);
  }
  EXPECT_EQ(flag_of(*find_setting("connect_timeout_ms")), "--connect-timeout-ms");
  EXPECT_EQ(variable_of(*find_setting("connect_timeout_ms")), "SKYMARSHAL_CONNECT_TIMEOUT_MS");
  EXPECT_EQ(variable_of(*find_setting("log_level")), "LOG_LEVEL");
}

TEST(SettingsTable, DurationsAndSizesSayTheirUnit) {
  for (const Setting& setting : settings_table) {
    EXPECT_EQ(setting.name.ends_with("_ms"), unit_of(setting) == "ms") << setting.name;
    if (setting.unit == "bytes") EXPECT_TRUE(setting.name.ends_with("_bytes_max")) << setting.name;
  }
}

TEST(SettingsTable, HelpIsASentence) {
  for (const Setting& setting : settings_table) {
    EXPECT_TRUE(setting.help.ends_with('.')) << setting.name;
    EXPECT_FALSE(setting.help.empty());
    EXPECT_EQ(setting.help.find('|'), std::string_view::npos) << "would break the table: " << setting.name;
  }
}

TEST(SettingsTable, EmptyDefaultsSayWhatTakesTheirPlace) {
  for (const Setting& setting : settings_table) {
    EXPECT_EQ(setting.fallback.empty(), !setting.fallback_note.empty()) << setting.name;
  }
}

TEST(SettingsTable, EveryRowHasAHeadingAndAnUse) {
  for (const Setting& setting : settings_table) {
    EXPECT_FALSE(setting.group.empty()) << setting.name;
    EXPECT_NE(setting.uses, 0U) << setting.name;
  }
}

TEST(SettingsTable, WhatARunningGatewayTakesOverAreTheLimits) {
  std::set<std::string_view> reloadable;
  for (const Setting& setting : settings_table) {
    if (setting.reloadable) reloadable.insert(setting.name);
  }
  EXPECT_EQ(reloadable, (std::set<std::string_view>{"rate_limit", "rate_limit_window_ms", "rate_limit_tiers",
                                                    "account_rate_limit"}));
}

}  // namespace skymarshal::settings::settings_table_test

#include "settings/settings.hpp"

#include <set>

#include <gtest/gtest.h>

namespace skymarshal::settings {
namespace {

TEST(SettingsTable, NamesFlagsAndVariablesAreUnique) {
  std::set<std::string> seen;
  for (const Setting& setting : all_settings()) {
    EXPECT_TRUE(seen.insert(std::string(setting.name)).second) << setting.name;
    EXPECT_TRUE(seen.insert(flag_of(setting)).second) << setting.name;
    EXPECT_TRUE(seen.insert(variable_of(setting)).second) << setting.name;
  }
}

TEST(SettingsTable, NamesAreSnakeCaseFlagsKebabCaseVariablesUpperCase) {
  for (const Setting& setting : all_settings()) {
    EXPECT_EQ(setting.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
    EXPECT_EQ(flag_of(setting).find('_'), std::string::npos);
  }
  EXPECT_EQ(flag_of(*find_setting("connect_timeout_ms")), "--connect-timeout-ms");
  EXPECT_EQ(variable_of(*find_setting("connect_timeout_ms")), "SKYMARSHAL_CONNECT_TIMEOUT_MS");
  EXPECT_EQ(variable_of(*find_setting("log_level")), "LOG_LEVEL");
}

TEST(SettingsTable, DurationsAndSizesSayTheirUnit) {
  for (const Setting& setting : all_settings()) {
    if (setting.unit == "ms") EXPECT_TRUE(setting.name.ends_with("_ms")) << setting.name;
    if (setting.unit == "bytes") EXPECT_TRUE(setting.name.ends_with("_bytes_max")) << setting.name;
    if (setting.name.ends_with("_ms")) EXPECT_EQ(setting.unit, "ms") << setting.name;
  }
}

TEST(SettingsTable, HelpIsASentence) {
  for (const Setting& setting : all_settings()) {
    EXPECT_TRUE(setting.help.ends_with('.')) << setting.name;
    EXPECT_FALSE(setting.help.empty());
    EXPECT_EQ(setting.help.find('|'), std::string_view::npos) << "would break the table: " << setting.name;
  }
}

TEST(SettingsTable, EmptyDefaultsSayWhatTakesTheirPlace) {
  for (const Setting& setting : all_settings()) {
    EXPECT_EQ(setting.fallback.empty(), !setting.fallback_note.empty()) << setting.name;
  }
}

TEST(SettingsTable, EachFieldIsSetByOneRow) {
  const auto settings = all_settings();
  for (std::size_t i = 0; i < settings.size(); ++i) {
    for (std::size_t j = i + 1; j < settings.size(); ++j) {
      EXPECT_FALSE(settings[i].field == settings[j].field) << settings[i].name << " " << settings[j].name;
    }
  }
}

}  // namespace
}  // namespace skymarshal::settings

#include "settings/settings_file.hpp"

#include "support/temporary_folder.hpp"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::settings::settings_file_test {

std::vector<FileSetting> parsed(std::string_view text) {
  auto settings = parse_settings_file(text, "gateway.toml").value();
  std::ranges::sort(settings, {}, &FileSetting::place);
  return settings;
}

std::string problem_with(std::string_view text) {
  const auto settings = parse_settings_file(text, "gateway.toml");
  return settings ? "none" : settings.error().message;
}

TEST(SettingsFile, GivesEachKeyWithItsLine) {
  const auto settings = parsed("listen = \"127.0.0.1:1\"\n# a comment\nthreads = 4\n");
  ASSERT_EQ(settings.size(), 2U);
  EXPECT_EQ(settings[0].name, "listen");
  EXPECT_EQ(settings[0].text, "127.0.0.1:1");
  EXPECT_EQ(settings[0].place, "gateway.toml:1");
  EXPECT_EQ(settings[1].name, "threads");
  EXPECT_EQ(settings[1].text, "4");
  EXPECT_EQ(settings[1].place, "gateway.toml:3");
}

TEST(SettingsFile, WritesValuesAsFlagsWould) {
  EXPECT_EQ(parsed("x = true").at(0).text, "true");
  EXPECT_EQ(parsed("x = [1000, 2000]").at(0).text, "1000,2000");
  EXPECT_EQ(parsed("x = [\"http://a\", \"http://b\"]").at(0).text, "http://a,http://b");
  EXPECT_EQ(parsed("x = []").at(0).text, "");
}

TEST(SettingsFile, AByteOrderMarkSaysNothing) {
  const auto settings = parsed("\xEF\xBB\xBFthreads = 4\n");
  ASSERT_EQ(settings.size(), 1U);
  EXPECT_EQ(settings[0].name, "threads");
  EXPECT_EQ(settings[0].place, "gateway.toml:1");
  EXPECT_TRUE(parsed("\xEF\xBB\xBF").empty());
}

TEST(SettingsFile, AnEmptyFileSetsNothing) {
  EXPECT_TRUE(parsed("").empty());
  EXPECT_TRUE(parsed("# nothing\n").empty());
}

TEST(SettingsFile, RefusesWhatNoSettingIsMadeOf) {
  EXPECT_EQ(problem_with("\n[server]\nlisten = \"x\"\n").find("gateway.toml:2: 'server' must be"), 0U);
  EXPECT_EQ(problem_with("threads = 1.5\n").find("gateway.toml:1: 'threads' must be"), 0U);
  EXPECT_EQ(problem_with("x = [[1], [2]]\n").find("gateway.toml:1: 'x' must be"), 0U);
}

TEST(SettingsFile, SaysInWhichLineItIsNoToml) {
  EXPECT_EQ(problem_with("threads = 1\nlisten = \n").find("gateway.toml:2: this is not TOML: "), 0U);
  EXPECT_EQ(problem_with("threads = 1\nlisten = \n").find('\n'), std::string::npos);
  EXPECT_NE(problem_with("threads = 1\nthreads = 2\n"), "none");
}

TEST(SettingsFile, SaysWhichFileCannotBeRead) {
  const auto settings = read_settings_file("/nowhere/gateway.toml");
  ASSERT_FALSE(settings.has_value());
  EXPECT_EQ(settings.error().message,
            "the settings file '/nowhere/gateway.toml' cannot be read: No such file or directory. --config "
            "names it");
}

TEST(SettingsFile, AFolderIsNoSettingsFile) {
  const test::TemporaryFolder folder;
  const auto settings = read_settings_file(folder.file(".").string());
  ASSERT_FALSE(settings.has_value());
  EXPECT_NE(settings.error().message.find("cannot be read"), std::string::npos) << settings.error().message;
}

TEST(SettingsFile, AFileWithoutEndIsNotReadToIt) {
  const auto settings = read_settings_file("/dev/zero");
  ASSERT_FALSE(settings.has_value());
  EXPECT_NE(settings.error().message.find("longer than"), std::string::npos) << settings.error().message;
}

TEST(SettingsFile, ReadsAFile) {
  const test::TemporaryFolder folder;
  const auto path = folder.file("gateway.toml");
  std::ofstream(path) << "threads = 3\n";
  const auto settings = read_settings_file(path.string());
  ASSERT_TRUE(settings.has_value());
  EXPECT_EQ(settings->at(0).text, "3");
}

}  // namespace skymarshal::settings::settings_file_test

#include "settings/settings_watch.hpp"

#include "settings/access_settings.hpp"
#include "settings/settings_file.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skymarshal::settings::settings_watch_test {

using testing::HasSubstr;
using testing::Not;

class SettingsWatchTest : public testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(file_) << text; }

  Result<LoadedSettings> load() {
    auto entries = read_settings_file(file_);
    if (!entries) return entries.error();
    SettingSources sources;
    sources.file = *entries;
    sources.flags = {{"keys", "keys.json"}};
    return load_settings(sources);
  }

  Result<LoadedSettings> load_if_possible() {
    if (!trouble_.empty()) return make_error(Errc::store_unavailable, trouble_);
    return load();
  }

  /// Begins to watch, changes the file, looks; gives what the log says.
  std::string look_after(const std::string& before, const std::string& after) {
    write(before);
    testing::internal::CaptureStderr();
    {
      Logger log({LogLevel::info, 1024}, clock_);
      SettingsWatch watch(
          {file_, [this] { return load(); }}, load().value(),
          [this](const Settings& fresh) { applied_.push_back(rate_limits(fresh)); }, log);
      watch.look();
      EXPECT_TRUE(applied_.empty()) << "nothing has changed yet";
      write(after);
      watch.look();
      watch.look();
    }
    return testing::internal::GetCapturedStderr();
  }

  test::ManualClock clock_;
  test::TemporaryFolder folder_;
  std::string file_ = folder_.file("gateway.toml").string();
  std::vector<limits::RateLimits> applied_;
  std::string trouble_;
};

TEST_F(SettingsWatchTest, TakesOverNewLimitsOnce) {
  const std::string log = look_after("rate_limit = 5\n", "rate_limit = 50\nrate_limit_tiers = \"gold=7\"\n");
  ASSERT_EQ(applied_.size(), 1U);
  EXPECT_EQ(applied_[0].principal.requests, 50);
  EXPECT_EQ(applied_[0].tiers.at("gold").requests, 7);
  EXPECT_THAT(log, HasSubstr("settings_reloaded"));
  EXPECT_THAT(log, HasSubstr(R"("settings":"rate_limit, rate_limit_tiers")"));
  EXPECT_THAT(log, Not(HasSubstr("settings_need_restart")));
}

TEST_F(SettingsWatchTest, SaysWhatNeedsARestart) {
  const std::string log = look_after("threads = 1\n", "threads = 2\nkeep_alive_ms = 500\n");
  EXPECT_TRUE(applied_.empty());
  EXPECT_THAT(log, HasSubstr(R"("settings":"keep_alive_ms, threads")"));
}

TEST_F(SettingsWatchTest, AnotherSecretNeedsARestartAndIsNotShown) {
  const std::string log = look_after("llm_api_key = \"first-of-all\"\n", "llm_api_key = \"second-best\"\n");
  EXPECT_THAT(log, HasSubstr("settings_need_restart"));
  EXPECT_THAT(log, HasSubstr(R"("settings":"llm_api_key")"));
  EXPECT_THAT(log, Not(HasSubstr("first-of-all")));
  EXPECT_THAT(log, Not(HasSubstr("second-best")));
}

TEST_F(SettingsWatchTest, TheSameSecretOrListWrittenAnewIsNoChange) {
  const std::string log = look_after("llm_api_key = \"k\"\nretry_delays_ms = [1, 2]\n",
                                     "retry_delays_ms = \"1, 2\"\nllm_api_key = \"k\"\n# later\n");
  EXPECT_THAT(log, Not(HasSubstr("settings_need_restart")));
}

TEST_F(SettingsWatchTest, AWrongFileChangesNothing) {
  const std::string log = look_after("rate_limit = 5\n", "rate_limit = -5\n");
  EXPECT_TRUE(applied_.empty());
  EXPECT_THAT(log, HasSubstr("settings_not_reloaded"));
  EXPECT_THAT(log, HasSubstr("rate_limit: '-5'"));
}

TEST_F(SettingsWatchTest, WhatCouldNotBeReadIsReadOnceItCan) {
  write("rate_limit = 5\n");
  testing::internal::CaptureStderr();
  {
    Logger log({LogLevel::info, 1024}, clock_);
    SettingsWatch watch(
        {file_, [this] { return load_if_possible(); }}, load().value(),
        [this](const Settings& fresh) { applied_.push_back(rate_limits(fresh)); }, log);
    write("rate_limit = 50\n");
    trouble_ = "too many open files";
    watch.look();
    watch.look();
    EXPECT_TRUE(applied_.empty());
    trouble_.clear();
    watch.look();
    watch.look();
  }
  ASSERT_EQ(applied_.size(), 1U);
  EXPECT_EQ(applied_[0].principal.requests, 50);
  const std::string log = testing::internal::GetCapturedStderr();
  const std::size_t first = log.find("settings_not_reloaded");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(log.find("settings_not_reloaded", first + 1), std::string::npos) << "said once";
}

TEST_F(SettingsWatchTest, WhatChangedBeforeTheFirstLookIsSeen) {
  write("rate_limit = 5\n");
  const auto at_start = load();
  write("rate_limit = 50\n");
  Logger log({LogLevel::off, 16}, clock_);
  SettingsWatch watch(
      {file_, [this] { return load(); }}, at_start.value(),
      [this](const Settings& fresh) { applied_.push_back(rate_limits(fresh)); }, log);
  watch.look();
  EXPECT_EQ(applied_.size(), 1U);
}

TEST_F(SettingsWatchTest, UnderAnotherAuthLimitsAreForTheNextStart) {
  const std::string log = look_after("", "auth = \"none\"\n");
  EXPECT_TRUE(applied_.empty()) << "the running server's callers keep their limits";
  EXPECT_THAT(log, HasSubstr("settings_need_restart"));
  EXPECT_THAT(log, HasSubstr("auth"));
}

TEST_F(SettingsWatchTest, WithoutAFileNothingChanges) {
  Logger log({LogLevel::off, 16}, clock_);
  SettingsWatch watch(
      {}, load_settings({}).value(),
      [this](const Settings& fresh) { applied_.push_back(rate_limits(fresh)); }, log);
  watch.look();
  EXPECT_TRUE(applied_.empty());
}

}  // namespace skymarshal::settings::settings_watch_test

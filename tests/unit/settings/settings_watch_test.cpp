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

TEST_F(SettingsWatchTest, WithoutAFileNothingChanges) {
  Logger log({LogLevel::off, 16}, clock_);
  SettingsWatch watch(
      {}, load_settings({}).value(),
      [this](const Settings& fresh) { applied_.push_back(rate_limits(fresh)); }, log);
  watch.look();
  EXPECT_TRUE(applied_.empty());
}

}  // namespace skymarshal::settings::settings_watch_test

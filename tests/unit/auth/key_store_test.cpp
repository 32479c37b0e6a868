#include "auth/key_store.hpp"

#include "auth/key_file_access.hpp"
#include "key_samples.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

#include <atomic>
#include <fstream>
#include <sys/stat.h>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace skymarshal::auth::key_store_test {

const std::string first = "SKMAAAAAAAAAAAAAAAA1";
const std::string second = "SKMAAAAAAAAAAAAAAAA2";

class KeyStoreTest : public testing::Test {
 protected:
  void write(std::vector<Key> keys) {
    std::filesystem::remove(path_);
    KeyFileUpdate update{path_};
    update.create = true;
    ASSERT_TRUE(update_key_file(update, [&](std::vector<Key>& all) -> Result<void> {
      all = std::move(keys);
      return {};
    }));
  }
  void write_text(const std::string& text) {
    std::ofstream(path_, std::ios::trunc) << text;
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  }
  Result<std::unique_ptr<KeyStore>> open(Logger& log) {
    return KeyStore::open(path_, {random_, clock_, log});
  }
  /// What the store logs while it looks `looks` times.
  std::string log_of_looks(KeyStore& store, int looks = 1) {
    testing::internal::CaptureStderr();
    {
      // The lines are written when the logger goes.
      for (int i = 0; i < looks; ++i) store.reload_if_changed();
      logged_.reset();
    }
    return testing::internal::GetCapturedStderr();
  }

  test::TemporaryFolder folder_;
  std::string path_ = folder_.file("keys.json").string();
  test::ManualClock clock_;
  CountingRandom random_;
  std::unique_ptr<Logger> logged_ = std::make_unique<Logger>(Logger::Options{}, clock_);
  Logger quiet_{{LogLevel::off}, clock_};
};

TEST_F(KeyStoreTest, FindsTheKeysOfTheFile) {
  write({sample_key(first), sample_key(second)});
  const auto store = open(quiet_);
  ASSERT_TRUE(store);
  ASSERT_TRUE((*store)->find(first));
  EXPECT_EQ((*store)->find(second)->access_key_id, second);
  EXPECT_FALSE((*store)->find("SKMAAAAAAAAAAAAAAAA3"));
  EXPECT_FALSE((*store)->find(""));
  EXPECT_EQ((*store)->size(), 2U);
}

TEST_F(KeyStoreTest, DoesNotOpenWithoutAKeyThatIsValid) {
  ASSERT_FALSE(open(quiet_));
  EXPECT_EQ(open(quiet_).error().code, Errc::not_found);
  write({});
  ASSERT_FALSE(open(quiet_));
  EXPECT_NE(open(quiet_).error().message.find("keys add"), std::string::npos);
  Key ended = sample_key(first);
  ended.expires_at = clock_.wall_now();
  write({ended});
  EXPECT_FALSE(open(quiet_));
  write({ended, sample_key(second)});
  EXPECT_TRUE(open(quiet_));
}

TEST_F(KeyStoreTest, AKeyThatHasEndedIsNotThere) {
  Key key = sample_key(first);
  key.expires_at = clock_.wall_now() + Milliseconds(10);
  write({key});
  const auto store = open(quiet_);
  ASSERT_TRUE(store);
  clock_.advance(Milliseconds(9));
  EXPECT_TRUE((*store)->find(first));
  clock_.advance(Milliseconds(1));
  EXPECT_FALSE((*store)->find(first));
}

TEST_F(KeyStoreTest, ADecoyIsASecretLikeTheOthers) {
  write({sample_key(first)});
  const auto store = open(quiet_), other = open(quiet_);
  EXPECT_EQ((*store)->decoy().reveal().size(), 40U);
  EXPECT_NE((*store)->decoy().reveal(), (*other)->decoy().reveal());
}

TEST_F(KeyStoreTest, TakesOverWhatChanges) {
  write({sample_key(first)});
  const auto store = open(*logged_);
  ASSERT_TRUE(store);
  const auto held = (*store)->find(first);
  write({sample_key(second)});
  EXPECT_TRUE((*store)->find(first)) << "nobody has looked yet";
  const std::string log = log_of_looks(**store, 3);
  EXPECT_FALSE((*store)->find(first));
  EXPECT_TRUE((*store)->find(second));
  EXPECT_EQ(held->access_key_id, first) << "who holds a key keeps it";
  EXPECT_NE(log.find(R"("keys_reloaded","keys":1,"valid":1,"added":1,"removed":1})"), std::string::npos)
      << log;
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
}

TEST_F(KeyStoreTest, SaysNothingWhereNothingChanges) {
  write({sample_key(first)});
  const auto store = open(*logged_);
  EXPECT_EQ(log_of_looks(**store, 3), "");
}

TEST_F(KeyStoreTest, KeepsItsKeysWhereTheNewOnesCannotBeRead) {
  const auto broken = [this](const std::string& text) { write_text(text); };
  const auto open_to_others = [this](const std::string&) { ASSERT_EQ(::chmod(path_.c_str(), 0644), 0); };
  const auto gone = [this](const std::string&) { std::filesystem::remove(path_); };
  for (const std::function<void(const std::string&)>& harm :
       std::vector<std::function<void(const std::string&)>>{broken, open_to_others, gone}) {
    write({sample_key(first)});
    logged_ = std::make_unique<Logger>(Logger::Options{}, clock_);
    const auto store = open(*logged_);
    ASSERT_TRUE(store);
    harm(R"({"version":1,"keys":[{"secret_access_key":"secret-very"}]})");
    const std::string log = log_of_looks(**store, 5);
    EXPECT_TRUE((*store)->find(first));
    EXPECT_NE(log.find("keys_not_reloaded"), std::string::npos) << log;
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
    EXPECT_EQ(log.find("secret-very"), std::string::npos);
  }
}

TEST_F(KeyStoreTest, LogsEachBrokenVersionOnce) {
  write({sample_key(first)});
  const auto store = open(*logged_);
  testing::internal::CaptureStderr();
  write_text("{");
  (*store)->reload_if_changed();
  (*store)->reload_if_changed();
  write_text("{   ");
  (*store)->reload_if_changed();
  logged_.reset();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 2) << log;
}

TEST_F(KeyStoreTest, LogsAFileThatCannotBeOpenedOnceThoughItTriesAgain) {
  write({sample_key(first)});
  const auto store = open(*logged_);
  std::filesystem::remove(path_);
  std::filesystem::create_symlink(path_, path_);
  const std::string log = log_of_looks(**store, 5);
  EXPECT_TRUE((*store)->find(first));
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
}

TEST_F(KeyStoreTest, RecoversWhenTheFileIsMended) {
  write({sample_key(first)});
  const auto store = open(quiet_);
  write_text("{");
  (*store)->reload_if_changed();
  write({sample_key(second)});
  (*store)->reload_if_changed();
  EXPECT_TRUE((*store)->find(second));
  ASSERT_EQ(::chmod(path_.c_str(), 0644), 0);
  (*store)->reload_if_changed();
  ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  (*store)->reload_if_changed();
  EXPECT_TRUE((*store)->find(second));
}

TEST_F(KeyStoreTest, TheLastKeyCanBeTakenBack) {
  write({sample_key(first)});
  const auto store = open(*logged_);
  write({});
  const std::string log = log_of_looks(**store);
  EXPECT_FALSE((*store)->find(first));
  EXPECT_NE(log.find("WARNING"), std::string::npos) << log;
}

TEST_F(KeyStoreTest, IsReadWhileItChanges) {
  write({sample_key(first)});
  const auto store = open(quiet_);
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const auto key = (*store)->find(first);
        ASSERT_TRUE(key);
        ASSERT_EQ(key->access_key_id, first);
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    write({sample_key(first), sample_key(fmt::format("SKMAAAAAAAAAAAAAAB{:02}", i))});
    (*store)->reload_if_changed();
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_TRUE((*store)->find("SKMAAAAAAAAAAAAAAB19"));
}

}  // namespace skymarshal::auth::key_store_test

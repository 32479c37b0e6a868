#include "auth/key_file_access.hpp"

#include "auth/key_file.hpp"
#include "key_samples.hpp"
#include "support/disk_limit.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace skymarshal::auth::key_file_access_test {

class KeyFileAccess : public testing::Test {
 protected:
  void write(const std::string& text, mode_t mode = 0600) {
    std::ofstream(path_, std::ios::trunc) << text;
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
  }
  std::string content() const {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Result<void> add(const std::string& id, bool create = true) {
    KeyFileUpdate update{path_};
    update.create = create;
    return update_key_file(update, [&](std::vector<Key>& keys) -> Result<void> {
      keys.push_back(sample_key(id));
      return {};
    });
  }
  static mode_t mode_of(const std::string& path) {
    struct stat status = {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777;
  }
  std::size_t files_in_folder() const {
    const auto folder = std::filesystem::path(path_).parent_path();
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
  }

  test::TemporaryFolder folder_;
  std::string path_ = folder_.file("keys.json").string();
};

TEST_F(KeyFileAccess, ReadsWhatItWrote) {
  ASSERT_TRUE(add("SKMAAAAAAAAAAAAAAAA1"));
  ASSERT_TRUE(add("SKMAAAAAAAAAAAAAAAA2"));
  const auto keys = read_key_file(path_);
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_EQ(keys->at(1).access_key_id, "SKMAAAAAAAAAAAAAAAA2");
}

TEST_F(KeyFileAccess, MakesPrivateFilesWhateverTheMask) {
  const mode_t before = ::umask(0);
  EXPECT_TRUE(add("SKMAAAAAAAAAAAAAAAA1"));
  ::umask(before);
  EXPECT_EQ(mode_of(path_), 0600U);
  EXPECT_EQ(mode_of(path_ + ".lock"), 0600U);
  EXPECT_EQ(files_in_folder(), 2U);
}

TEST_F(KeyFileAccess, RefusesFilesThatOthersMayReadOrWrite) {
  for (const mode_t mode : {0640U, 0620U, 0604U, 0602U, 0644U, 0666U, 0777U}) {
    write(std::string(keys_text({}).reveal()), mode);
    const auto keys = read_key_file(path_);
    ASSERT_FALSE(keys) << mode;
    EXPECT_EQ(keys.error().code, Errc::forbidden);
    EXPECT_NE(keys.error().message.find("chmod 600 " + path_), std::string::npos) << keys.error().message;
    EXPECT_FALSE(add("SKMAAAAAAAAAAAAAAAA1"));
  }
  for (const mode_t mode : {0600U, 0400U, 0700U}) {
    write(std::string(keys_text({}).reveal()), mode);
    EXPECT_TRUE(read_key_file(path_)) << mode;
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  }
}

TEST_F(KeyFileAccess, RefusesFilesOfAnotherUser) {
  write(std::string(keys_text({}).reveal()));
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown(path_.c_str(), 12'345, 0), 0);
  const auto keys = read_key_file(path_);
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, Errc::forbidden);
  EXPECT_NE(keys.error().message.find("another user"), std::string::npos);
}

TEST_F(KeyFileAccess, RefusesWhatIsNoRegularFileWithoutWaitingForIt) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  const auto pipe = read_key_file(path_);
  ASSERT_FALSE(pipe);
  EXPECT_EQ(pipe.error().code, Errc::forbidden);
  const auto folder = read_key_file(std::filesystem::path(path_).parent_path().string());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, Errc::forbidden);
}

TEST_F(KeyFileAccess, SaysThatThereIsNoFile) {
  const auto keys = read_key_file(path_);
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, Errc::not_found);
  const auto added = add("SKMAAAAAAAAAAAAAAAA1", false);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, Errc::not_found);
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_FALSE(read_key_file("/dev/null/keys"));
}

TEST_F(KeyFileAccess, NeverReplacesABrokenFile) {
  for (const std::string text : {"", "{\"version\":1,\"keys\":[", "{\"version\":2,\"keys\":[]}"}) {
    write(text);
    const auto added = add("SKMAAAAAAAAAAAAAAAA1");
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, Errc::invalid_request);
    EXPECT_EQ(content(), text);
  }
}

TEST_F(KeyFileAccess, RefusesFilesThatAreTooLong) {
  write("");
  // The second one is more than any machine has room for: it is not even tried.
  for (const std::size_t bytes : {key_file_bytes_max + 1, std::size_t{1} << 43}) {
    ASSERT_EQ(::truncate(path_.c_str(), static_cast<off_t>(bytes)), 0);
    const auto keys = read_key_file(path_);
    ASSERT_FALSE(keys);
    EXPECT_NE(keys.error().message.find("16 MiB"), std::string::npos);
  }
}

TEST_F(KeyFileAccess, WritesNothingIfTheEditFails) {
  ASSERT_TRUE(add("SKMAAAAAAAAAAAAAAAA1"));
  const std::string before = content();
  const auto done = update_key_file({path_}, [](std::vector<Key>& keys) -> Result<void> {
    keys.clear();
    return make_error(Errc::not_found, "no");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "no");
  EXPECT_EQ(content(), before);
}

TEST_F(KeyFileAccess, WritesNothingThatItCouldNotReadAgain) {
  ASSERT_TRUE(add("SKMAAAAAAAAAAAAAAAA1"));
  const std::string before = content();
  EXPECT_FALSE(add("SKMAAAAAAAAAAAAAAAA1"));
  EXPECT_FALSE(add("no id"));
  EXPECT_EQ(content(), before);
  EXPECT_EQ(files_in_folder(), 2U);
}

TEST_F(KeyFileAccess, ReplacesTheFileAtOnce) {
  ASSERT_TRUE(add("SKMAAAAAAAAAAAAAAAA1"));
  // Who has opened the old one goes on reading the old one: it was not written into.
  std::ifstream old(path_);
  ASSERT_TRUE(add("SKMAAAAAAAAAAAAAAAA2"));
  const std::string seen{std::istreambuf_iterator<char>(old), {}};
  EXPECT_EQ(parse_keys(seen)->size(), 1U);
  EXPECT_EQ(read_key_file(path_)->size(), 2U);
}

TEST_F(KeyFileAccess, ChangesTheFileThatALinkPointsTo) {
  ASSERT_TRUE(add("SKMAAAAAAAAAAAAAAAA1"));
  const std::string real = path_;
  path_ = folder_.file("link.json").string();
  ASSERT_EQ(::symlink(real.c_str(), path_.c_str()), 0);
  ASSERT_TRUE(add("SKMAAAAAAAAAAAAAAAA2"));
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_EQ(read_key_file(real)->size(), 2U);
}

TEST_F(KeyFileAccess, WaitsForItsTurnButNotForEver) {
  ASSERT_TRUE(add("SKMAAAAAAAAAAAAAAAA1"));
  const int lock = ::open((path_ + ".lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(lock, 0);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  KeyFileUpdate update{path_};
  update.lock_timeout = Milliseconds(1);
  const auto done = update_key_file(update, [](std::vector<Key>&) -> Result<void> { return {}; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::store_unavailable);
  ::close(lock);
  EXPECT_TRUE(add("SKMAAAAAAAAAAAAAAAA2"));
}

TEST_F(KeyFileAccess, FollowsNoLinkInThePlaceOfTheLock) {
  const std::string victim = folder_.file("victim").string();
  ASSERT_EQ(::symlink(victim.c_str(), (path_ + ".lock").c_str()), 0);
  EXPECT_FALSE(add("SKMAAAAAAAAAAAAAAAA1"));
  EXPECT_FALSE(std::filesystem::exists(victim));
}

TEST_F(KeyFileAccess, LosesNothingOfManyAtOnce) {
  constexpr int writers = 4, each = 10;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([this, writer] {
      for (int i = 0; i < each; ++i) EXPECT_TRUE(add(fmt::format("SKMAAAAAAAAAAAAA{:02}{:02}", writer, i)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(read_key_file(path_)->size(), std::size_t{writers * each});
}

TEST_F(KeyFileAccess, LeavesTheOldFileAndNothingElseOnAFullDisk) {
  ASSERT_TRUE(add("SKMAAAAAAAAAAAAAAAA1"));
  const std::string before = content();
  {
    const test::DiskLimit full(before.size());
    const auto added = add("SKMAAAAAAAAAAAAAAAA2");
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, Errc::store_unavailable);
  }
  EXPECT_EQ(content(), before);
  EXPECT_EQ(files_in_folder(), 2U);
}

TEST_F(KeyFileAccess, SaysThatAFolderIsMissing) {
  path_ = folder_.file("missing/keys.json").string();
  const auto added = add("SKMAAAAAAAAAAAAAAAA1");
  ASSERT_FALSE(added);
  EXPECT_NE(added.error().message.find(path_), std::string::npos);
}

}  // namespace skymarshal::auth::key_file_access_test

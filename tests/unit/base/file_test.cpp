#include "base/file.hpp"

#include "support/disk_limit.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <thread>

#include <gtest/gtest.h>

namespace skymarshal::file_test {

namespace errc = boost::system::errc;

class FileTest : public testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(path_, std::ios::trunc) << text; }
  std::string content() const {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  mode_t mode() const {
    struct stat status = {};
    EXPECT_EQ(::stat(path_.c_str(), &status), 0);
    return status.st_mode & 07777U;
  }
  std::size_t files_in_folder() const {
    const std::filesystem::directory_iterator files(path_.parent_path());
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }

  test::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.file("file");
};

TEST_F(FileTest, IsInheritedByNoChildAndClosedWithItsOwner) {
  int descriptor = -1;
  {
    const File file = File::open(path_, O_RDWR | O_CREAT).value();
    descriptor = file.descriptor();
    EXPECT_EQ(::fcntl(descriptor, F_GETFD), FD_CLOEXEC);
    EXPECT_EQ(mode(), owner_only);
  }
  EXPECT_EQ(::fcntl(descriptor, F_GETFD), -1);
}

TEST_F(FileTest, MovesWithItsDescriptor) {
  File first = File::open(path_, O_RDWR | O_CREAT).value();
  File second = std::move(first);
  EXPECT_TRUE(second.write_at(0, "x"));
  second = File::open(folder_.file("other"), O_RDWR | O_CREAT).value();
  EXPECT_TRUE(second.write_at(0, "y"));
  EXPECT_EQ(content(), "x");
}

TEST_F(FileTest, SaysWhyItCannotBeOpened) {
  EXPECT_EQ(File::open(path_, O_RDONLY).error(), errc::no_such_file_or_directory);
  write("");
  EXPECT_EQ(File::open(path_, O_RDWR | O_CREAT | O_EXCL).error(), errc::file_exists);
}

TEST_F(FileTest, WritesAndReadsAtAnyPlace) {
  const File file = File::open(path_, O_RDWR | O_CREAT).value();
  EXPECT_TRUE(file.write_at(0, "hello world"));
  EXPECT_TRUE(file.write_at(6, "there"));
  EXPECT_TRUE(file.sync_data());
  EXPECT_EQ(file.read_at(6, 3).value(), "the");
  EXPECT_EQ(file.read_at(6, 100).value(), "there") << "less where it ends";
  EXPECT_TRUE(file.resize(5));
  EXPECT_EQ(content(), "hello");
  EXPECT_EQ(file.status()->st_size, 5);
}

TEST_F(FileTest, AFullDiskIsAFailureAndNotLess) {
  const File file = File::open(path_, O_RDWR | O_CREAT).value();
  const test::DiskLimit full(10);
  EXPECT_FALSE(file.write_at(0, std::string(100, 'x'))) << "part of it fits";
  EXPECT_TRUE(file.write_at(0, "short"));
}

TEST_F(FileTest, ItsLockIsOneForAll) {
  auto first = std::make_unique<File>(File::open(path_, O_RDWR | O_CREAT).value());
  const File second = File::open(path_, O_RDWR).value();
  EXPECT_TRUE(first->try_lock());
  EXPECT_EQ(second.try_lock().error(), errc::operation_would_block);
  first.reset();
  EXPECT_TRUE(second.try_lock());
}

TEST_F(FileTest, ReadsAFileToItsEndOrItsLimit) {
  EXPECT_FALSE(read_file(path_, 10));
  write("0123456789");
  EXPECT_EQ(read_file(path_, 10).value(), "0123456789");
  EXPECT_EQ(read_file(path_, 9)->size(), 10U);
  EXPECT_EQ(read_file(path_, 3)->size(), 4U) << "one more tells that it is longer";
  EXPECT_EQ(read_file(path_.parent_path(), 10).error(), errc::is_a_directory);
}

TEST_F(FileTest, ReadsAPipe) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  std::jthread writer([this] { std::ofstream(path_) << "through a pipe"; });
  EXPECT_EQ(read_file(path_, 100).value(), "through a pipe");
}

TEST_F(FileTest, ReplacesAFileAtOnceAndForItsOwnerAlone) {
  write("old");
  std::filesystem::permissions(path_, std::filesystem::perms::all);
  // Who has opened the old one goes on reading the old one: it was not written into.
  std::ifstream old(path_);
  EXPECT_TRUE(replace_file(path_, "new"));
  EXPECT_EQ(content(), "new");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(old), {}), "old");
  EXPECT_EQ(mode(), owner_only);
  EXPECT_EQ(files_in_folder(), 1U);
}

TEST_F(FileTest, LeavesTheOldFileAndNothingElseWhereItCannotReplaceIt) {
  write("old");
  {
    const test::DiskLimit full(1);
    EXPECT_FALSE(replace_file(path_, "new"));
  }
  EXPECT_EQ(content(), "old");
  EXPECT_EQ(files_in_folder(), 1U);
  std::filesystem::create_directory(folder_.file("folder"));
  EXPECT_FALSE(replace_file(folder_.file("folder"), "new"));
  EXPECT_EQ(files_in_folder(), 2U);
  EXPECT_FALSE(replace_file(folder_.file("missing/file"), "new"));
}

TEST_F(FileTest, SyncsTheFolderThatAFileIsIn) {
  EXPECT_TRUE(sync_folder_of(path_));
  EXPECT_TRUE(sync_folder_of("of-here"));
  EXPECT_FALSE(sync_folder_of(folder_.file("missing") / "file"));
}

}  // namespace skymarshal::file_test

#include "store/outbox_file.hpp"

#include "support/disk_limit.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::test::outbox_file_test {

using store::OutboxFile;
namespace fs = std::filesystem;

constexpr std::uint64_t magic_size = 8;
constexpr std::size_t frame_state_at = 12;

class OutboxFileTest : public testing::Test {
 protected:
  OutboxFile open() { return OutboxFile::open(path_).value(); }

  std::string content() const {
    std::ostringstream bytes;
    bytes << std::ifstream(path_, std::ios::binary).rdbuf();
    return bytes.str();
  }
  void set_content(std::string_view bytes) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  }

  TemporaryFolder folder_;
  fs::path path_ = folder_.file("outbox");
};

void append(OutboxFile& file, const std::vector<std::string>& records) { ASSERT_TRUE(file.append(records)); }

std::vector<std::string> take_all(OutboxFile& file) {
  std::vector<std::string> records;
  while (!file.empty()) {
    records.push_back(file.record(0).value());
    (void)file.take(0).value();
  }
  return records;
}

TEST_F(OutboxFileTest, IsForItsOwnerAlone) {
  set_content("");
  fs::permissions(path_, fs::perms::all);
  const OutboxFile file = open();
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(OutboxFileTest, IsHeldByOneAtATime) {
  {
    const OutboxFile file = open();
    const auto second = OutboxFile::open(path_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::store_unavailable);
    EXPECT_NE(second.error().message.find("in use"), std::string::npos) << second.error().message;
  }
  EXPECT_TRUE(OutboxFile::open(path_));
}

RC_GTEST_FIXTURE_PROP(OutboxFileTest, RecordsComeInOrderAlsoAfterReopening,
                      (std::vector<std::string> first, std::vector<std::string> second)) {
  set_content("");
  {
    OutboxFile file = open();
    (void)file.append(first).value();
    (void)file.append(second).value();
    RC_ASSERT(file.size() == first.size() + second.size());
  }
  std::vector<std::string> expected = first;
  expected.insert(expected.end(), second.begin(), second.end());
  const auto taken = *rc::gen::inRange<std::size_t>(0, expected.size() + 1);
  {
    OutboxFile file = open();
    for (std::size_t i = 0; i < taken; ++i) {
      const auto number = *rc::gen::inRange<std::size_t>(0, expected.size());
      (void)file.take(number).value();
      expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(number));
    }
  }
  OutboxFile file = open();
  RC_ASSERT(file.dropped_bytes() == 0U);
  RC_ASSERT(take_all(file) == expected);
}

TEST_F(OutboxFileTest, GivesItsSpaceBackWhenTheLastRecordIsTaken) {
  OutboxFile file = open();
  append(file, {std::string(10'000, 'x'), "y"});
  EXPECT_EQ(file.bytes(), magic_size + OutboxFile::frame_bytes(10'000) + OutboxFile::frame_bytes(1));
  EXPECT_EQ(fs::file_size(path_), file.bytes());
  EXPECT_EQ(take_all(file).size(), 2U);
  EXPECT_EQ(file.bytes(), magic_size);
  EXPECT_EQ(fs::file_size(path_), magic_size);
  append(file, {"z"});
  EXPECT_EQ(take_all(file), std::vector<std::string>{"z"});
}

TEST_F(OutboxFileTest, TornTailIsDroppedAtEveryByteAndNoWholeRecordWithIt) {
  const std::vector<std::string> records = {"first record", "", "the third", std::string(50, '\0')};
  std::vector<std::uint64_t> ends = {magic_size};
  {
    OutboxFile file = open();
    append(file, records);
    for (const std::string& record : records) {
      ends.push_back(ends.back() + OutboxFile::frame_bytes(record.size()));
    }
  }
  const std::string whole = content();
  ASSERT_EQ(whole.size(), ends.back());
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    set_content(std::string_view(whole).substr(0, size));
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < records.size() && ends[i + 1] <= size; ++i) expected.push_back(records[i]);
    const std::uint64_t kept = size < magic_size ? size : ends[expected.size()];
    {
      OutboxFile file = open();
      EXPECT_EQ(file.dropped_bytes(), size - kept) << size;
      append(file, {"later"});
    }
    expected.emplace_back("later");
    OutboxFile file = open();
    EXPECT_EQ(file.dropped_bytes(), 0U) << size;
    EXPECT_EQ(take_all(file), expected) << size;
  }
}

TEST_F(OutboxFileTest, DamageOfOneByteCostsAtMostItsOwnRecordAndWhatFollowsABrokenHead) {
  const std::vector<std::string> records = {"first record", "the second", "the third"};
  {
    OutboxFile file = open();
    append(file, records);
  }
  const std::string whole = content();
  std::uint64_t begin = magic_size;
  for (std::size_t damaged = 0; damaged < records.size(); ++damaged) {
    const std::uint64_t frame = OutboxFile::frame_bytes(records[damaged].size());
    for (std::uint64_t at = 0; at < frame; ++at) {
      if (at == frame_state_at) continue;
      std::string bytes = whole;
      bytes[begin + at] = static_cast<char>(bytes[begin + at] ^ 0x10);
      set_content(bytes);
      std::vector<std::string> expected = records;
      const auto first_lost = expected.begin() + static_cast<std::ptrdiff_t>(damaged);
      expected.erase(first_lost, at < frame_state_at ? expected.end() : first_lost + 1);
      OutboxFile file = open();
      EXPECT_GT(file.dropped_bytes(), 0U);
      EXPECT_EQ(take_all(file), expected) << damaged << ' ' << at;
    }
    begin += frame;
  }
}

TEST_F(OutboxFileTest, RecordsThatLookLikeFramesAreOnlyRecords) {
  std::string inner;
  {
    OutboxFile file = open();
    append(file, {"forged"});
    inner = content();
  }
  set_content("");
  {
    OutboxFile file = open();
    append(file, {"real", inner + inner.substr(magic_size)});
  }
  const std::string bytes = content();
  set_content(bytes.substr(0, bytes.size() - 1));
  OutboxFile file = open();
  EXPECT_EQ(take_all(file), std::vector<std::string>{"real"});
}

TEST_F(OutboxFileTest, FullDiskLosesNothingThatWasThereAndEndsWithTheFullness) {
  OutboxFile file = open();
  append(file, {"before"});
  {
    const DiskLimit limit(1'000);
    const std::vector<std::string> records = {"small", std::string(5'000, 'x')};
    const auto appended = file.append(records);
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code, Errc::store_unavailable);
    EXPECT_EQ(appended.error().message.find('/'), std::string::npos) << appended.error().message;
    EXPECT_EQ(file.size(), 1U) << "all or none";
    EXPECT_EQ(fs::file_size(path_), file.bytes()) << "nothing of it is left behind";
    append(file, {"still fits"});
  }
  append(file, {"after"});
  const std::vector<std::string> expected = {"before", "still fits", "after"};
  EXPECT_EQ(take_all(file), expected);
}

TEST_F(OutboxFileTest, RefusesWhatItDidNotWrite) {
  for (const char* const other : {"SKYOBX99 of a later program", "#!/bin/sh\n", "x"}) {
    set_content(other);
    const auto opened = OutboxFile::open(path_);
    ASSERT_FALSE(opened) << other;
    EXPECT_EQ(opened.error().code, Errc::store_unavailable);
    EXPECT_EQ(content(), other) << "left as it is";
  }
  EXPECT_FALSE(OutboxFile::open(folder_.file("no-such-folder") / "outbox"));
}

}  // namespace skymarshal::test::outbox_file_test

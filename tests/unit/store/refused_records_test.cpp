// The file of what a store never takes.
#include "store/refused_records.hpp"

#include "store/outbox_record.hpp"
#include "support/disk_limit.hpp"
#include "support/store_samples.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace skymarshal::test::refused_records_test {

using store::OutboxFile;
using store::RefusedRecords;

RequestId fresh() { return fresh_id<RequestId>(); }

TEST(RefusedRecordsTest, MakesItsFileWithTheFirstRecord) {
  TemporaryFolder folder;
  const auto path = folder.file("refused");
  {
    RefusedRecords records(path, 1'000);
    ASSERT_TRUE(records.open());
    EXPECT_FALSE(std::filesystem::exists(path));
    ASSERT_TRUE(records.keep(fresh(), "one"));
    ASSERT_TRUE(records.keep(fresh(), "two"));
    EXPECT_EQ(records.size(), 2U);
  }
  RefusedRecords again(path, 1'000);
  EXPECT_EQ(again.size(), 0U) << "not looked at yet";
  ASSERT_TRUE(again.open());
  EXPECT_EQ(again.size(), 2U);
}

TEST(RefusedRecordsTest, AreOneARequest) {
  TemporaryFolder folder;
  const auto interaction = sample_interaction(fresh_id<SessionId>(), fresh_principal(), {});
  const std::string record = store::encode_record(interaction);
  {
    RefusedRecords records(folder.file("refused"), 100'000);
    ASSERT_TRUE(records.keep(interaction.request_id, record));
    ASSERT_TRUE(records.keep(interaction.request_id, record));
    EXPECT_EQ(records.size(), 1U);
  }
  RefusedRecords again(folder.file("refused"), 100'000);
  ASSERT_TRUE(again.keep(interaction.request_id, record)) << "also after a restart";
  EXPECT_EQ(again.size(), 1U);
}

TEST(RefusedRecordsTest, AreAnOutbox) {
  TemporaryFolder folder;
  ASSERT_TRUE(RefusedRecords(folder.file("refused"), 1'000).keep(fresh(), "one"));
  const auto file = OutboxFile::open(folder.file("refused"));
  ASSERT_TRUE(file);
  ASSERT_EQ(file->size(), 1U);
  EXPECT_EQ(file->record(0).value(), "one");
}

TEST(RefusedRecordsTest, SayWhatTheyCannotKeep) {
  TemporaryFolder folder;
  RefusedRecords small(folder.file("small"), 60);
  ASSERT_TRUE(small.keep(fresh(), "one"));
  EXPECT_EQ(small.keep(fresh(), std::string(60, 'x')).error().code, Errc::store_unavailable) << "it is full";
  EXPECT_EQ(small.size(), 1U);
  RefusedRecords nowhere(folder.file("no/such/folder"), 1'000);
  EXPECT_EQ(nowhere.keep(fresh(), "one").error().code, Errc::store_unavailable);
  RefusedRecords full(folder.file("full"), 1'000);
  const DiskLimit limit(20);
  EXPECT_FALSE(full.keep(fresh(), std::string(100, 'x')));
  EXPECT_EQ(full.size(), 0U);
}

}  // namespace skymarshal::test::refused_records_test

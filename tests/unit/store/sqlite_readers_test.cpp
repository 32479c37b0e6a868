#include "store/sqlite_readers.hpp"

#include "recorded_job.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace skymarshal::test::sqlite_readers_test {

using skymarshal::SqliteDatabase;
using skymarshal::SqliteStatement;
using store::SqliteReaders;

class SqliteReadersTest : public testing::Test {
 protected:
  SqliteReadersTest() : writer_(SqliteDatabase::open(path_, {}).value()) {
    (void)writer_.execute("PRAGMA journal_mode=WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)").value();
    std::vector<SqliteDatabase> databases;
    for (int i = 0; i < 2; ++i) {
      databases.push_back(
          SqliteDatabase::open(path_, {SqliteDatabase::Access::read_only, Milliseconds(0)}).value());
    }
    readers_.emplace(std::move(databases), 10);
  }

  static std::int64_t rows(SqliteDatabase& database) {
    SqliteStatement count = database.statement("SELECT count(*) FROM t");
    return count.step().value() ? count.integer(0) : -1;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.file("some.db");
  SqliteDatabase writer_;
  std::optional<SqliteReaders> readers_;
};

TEST_F(SqliteReadersTest, ReadWhileTheWriterIsInTheMiddleOfATransaction) {
  ASSERT_TRUE(writer_.run("BEGIN EXCLUSIVE"));
  ASSERT_TRUE(writer_.run("INSERT INTO t VALUES (2)"));
  std::int64_t seen = 0;
  const auto end = submit(readers_->queue(), [&](SqliteDatabase& database) -> Result<void> {
                     seen = rows(database);
                     return {};
                   }).get();
  EXPECT_TRUE(end);
  EXPECT_EQ(seen, 1);
  ASSERT_TRUE(writer_.run("COMMIT"));
}

TEST_F(SqliteReadersTest, OneJobSeesOneState) {
  std::int64_t before = 0;
  std::int64_t after = 0;
  const auto end = submit(readers_->queue(), [&](SqliteDatabase& database) -> Result<void> {
                     before = rows(database);
                     (void)writer_.run("INSERT INTO t VALUES (2)").value();
                     after = rows(database);
                     return {};
                   }).get();
  EXPECT_TRUE(end);
  EXPECT_EQ(before, 1);
  EXPECT_EQ(after, 1);
}

TEST_F(SqliteReadersTest, TwoReadAtTheSameTime) {
  std::promise<void> other_runs;
  auto waiting = submit(readers_->queue(), [&](SqliteDatabase&) -> Result<void> {
    const auto status = other_runs.get_future().wait_for(std::chrono::seconds(30));
    if (status != std::future_status::ready) return make_error(Errc::timeout, "the other never ran");
    return {};
  });
  EXPECT_TRUE(submit(readers_->queue(), [&](SqliteDatabase&) -> Result<void> {
                other_runs.set_value();
                return {};
              }).get());
  EXPECT_TRUE(waiting.get());
}

TEST_F(SqliteReadersTest, FailureIsTheJobsOwn) {
  const auto failed = submit(readers_->queue(), run_sql("SELECT * FROM nowhere")).get();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::store_unavailable);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(submit(readers_->queue(), run_sql("SELECT * FROM t")).get());
}

TEST_F(SqliteReadersTest, CannotWrite) {
  EXPECT_FALSE(submit(readers_->queue(), run_sql("INSERT INTO t VALUES (3)")).get());
}

TEST_F(SqliteReadersTest, DestroyingThemFinishesWhatIsQueued) {
  std::vector<std::future<Result<void>>> ends;
  for (int i = 0; i < 10; ++i) ends.push_back(submit(readers_->queue(), run_sql("SELECT * FROM t")));
  readers_.reset();
  for (auto& end : ends) EXPECT_TRUE(end.get());
}

}  // namespace skymarshal::test::sqlite_readers_test

#include "store/sqlite_writer.hpp"

#include "recorded_job.hpp"
#include "support/temporary_folder.hpp"

#include <atomic>

#include <gtest/gtest.h>

namespace skymarshal::test::sqlite_writer_test {

using skymarshal::SqliteDatabase;
using skymarshal::SqliteStatement;
using store::SqliteWriter;

class SqliteWriterTest : public testing::Test {
 protected:
  SqliteWriterTest() {
    SqliteDatabase database = open();
    (void)database.execute("PRAGMA journal_mode=WAL; CREATE TABLE t (x UNIQUE, y)").value();
    database_.emplace(std::move(database));
  }

  SqliteDatabase open() { return SqliteDatabase::open(folder_.file("some.db"), {}).value(); }

  void start(std::size_t jobs_max = 100) {
    writer_.emplace(std::move(*database_), jobs_max);
    database_.reset();
  }

  /// Keeps the writer busy until the returned promise is kept, so that what follows waits as one batch.
  std::promise<void> hold() {
    std::promise<void> release;
    auto held = std::make_shared<std::promise<void>>();
    auto entered = held->get_future();
    std::shared_future<void> released = release.get_future();
    held_ = submit(writer_->queue(), [held, released](SqliteDatabase&) -> Result<void> {
      held->set_value();
      released.wait();
      return {};
    });
    entered.wait();
    return release;
  }

  std::int64_t rows() {
    SqliteDatabase reader = open();
    SqliteStatement count = reader.statement("SELECT count(*) FROM t");
    EXPECT_TRUE(count.step().value());
    return count.integer(0);
  }

  TemporaryFolder folder_;
  std::optional<SqliteDatabase> database_;
  std::future<Result<void>> held_;
  std::optional<SqliteWriter> writer_;
};

TEST_F(SqliteWriterTest, AcknowledgesOnlyWhatOthersCanSee) {
  start();
  for (int i = 1; i <= 20; ++i) {
    ASSERT_TRUE(submit(writer_->queue(), run_sql("INSERT INTO t (y) VALUES (1)")).get());
    EXPECT_EQ(rows(), i);
  }
}

TEST_F(SqliteWriterTest, WhatWaitsSharesOneCommit) {
  start();
  auto release = hold();
  std::vector<std::future<Result<void>>> ends;
  std::atomic<int> seen_by_last = 0;
  for (int i = 0; i < 10; ++i) {
    ends.push_back(submit(writer_->queue(), run_sql("INSERT INTO t (y) VALUES (1)")));
  }
  ends.push_back(submit(writer_->queue(), [&](SqliteDatabase& database) -> Result<void> {
    // In the same transaction: the others are visible here, and to nobody else yet.
    SqliteStatement count = database.statement("SELECT count(*) FROM t");
    seen_by_last = count.step().value() ? static_cast<int>(count.integer(0)) : -1;
    if (rows() != 0) seen_by_last = -2;
    return {};
  }));
  release.set_value();
  for (auto& end : ends) EXPECT_TRUE(end.get());
  EXPECT_EQ(seen_by_last, 10);
  EXPECT_EQ(rows(), 10);
}

TEST_F(SqliteWriterTest, OneThatFailsIsUndoneAndTheOthersStay) {
  start();
  auto release = hold();
  auto first = submit(writer_->queue(), run_sql("INSERT INTO t VALUES (1, 'first')"));
  auto failing = submit(writer_->queue(), [](SqliteDatabase& database) -> Result<void> {
    (void)database.run("INSERT INTO t VALUES (2, 'to be undone')").value();
    return make_error(Errc::session_not_found, "there is none");
  });
  auto clashing = submit(writer_->queue(), run_sql("INSERT INTO t VALUES (1, 'clash')"));
  auto last = submit(writer_->queue(), run_sql("INSERT INTO t VALUES (3, 'last')"));
  release.set_value();
  EXPECT_TRUE(first.get());
  EXPECT_EQ(failing.get().error().code, Errc::session_not_found);
  EXPECT_EQ(clashing.get().error().code, Errc::store_unavailable);
  EXPECT_TRUE(last.get());
  EXPECT_EQ(rows(), 2);
}

TEST_F(SqliteWriterTest, TransactionLostByOneIsRepeatedForTheOthers) {
  start();
  auto release = hold();
  auto first = submit(writer_->queue(), run_sql("INSERT INTO t VALUES (1, 'first')"));
  // What SQLite does by itself after some errors of the disk.
  auto losing = submit(writer_->queue(), [](SqliteDatabase& database) -> Result<void> {
    (void)database.run("ROLLBACK");
    return make_error(Errc::store_unavailable, "disk I/O error");
  });
  auto last = submit(writer_->queue(), run_sql("INSERT INTO t VALUES (2, 'last')"));
  release.set_value();
  EXPECT_TRUE(first.get());
  const auto lost = losing.get();
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().message, "disk I/O error");
  EXPECT_TRUE(last.get());
  EXPECT_EQ(rows(), 2);
}

TEST_F(SqliteWriterTest, FullDiskFailsTheLargeOneOnly) {
  ASSERT_TRUE(database_->execute("PRAGMA max_page_count=20"));
  start();
  auto release = hold();
  auto small = submit(writer_->queue(), run_sql("INSERT INTO t VALUES (1, 'small')"));
  auto large = submit(writer_->queue(), run_sql("INSERT INTO t VALUES (2, zeroblob(1000000))"));
  auto other = submit(writer_->queue(), run_sql("INSERT INTO t VALUES (3, 'small')"));
  release.set_value();
  EXPECT_TRUE(small.get());
  const auto failed = large.get();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::store_unavailable);
  EXPECT_NE(failed.error().message.find("full"), std::string::npos) << failed.error().message;
  EXPECT_TRUE(other.get());
  EXPECT_EQ(rows(), 2);
  EXPECT_TRUE(submit(writer_->queue(), run_sql("INSERT INTO t VALUES (4, 'after')")).get());
}

TEST_F(SqliteWriterTest, FileHeldByAnotherProcessFailsRequestsUntilItIsFree) {
  auto opened =
      SqliteDatabase::open(folder_.file("some.db"), {SqliteDatabase::Access::read_write, Milliseconds(1)});
  database_.emplace(std::move(*opened));
  start();
  SqliteDatabase other = open();
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
  const auto refused = submit(writer_->queue(), run_sql("INSERT INTO t VALUES (1, 1)")).get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::store_unavailable);
  ASSERT_TRUE(other.run("ROLLBACK"));
  EXPECT_TRUE(submit(writer_->queue(), run_sql("INSERT INTO t VALUES (1, 1)")).get());
}

TEST_F(SqliteWriterTest, FullQueueRefusesAtOnce) {
  start(2);
  auto release = hold();
  auto first = submit(writer_->queue(), run_sql("INSERT INTO t VALUES (1, 1)"));
  auto second = submit(writer_->queue(), run_sql("INSERT INTO t VALUES (2, 1)"));
  auto third = submit(writer_->queue(), run_sql("INSERT INTO t VALUES (3, 1)"));
  EXPECT_EQ(third.get().error().code, Errc::store_unavailable) << "while the writer is still held";
  release.set_value();
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
  EXPECT_EQ(rows(), 2);
}

TEST_F(SqliteWriterTest, DestroyingItFinishesWhatIsQueued) {
  start();
  auto release = hold();
  std::vector<std::future<Result<void>>> ends;
  for (int i = 0; i < 50; ++i) {
    ends.push_back(submit(writer_->queue(), run_sql("INSERT INTO t (y) VALUES (1)")));
  }
  release.set_value();
  writer_.reset();
  for (auto& end : ends) EXPECT_TRUE(end.get());
  EXPECT_EQ(rows(), 50);
}

}  // namespace skymarshal::test::sqlite_writer_test

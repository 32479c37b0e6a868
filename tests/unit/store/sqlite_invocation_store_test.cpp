// Beyond the contract: what the file does, and what it does when it is damaged or busy.
#include "store/sqlite_invocation_store.hpp"

#include "store/sqlite_connections.hpp"
#include "store/sqlite_session_store.hpp"
#include "support/manual_clock.hpp"
#include "support/store_samples.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace skymarshal::test::sqlite_invocation_store_test {

using invocations::FinishedInvocation;
using invocations::FinishOutcome;
using invocations::InvocationRecord;
using store::SqliteConnections;
using store::SqliteInvocationStore;

class SqliteInvocationStoreTest : public testing::Test {
 protected:
  void open() {
    store_.reset();
    store_ =
        std::make_unique<SqliteInvocationStore>(options_, SqliteConnections::open(file_).value(), clock_);
  }
  InvocationRecord sample_record() {
    InvocationRecord record;
    record.request_id = fresh_id<RequestId>();
    record.session_id = fresh_id<SessionId>();
    record.owner = owner_;
    record.prompt = "EY283 is 3 hours late";
    record.accepted_at = clock_.wall_now();
    record.runner = "gateway-1";
    return record;
  }
  FinishedInvocation end_of(const InvocationRecord& record) {
    FinishedInvocation finished;
    finished.end.ended_at = clock_.wall_now();
    finished.interaction = sample_interaction(record.session_id, owner_, clock_.wall_now());
    finished.interaction.request_id = record.request_id;
    return finished;
  }

  TemporaryFolder folder_;
  ManualClock clock_;
  SqliteConnections::Options file_{.path = folder_.file("sessions.db")};
  SqliteInvocationStore::Options options_;
  std::unique_ptr<SqliteInvocationStore> store_;
  const Principal owner_ = fresh_principal();
};

TEST_F(SqliteInvocationStoreTest, AnEndWithoutItsInteractionIsNone) {
  open();
  const auto record = sample_record();
  ASSERT_TRUE(ask(store_->begin(record)));
  SqliteDatabase damager = SqliteDatabase::open(file_.path, {}).value();
  ASSERT_TRUE(
      damager.execute("CREATE TRIGGER full BEFORE INSERT ON interactions BEGIN "
                      "SELECT RAISE(FAIL, 'no room'); END"));
  const auto refused = ask(store_->finish(end_of(record)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::store_unavailable);
  EXPECT_FALSE(ask(store_->read(record.request_id, owner_, 0))->end) << "both or none";
  ASSERT_TRUE(damager.execute("DROP TRIGGER full"));
  EXPECT_EQ(ask(store_->finish(end_of(record))).value(), FinishOutcome::finished) << "it can be tried again";
  EXPECT_TRUE(ask(store_->read(record.request_id, owner_, 0))->end);
}

TEST_F(SqliteInvocationStoreTest, AnInteractionWithoutItsEndIsNone) {
  open();
  const auto record = sample_record();
  ASSERT_TRUE(ask(store_->begin(record)));
  SqliteDatabase damager = SqliteDatabase::open(file_.path, {}).value();
  ASSERT_TRUE(
      damager.execute("CREATE TRIGGER full BEFORE UPDATE ON invocations BEGIN "
                      "SELECT RAISE(FAIL, 'no room'); END"));
  EXPECT_FALSE(ask(store_->finish(end_of(record))));
  SqliteStatement count = damager.statement("SELECT count(*) FROM interactions");
  ASSERT_TRUE(count.step().value());
  EXPECT_EQ(count.integer(0), 0);
}

TEST_F(SqliteInvocationStoreTest, ADamagedEndingIsTold) {
  open();
  const auto record = sample_record();
  ASSERT_TRUE(ask(store_->begin(record)));
  ASSERT_EQ(ask(store_->finish(end_of(record))).value(), FinishOutcome::finished);
  SqliteDatabase damager = SqliteDatabase::open(file_.path, {}).value();
  ASSERT_TRUE(damager.execute("UPDATE invocations SET ending = '{'"));
  EXPECT_EQ(ask(store_->read(record.request_id, owner_, 0)).error().code, Errc::store_unavailable);
  EXPECT_EQ(ask(store_->read(record.request_id, fresh_principal(), 0)).error().code,
            Errc::invocation_not_found)
      << "a stranger hears nothing of it";
}

TEST_F(SqliteInvocationStoreTest, PagesAndPartsAreBounded) {
  options_.page_items_max = 3;
  options_.read_bytes_max = 10;
  options_.remove_rows_max = 2;
  open();
  const auto record = sample_record();
  ASSERT_TRUE(ask(store_->begin(record)));
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    ASSERT_TRUE(ask(store_->append(record.request_id, owner_, {seq, {R"("eleven bytes")"}})).value());
  }
  const auto part = ask(store_->read(record.request_id, owner_, 0)).value();
  EXPECT_EQ(part.batch.chunks.size(), 1U);
  EXPECT_TRUE(part.has_more);
  ASSERT_EQ(ask(store_->finish(end_of(record))).value(), FinishOutcome::finished);
  for (int i = 0; i < 4; ++i) {
    const auto more = sample_record();
    ASSERT_TRUE(ask(store_->begin(more)));
    ASSERT_EQ(ask(store_->finish(end_of(more))).value(), FinishOutcome::finished);
  }
  EXPECT_EQ(ask(store_->list(owner_, {}, {100, {}}))->invocations.size(), 3U);
  clock_.advance(std::chrono::hours(25));
  EXPECT_EQ(ask(store_->remove_old_journals()).value(), 5U) << "a few in a transaction, but all of them";
}

TEST_F(SqliteInvocationStoreTest, FullQueueIsStoreUnavailable) {
  file_.queue_max = 0;
  open();
  const auto record = sample_record();
  const auto is_unavailable = [](const auto& result) {
    return result.has_error() && result.error().code == Errc::store_unavailable;
  };
  EXPECT_TRUE(is_unavailable(ask(store_->begin(record))));
  EXPECT_TRUE(is_unavailable(ask(store_->append(record.request_id, owner_, {1, {"{}"}}))));
  EXPECT_TRUE(is_unavailable(ask(store_->finish(end_of(record)))));
  EXPECT_TRUE(is_unavailable(ask(store_->read(record.request_id, owner_, 0))));
  EXPECT_TRUE(is_unavailable(ask(store_->list(owner_, {}, {}))));
  EXPECT_TRUE(is_unavailable(ask(store_->open_ones("gateway-1"))));
  EXPECT_TRUE(is_unavailable(ask(store_->remove_old_journals())));
}

}  // namespace skymarshal::test::sqlite_invocation_store_test

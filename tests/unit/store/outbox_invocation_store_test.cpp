// Ends of invocations that wait until their store takes them. What the store itself does is the contract's
// matter (tests/contract).
#include "store/outbox_invocation_store.hpp"

#include "opened_outbox.hpp"
#include "store/outbox_file.hpp"
#include "store/outbox_session_store.hpp"
#include "store/session_codec.hpp"
#include "store/sqlite_invocation_store.hpp"
#include "store/sqlite_session_store.hpp"
#include "support/disk_limit.hpp"
#include "support/failing_invocation_store.hpp"
#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/store_samples.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace skymarshal::test::outbox_invocation_store_test {

using invocations::FinishedInvocation;
using invocations::FinishOutcome;
using invocations::InvocationRecord;
using invocations::InvocationState;
using store::Outbox;
using namespace std::chrono_literals;

class OutboxInvocationStoreTest : public testing::Test {
 protected:
  OutboxInvocationStoreTest() {
    options_.path = folder_.file("outbox");
    options_.retry_delays = {1ms};
    options_.drain_period = 1h;
  }

  std::unique_ptr<OpenedOutbox> open(const std::string& database = "sessions.db") {
    const auto connections = store::SqliteConnections::open({.path = folder_.file(database)}).value();
    Outbox::Inner inner;
    inner.sessions = std::make_unique<store::SqliteSessionStore>(store::SqliteSessionStore::Options(),
                                                                 connections, clock_);
    inner.invocations = std::make_unique<store::SqliteInvocationStore>(
        store::SqliteInvocationStore::Options(), connections, clock_);
    return std::make_unique<OpenedOutbox>(Outbox::open(options_, std::move(inner), log_).value(), clock_);
  }

  InvocationRecord record(const std::string& key = "order-1") {
    InvocationRecord record;
    record.request_id = fresh_id<RequestId>();
    record.session_id = fresh_id<SessionId>();
    record.owner = owner_;
    record.prompt = "EY283 is late";
    record.accepted_at = clock_.wall_now();
    record.runner = "here";
    record.claim = {key, "f"};
    return record;
  }
  /// Longer than what the database has been given room for.
  FinishedInvocation large_end_of(const InvocationRecord& record) {
    FinishedInvocation finished;
    finished.interaction = sample_interaction(record.session_id, record.owner, clock_.wall_now());
    finished.interaction.request_id = record.request_id;
    finished.interaction.response = share_text('"' + std::string(200'000, 'x') + '"');
    finished.end.body = finished.interaction.response;
    finished.end.ended_at = clock_.wall_now();
    finished.rest = {1, {R"({"agent":"cargo"})"}};
    return finished;
  }
  /// An end that the database had no room for.
  InvocationRecord put_one_aside(OpenedOutbox& outbox) {
    // Makes the log of the database longer than the limit, so that only the outbox has room.
    for (int i = 0; i < 3; ++i) {
      const auto filler = record("filler-" + std::to_string(i));
      EXPECT_TRUE(ask(outbox.invocations().begin(filler)));
      EXPECT_EQ(ask(outbox.invocations().finish(large_end_of(filler))).value(), FinishOutcome::finished);
    }
    const auto put_aside = record();
    EXPECT_TRUE(ask(outbox.invocations().begin(put_aside)));
    const DiskLimit limit(400'000);
    EXPECT_EQ(ask(outbox.invocations().finish(large_end_of(put_aside))).value(), FinishOutcome::outboxed);
    return put_aside;
  }

  TemporaryFolder folder_;
  ManualClock clock_;
  Logger log_{{LogLevel::off}, clock_};
  Outbox::Options options_;
  const Principal owner_ = fresh_principal();
};

TEST_F(OutboxInvocationStoreTest, AnEndThatWaitsIsThereForWhoeverAsks) {
  const auto outbox = open();
  const auto put_aside = put_one_aside(*outbox);
  EXPECT_EQ(outbox->waiting(), 1U);
  const auto journal = ask(outbox->invocations().read(put_aside.request_id, owner_, 0)).value();
  EXPECT_EQ(outbox->waiting(), 0U);
  EXPECT_EQ(journal.head.state, InvocationState::success);
  EXPECT_EQ(journal.batch.chunks.size(), 1U);
  ASSERT_TRUE(journal.end);
  EXPECT_EQ(journal.end->body->size(), 200'002U);
}

/// Over a store that can be read and, for a time, not written.
class OutboxOverAReadOnlyStoreTest : public OutboxInvocationStoreTest {
 protected:
  OutboxOverAReadOnlyStoreTest() {
    const auto connections = store::SqliteConnections::open({.path = folder_.file("sessions.db")}).value();
    sqlite_ = std::make_unique<store::SqliteInvocationStore>(store::SqliteInvocationStore::Options(),
                                                             connections, clock_);
    auto failing = std::make_unique<FailingInvocationStore>(*sqlite_);
    failing_ = failing.get();
    Outbox::Inner inner;
    inner.sessions = std::make_unique<store::SqliteSessionStore>(store::SqliteSessionStore::Options(),
                                                                 connections, clock_);
    inner.invocations = std::move(failing);
    options_.retry_delays = {};
    outbox_ = std::make_unique<OpenedOutbox>(Outbox::open(options_, std::move(inner), log_).value(), clock_);
  }
  invocations::InvocationStore& store() { return outbox_->invocations(); }

  /// One whose first chunk is kept, and whose second one and end are not.
  InvocationRecord put_aside(const std::string& key, bool releases_claim = false) {
    failing_->is_read_only = false;
    const InvocationRecord begun = record(key);
    EXPECT_TRUE(ask(store().begin(begun)));
    EXPECT_TRUE(ask(store().append(begun.request_id, owner_, {1, {"1"}})).value());
    failing_->is_read_only = true;
    FinishedInvocation finished;
    finished.interaction = sample_interaction(begun.session_id, owner_, clock_.wall_now());
    finished.interaction.request_id = begun.request_id;
    finished.end.body = finished.interaction.response;
    finished.end.ended_at = clock_.wall_now();
    finished.rest = {2, {"2"}};
    finished.releases_claim = releases_claim;
    EXPECT_EQ(ask(store().finish(finished)).value(), FinishOutcome::outboxed);
    return begun;
  }
  std::vector<std::string> chunks_behind(const InvocationRecord& of, std::uint64_t after) {
    const auto journal = ask(store().read(of.request_id, owner_, after)).value();
    EXPECT_TRUE(journal.end) << "behind " << after;
    EXPECT_EQ(journal.last_chunk, 2U);
    if (!journal.batch.chunks.empty()) EXPECT_EQ(journal.batch.first_seq, after + 1);
    return journal.batch.chunks;
  }

  std::unique_ptr<store::SqliteInvocationStore> sqlite_;
  FailingInvocationStore* failing_ = nullptr;
  std::unique_ptr<OpenedOutbox> outbox_;
};

TEST_F(OutboxOverAReadOnlyStoreTest, AnEndThatWaitsIsToldFromWhereItWaits) {
  // The first one is taken by the store before the second one waits: places in the file change.
  put_aside("order-1");
  failing_->is_read_only = false;
  ASSERT_TRUE(ask(outbox_->drain()));
  const InvocationRecord waiting = put_aside("order-2");
  EXPECT_EQ(outbox_->waiting(), 1U);
  using Chunks = std::vector<std::string>;
  EXPECT_EQ(chunks_behind(waiting, 0), (Chunks{"1", "2"}));
  EXPECT_EQ(chunks_behind(waiting, 1), Chunks{"2"});
  EXPECT_EQ(chunks_behind(waiting, 2), Chunks());
  EXPECT_EQ(chunks_behind(waiting, invocations::behind_all), Chunks());
  const auto told = ask(store().read(waiting.request_id, owner_, 0)).value();
  EXPECT_EQ(told.head.state, InvocationState::success);
  EXPECT_TRUE(told.head.ended_at);
  EXPECT_EQ(told.end->persisted, invocations::Persisted::later);
  EXPECT_EQ(ask(store().read(waiting.request_id, {"somebody else"}, 0)).error().code,
            Errc::invocation_not_found);

  failing_->is_read_only = false;
  EXPECT_EQ(chunks_behind(waiting, 0), (Chunks{"1", "2"}));
  EXPECT_EQ(outbox_->waiting(), 0U);
}

TEST_F(OutboxOverAReadOnlyStoreTest, ListsTellItToo) {
  const InvocationRecord waiting = put_aside("order-1");
  const auto state_in = [&](std::optional<InvocationState> filter) {
    const auto page = ask(store().list(owner_, filter, {})).value();
    return page.invocations.empty() ? std::nullopt : std::optional(page.invocations[0].state);
  };
  EXPECT_EQ(state_in({}), InvocationState::success);
  EXPECT_EQ(state_in(InvocationState::running), std::nullopt);
}

TEST_F(OutboxOverAReadOnlyStoreTest, AClaimIsAsFreeAsItWillBe) {
  put_aside("order-1");
  const auto held = ask(store().claimant(owner_, "order-1")).value();
  ASSERT_TRUE(held);
  EXPECT_EQ(held->state, InvocationState::success);
  put_aside("order-2", true);
  EXPECT_FALSE(ask(store().claimant(owner_, "order-2")).value());
}

TEST_F(OutboxInvocationStoreTest, ACrashDoesNotTakeItForOneThatRan) {
  InvocationRecord put_aside;
  {
    const auto outbox = open();
    put_aside = put_one_aside(*outbox);
  }
  const auto outbox = open();
  EXPECT_TRUE(ask(outbox->invocations().open_ones("here"))->empty());
  EXPECT_TRUE(ask(outbox->invocations().claimant(owner_, "order-1")).value());
  EXPECT_EQ(ask(outbox->history(put_aside.session_id, owner_, {}))->interactions.size(), 1U);
}

TEST_F(OutboxInvocationStoreTest, AnEndOutlivesItsDatabase) {
  InvocationRecord put_aside;
  {
    const auto outbox = open();
    put_aside = put_one_aside(*outbox);
  }
  const auto outbox = open("another.db");
  EXPECT_TRUE(ask(outbox->invocations().open_ones("here")));
  const auto history = ask(outbox->history(put_aside.session_id, owner_, {}));
  ASSERT_TRUE(history) << "its session is made anew";
  EXPECT_EQ(history->interactions.size(), 1U);
}

TEST_F(OutboxInvocationStoreTest, WhatAnEarlierVersionPutAsideIsSaved) {
  const auto interaction = sample_interaction(fresh_id<SessionId>(), owner_, clock_.wall_now());
  {
    auto file = store::OutboxFile::open(options_.path).value();
    const std::vector<std::string> records = {store::encode_interaction(interaction)};
    ASSERT_TRUE(file.append(records));
  }
  const auto outbox = open();
  EXPECT_TRUE(ask(outbox->claim(interaction.session_id, owner_)));
  EXPECT_EQ(outbox->waiting(), 0U);
  const auto history = ask(outbox->history(interaction.session_id, owner_, {})).value();
  ASSERT_EQ(history.interactions.size(), 1U);
  EXPECT_TRUE(same(history.interactions[0], interaction));
}

}  // namespace skymarshal::test::outbox_invocation_store_test

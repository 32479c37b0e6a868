#include "invocations/recovery.hpp"

#include "support/failing_invocation_store.hpp"
#include "support/json_text.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_invocation_store.hpp"
#include "support/run_awaitable.hpp"
#include "support/store_samples.hpp"

#include <gtest/gtest.h>

namespace skymarshal::invocations::recovery_test {

using test::ask;
using test::text_at;
using test::value_at;
using namespace std::chrono_literals;

class RecoveryTest : public testing::Test {
 protected:
  InvocationRecord begin(std::string runner, std::vector<std::string> chunks = {}) {
    InvocationRecord record;
    record.request_id = test::fresh_id<RequestId>();
    record.session_id = test::fresh_id<SessionId>();
    record.owner = test::fresh_principal();
    record.prompt = "EY283 is late";
    record.accepted_at = clock.wall_now();
    record.runner = std::move(runner);
    record.claim = {"order-1", "f"};
    EXPECT_TRUE(ask(store.begin(record)));
    JournalBatch batch{1, std::move(chunks)};
    EXPECT_TRUE(ask(store.append(record.request_id, record.owner, std::move(batch))));
    return record;
  }
  StoredJournal journal_of(const InvocationRecord& record) {
    return ask(store.read(record.request_id, record.owner, 0)).value();
  }

  test::ManualClock clock;
  test::MemorySessionStore sessions{clock};
  test::MemoryInvocationStore store{sessions, clock};
};

/// Takes the end of one invocation never.
class RefusingStore final : public test::FailingInvocationStore {
 public:
  using FailingInvocationStore::FailingInvocationStore;

  RequestId poison;

  Reply<FinishOutcome> finish(FinishedInvocation finished) override {
    if (finished.interaction.request_id == poison) co_return make_error(Errc::store_refused, "never");
    co_return co_await inner().finish(std::move(finished));
  }
};

TEST_F(RecoveryTest, OneThatTheStoreNeverTakesHoldsUpNoneOfTheOthers) {
  RefusingStore refusing(store);
  refusing.poison = begin("here").request_id;
  clock.advance(1s);
  InvocationRecord other;
  other.request_id = test::fresh_id<RequestId>();
  other.session_id = test::fresh_id<SessionId>();
  other.owner = test::fresh_principal();
  other.accepted_at = clock.wall_now();
  other.runner = "here";
  ASSERT_TRUE(ask(store.begin(other)));
  EXPECT_EQ(ask(end_interrupted(refusing, "here", clock)).value(), 1U);
  EXPECT_EQ(journal_of(other).head.state, InvocationState::interrupted);
}

TEST_F(RecoveryTest, EndsWhatADeadGatewayLeft) {
  const auto record = begin("here", {R"({"agent":"cargo"})", "2"});
  clock.advance(7s);
  EXPECT_EQ(ask(end_interrupted(store, "here", clock)).value(), 1U);
  const auto journal = journal_of(record);
  EXPECT_EQ(journal.head.state, InvocationState::interrupted);
  EXPECT_EQ(journal.batch.chunks.size(), 2U) << "what it said is still there";
  ASSERT_TRUE(journal.end && journal.end->error);
  EXPECT_EQ(journal.end->error->code, Errc::interrupted);
  EXPECT_EQ(journal.end->execution_time, 7s);
  EXPECT_EQ(text_at(*journal.end->body, {"error_code"}), "INTERRUPTED");
  EXPECT_EQ(value_at(*journal.end->body, {"details", "received", "count"}), "2");

  const auto history = ask(sessions.history(record.session_id, record.owner, {})).value();
  ASSERT_EQ(history.interactions.size(), 1U) << "its session remembers it";
  EXPECT_EQ(history.interactions[0].prompt, "EY283 is late");
  EXPECT_EQ(history.interactions[0].status, InteractionStatus::error);
  EXPECT_FALSE(ask(store.begin(record))->begun) << "nothing runs twice under its key";
  EXPECT_EQ(ask(end_interrupted(store, "here", clock)).value(), 0U);
}

TEST_F(RecoveryTest, ReadsALongJournalToItsEnd) {
  store.read_chunks_max = 2;
  const auto record = begin("here", {"1", "2", "3", "4", "5"});
  EXPECT_EQ(ask(end_interrupted(store, "here", clock)).value(), 1U);
  store.read_chunks_max = 100;
  EXPECT_EQ(value_at(*journal_of(record).end->body, {"details", "received", "count"}), "5");
}

TEST_F(RecoveryTest, WhatOnlyWaitedMayBeginAnew) {
  InvocationRecord record = begin("elsewhere");
  record.request_id = test::fresh_id<RequestId>();
  record.owner = test::fresh_principal();
  record.session_id = test::fresh_id<SessionId>();
  record.runner = "here";
  record.waits = true;
  ASSERT_TRUE(ask(store.begin(record))->begun);
  EXPECT_EQ(ask(end_interrupted(store, "here", clock)).value(), 1U);
  EXPECT_EQ(journal_of(record).head.state, InvocationState::interrupted);
  EXPECT_FALSE(ask(store.claimant(record.owner, "order-1")).value()) << "it has certainly not run";
}

TEST_F(RecoveryTest, LeavesAloneWhatIsSaidToLive) {
  const auto record = begin("here");
  using Answer = boost::asio::awaitable<Result<bool>>;
  const IsLeft lives = [](const InvocationRecord&) -> Answer { co_return false; };
  EXPECT_EQ(ask(end_interrupted(store, "here", clock, lives)).value(), 0U);
  const IsLeft unknown = [](const InvocationRecord&) -> Answer {
    co_return make_error(Errc::store_unavailable, "away");
  };
  EXPECT_EQ(ask(end_interrupted(store, "here", clock, unknown)).error().code, Errc::store_unavailable);
  EXPECT_EQ(journal_of(record).head.state, InvocationState::running);
  const IsLeft left = [](const InvocationRecord&) -> Answer { co_return true; };
  EXPECT_EQ(ask(end_interrupted(store, "here", clock, left)).value(), 1U);
}

TEST_F(RecoveryTest, LeavesOtherGatewaysInPeace) {
  const auto record = begin("elsewhere");
  EXPECT_EQ(ask(end_interrupted(store, "here", clock)).value(), 0U);
  EXPECT_EQ(journal_of(record).head.state, InvocationState::running);
}

}  // namespace skymarshal::invocations::recovery_test

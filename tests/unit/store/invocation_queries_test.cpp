#include "store/invocation_queries.hpp"

#include "store/session_queries.hpp"
#include "store/sqlite_schema.hpp"
#include "support/store_samples.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace skymarshal::test::invocation_queries_test {

using namespace store;
using invocations::InvocationEnd;
using invocations::InvocationRecord;

class InvocationQueriesTest : public testing::Test {
 protected:
  InvocationQueriesTest() : database_(SqliteDatabase::open(folder_.file("sessions.db"), {}).value()) {
    (void)prepare_schema(database_).value();
  }

  InvocationRecord add_invocation(std::optional<invocations::IdempotencyClaim> claim = {}) {
    InvocationRecord record;
    record.request_id = fresh_id<RequestId>();
    record.session_id = fresh_id<SessionId>();
    record.owner = owner_;
    record.prompt = "EY283 is 3 hours late";
    record.accepted_at = from_unix_ms(1'000);
    record.runner = "gateway-1";
    record.claim = std::move(claim);
    const auto session = insert_session(database_, record.session_id, owner_, record.accepted_at).value();
    EXPECT_TRUE(insert_invocation(database_, record, *session).value());
    return record;
  }
  StoredInvocation stored(const InvocationRecord& record) {
    return find_invocation(database_, owner_, record.request_id).value().value();
  }
  void end(const InvocationRecord& record, std::int64_t at_ms) {
    InvocationEnd end;
    end.ended_at = from_unix_ms(at_ms);
    ASSERT_TRUE(end_invocation(database_, stored(record).key, end, false));
  }
  std::int64_t count_of(std::string_view sql) {
    SqliteStatement count = database_.statement(sql);
    EXPECT_TRUE(count.step().value());
    return count.integer(0);
  }

  TemporaryFolder folder_;
  SqliteDatabase database_;
  const Principal owner_{"arn:aws:iam::123456789012:user/ops"};
};

TEST_F(InvocationQueriesTest, ForgetsThePromptWhenTheInteractionHasIt) {
  const auto record = add_invocation();
  EXPECT_EQ(list_running(database_, "gateway-1").value().at(0).prompt, record.prompt);
  end(record, 2'000);
  EXPECT_EQ(count_of("SELECT count(*) FROM invocations WHERE prompt <> ''"), 0);
}

TEST_F(InvocationQueriesTest, APartOfAJournalEndsWithTheBatchThatGoesOverItsBytes) {
  const std::int64_t key = stored(add_invocation()).key;
  ASSERT_TRUE(insert_batch(database_, key, {1, {"11", "22"}}));
  ASSERT_TRUE(insert_batch(database_, key, {3, {"33"}}));
  ASSERT_TRUE(insert_batch(database_, key, {4, {}})) << "nothing to keep";
  const auto first = list_chunks(database_, key, 0, 3).value();
  EXPECT_EQ(first.batch.chunks, (std::vector<std::string>{"11", "22"}));
  EXPECT_TRUE(first.has_more);
  const auto last = list_chunks(database_, key, 2, 3).value();
  EXPECT_EQ(last.batch.chunks, std::vector<std::string>{"33"});
  EXPECT_FALSE(last.has_more);
  EXPECT_EQ(count_of("SELECT count(*) FROM journal_batches"), 2);
}

TEST_F(InvocationQueriesTest, DeletesNoMoreJournalsAtOnceThanIsAsked) {
  for (int i = 0; i < 5; ++i) {
    const auto record = add_invocation({{"key-" + std::to_string(i), "f"}});
    ASSERT_TRUE(insert_batch(database_, stored(record).key, {1, {"1"}}));
    end(record, 2'000 + i);
  }
  EXPECT_EQ(delete_old_journals(database_, 2'004, 3).value(), 3U) << "the oldest first";
  EXPECT_EQ(count_of("SELECT min(ended_at_ms) FROM invocations WHERE journal_removed = 0"), 2'003);
  EXPECT_EQ(count_of("SELECT count(*) FROM journal_batches"), 2);
  EXPECT_EQ(delete_old_journals(database_, 2'004, 3).value(), 1U);
  EXPECT_EQ(delete_old_journals(database_, 2'004, 3).value(), 0U);
  EXPECT_EQ(count_of("SELECT count(*) FROM invocations WHERE idempotency_key IS NOT NULL"), 1);
}

TEST_F(InvocationQueriesTest, WhatWeNeverWroteIsTold) {
  const auto record = add_invocation();
  const auto is_told = [](const auto& result) {
    return result.has_error() && result.error().code == Errc::store_unavailable;
  };
  ASSERT_TRUE(database_.execute("UPDATE invocations SET state = 'unheard of'"));
  EXPECT_TRUE(is_told(find_invocation(database_, owner_, record.request_id)));
  InvocationRange range;
  range.owner = owner_;
  range.limit = 1;
  EXPECT_TRUE(is_told(list_invocations(database_, range)));
  ASSERT_TRUE(database_.execute("UPDATE invocations SET state = 'running', request_id = 'odd'"));
  EXPECT_TRUE(is_told(list_running(database_, "gateway-1")));
}

TEST_F(InvocationQueriesTest, AnAnswerThatWentWithItsOldSessionIsNotFound) {
  const auto record = add_invocation();
  end(record, 2'000);
  const auto answer = find_answer(database_, stored(record));
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, Errc::invocation_not_found);
}

/// Each question has its index: none of them reads the whole table.
TEST_F(InvocationQueriesTest, NoQuestionReadsAllInvocations) {
  for (const std::string where :
       {"user_id = 'u' AND request_id = 'r'", "user_id = 'u' AND idempotency_key = 'k'",
        "user_id = 'u' AND (accepted_at_ms, request_id) < (1, 'r')", "runner = 'r' AND ended_at_ms IS NULL",
        "journal_removed = 0 AND ended_at_ms < 1", "session_key = 1"}) {
    // Kept by the connection for as long as it lives: the texts must live as long.
    static std::vector<std::unique_ptr<std::string>> texts;
    texts.push_back(
        std::make_unique<std::string>("EXPLAIN QUERY PLAN SELECT 1 FROM invocations WHERE " + where));
    SqliteStatement plan = database_.statement(*texts.back());
    ASSERT_TRUE(plan.step().value());
    EXPECT_EQ(plan.text(3).substr(0, 7), "SEARCH ") << where << ": " << plan.text(3);
  }
}

}  // namespace skymarshal::test::invocation_queries_test

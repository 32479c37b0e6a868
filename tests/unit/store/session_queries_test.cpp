#include "store/session_queries.hpp"

#include "store/sqlite_schema.hpp"
#include "support/store_samples.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace skymarshal::test::session_queries_test {

using namespace store;
using invocations::Session;

class SessionQueriesTest : public testing::Test {
 protected:
  SessionQueriesTest() : database_(SqliteDatabase::open(folder_.file("sessions.db"), {}).value()) {
    (void)prepare_schema(database_).value();
  }

  SessionId add_session(std::int64_t created_ms, int interactions = 0) {
    const auto id = fresh_id<SessionId>();
    EXPECT_TRUE(insert_session(database_, id, owner_, from_unix_ms(created_ms)).value());
    for (int i = 0; i < interactions; ++i) {
      EXPECT_TRUE(insert_interaction(database_, sample_interaction(id, owner_, from_unix_ms(created_ms))));
    }
    return id;
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

TEST_F(SessionQueriesTest, FindsASessionForItsOwnerOnly) {
  const auto id = add_session(1'000, 2);
  const auto found = find_session(database_, owner_, id).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->session.id, id);
  EXPECT_EQ(found->session.interaction_count, 2);
  EXPECT_EQ(unix_ms(found->session.last_activity_at), 1'001);
  EXPECT_FALSE(find_session(database_, {"somebody"}, id).value());
  EXPECT_FALSE(find_session(database_, owner_, fresh_id<SessionId>()).value());
}

/// Somebody else's session is missed in the index of one's own: were another one used, it could be found
/// there and only then be told to be a stranger's, which takes longer.
TEST_F(SessionQueriesTest, LooksSessionsUpInNoOtherIndexThanThatOfOwnersAndIds) {
  const auto id = add_session(1'000);
  ASSERT_TRUE(find_session(database_, owner_, id));
  SqliteDatabase other = SqliteDatabase::open(folder_.file("sessions.db"), {}).value();
  ASSERT_TRUE(other.execute("DROP INDEX sessions_by_owner_and_id"));
  EXPECT_FALSE(find_session(other, owner_, id)) << "it does without";
}

TEST_F(SessionQueriesTest, MakesASessionOnceWhoeverWantsIt) {
  const auto id = fresh_id<SessionId>();
  const auto key = insert_session(database_, id, owner_, from_unix_ms(1'000)).value();
  ASSERT_TRUE(key);
  EXPECT_EQ(find_session(database_, owner_, id).value()->key, *key);
  EXPECT_FALSE(insert_session(database_, id, owner_, from_unix_ms(2'000)).value());
  EXPECT_FALSE(insert_session(database_, id, {"somebody"}, from_unix_ms(2'000)).value());
  EXPECT_EQ(unix_ms(find_session(database_, owner_, id).value()->session.created_at), 1'000);
}

TEST_F(SessionQueriesTest, ListsByActivityThenById) {
  for (int i = 0; i < 5; ++i) add_session(2'000);
  const auto newest = add_session(3'000);
  add_session(1'000);
  SessionRange range;
  range.owner = owner_;
  range.limit = 10;
  const auto sessions = list_sessions(database_, range).value();
  ASSERT_EQ(sessions.size(), 7U);
  EXPECT_EQ(sessions.front().id, newest);
  for (std::size_t i = 2; i <= 5; ++i) EXPECT_GT(sessions[i - 1].id, sessions[i].id);

  range.activity_min_ms = range.activity_max_ms = 2'000;
  range.after = {2'000, sessions[3].id.str()};
  const auto rest = list_sessions(database_, range).value();
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(rest[0].id, sessions[4].id);
}

TEST_F(SessionQueriesTest, PageSaysWhetherThereIsMore) {
  const auto id = add_session(1'000, 3);
  const auto session = *find_session(database_, owner_, id).value();
  EXPECT_TRUE(list_interactions(database_, session, {.limit = 2, .bytes_max = 1'000}).value().has_more);
  const auto all = list_interactions(database_, session, {.limit = 3, .bytes_max = 1'000}).value();
  EXPECT_EQ(all.interactions.size(), 3U);
  EXPECT_FALSE(all.has_more);
  const auto one = list_interactions(database_, session, {.limit = 3, .bytes_max = 1}).value();
  EXPECT_EQ(one.interactions.size(), 1U) << "a page is never empty for its size";
  EXPECT_TRUE(one.has_more);
}

TEST_F(SessionQueriesTest, ErasesInteractionsWithTheirSession) {
  const auto id = add_session(1'000, 3);
  add_session(1'000, 2);
  EXPECT_FALSE(delete_session(database_, {"somebody"}, id).value());
  EXPECT_EQ(count_of("SELECT count(*) FROM interactions"), 5);
  EXPECT_TRUE(delete_session(database_, owner_, id).value());
  EXPECT_EQ(count_of("SELECT count(*) FROM interactions"), 2);
  EXPECT_FALSE(delete_session(database_, owner_, id).value());
}

TEST_F(SessionQueriesTest, OldBatchIsBoundedAndLeavesTheCountRight) {
  const auto id = add_session(1'000, 5);
  const auto batch = delete_old_batch(database_, 10'000, 2).value();
  EXPECT_EQ(batch.sessions, 0U);
  EXPECT_TRUE(batch.has_more);
  EXPECT_EQ(count_of("SELECT count(*) FROM interactions"), 3);
  EXPECT_EQ(find_session(database_, owner_, id).value()->session.interaction_count, 3);

  // Used again half-way: it stays, with what is left of it.
  ASSERT_TRUE(insert_interaction(database_, sample_interaction(id, owner_, from_unix_ms(20'000))));
  const auto next = delete_old_batch(database_, 10'000, 2).value();
  EXPECT_EQ(next.sessions, 0U);
  EXPECT_FALSE(next.has_more);
  EXPECT_EQ(find_session(database_, owner_, id).value()->session.interaction_count, 4);
}

TEST_F(SessionQueriesTest, RefusesRowsItNeverWrote) {
  const auto id = add_session(1'000, 1);
  const auto session = *find_session(database_, owner_, id).value();
  ASSERT_TRUE(database_.execute("UPDATE interactions SET status = 'unheard of'"));
  const auto page = list_interactions(database_, session, {.limit = 1, .bytes_max = 1});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, Errc::store_unavailable);

  ASSERT_TRUE(database_.execute("UPDATE sessions SET session_id = 'no id'"));
  SessionRange range;
  range.owner = owner_;
  range.limit = 10;
  const auto list = list_sessions(database_, range);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, Errc::store_unavailable);
}

TEST_F(SessionQueriesTest, ProbesReadAndWrite) {
  EXPECT_TRUE(probe_read(database_));
  EXPECT_TRUE(probe_write(database_, from_unix_ms(1)));
  EXPECT_TRUE(probe_write(database_, from_unix_ms(2)));
  EXPECT_EQ(count_of("SELECT at_ms FROM probe"), 2);
  EXPECT_EQ(count_of("SELECT count(*) FROM probe"), 1);
  ASSERT_TRUE(database_.execute("DROP TABLE probe"));
  EXPECT_FALSE(probe_read(database_));
  EXPECT_FALSE(probe_write(database_, from_unix_ms(3)));
}

}  // namespace skymarshal::test::session_queries_test

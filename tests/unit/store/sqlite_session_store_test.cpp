#include "store/sqlite_session_store.hpp"

#include "killed_child.hpp"
#include "support/disk_limit.hpp"
#include "support/manual_clock.hpp"
#include "support/store_samples.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace skymarshal::test::sqlite_session_store_test {

using invocations::Interaction;
using invocations::SaveOutcome;
using invocations::SessionFilter;
using skymarshal::SqliteDatabase;
using skymarshal::SqliteStatement;
using store::SqliteSessionStore;

class SqliteSessionStoreTest : public testing::Test {
 protected:
  Result<std::unique_ptr<SqliteSessionStore>> open() { return SqliteSessionStore::open(options_, clock_); }
  WallTime now() { return clock_.wall_now(); }

  TemporaryFolder folder_;
  ManualClock clock_;
  SqliteSessionStore::Options options_{.file = {.path = folder_.file("sessions.db")}};
};

void expect_unavailable(const Error& error) {
  EXPECT_EQ(error.code, Errc::store_unavailable) << error.message;
  EXPECT_EQ(error.message.find(".db"), std::string::npos) << "names a path: " << error.message;
}

TEST_F(SqliteSessionStoreTest, RefusesFilesItCannotUse) {
  {
    SqliteDatabase newer = SqliteDatabase::open(options_.file.path, {}).value();
    ASSERT_TRUE(newer.execute("PRAGMA application_id=0x534B594D; PRAGMA user_version=1000"));
  }
  const auto newer = open();
  ASSERT_FALSE(newer);
  EXPECT_NE(newer.error().message.find("newer"), std::string::npos) << newer.error().message;

  std::filesystem::remove(options_.file.path);
  std::ofstream(options_.file.path) << std::string(10'000, 'x');
  const auto corrupt = open();
  ASSERT_FALSE(corrupt);
  expect_unavailable(corrupt.error());

  options_.file.path = folder_.file("no-such-folder") / "sessions.db";
  const auto nowhere = open();
  ASSERT_FALSE(nowhere);
  expect_unavailable(nowhere.error());
}

TEST_F(SqliteSessionStoreTest, LooksAtNothingOfASessionBeforeItKnowsWhose) {
  const auto store = open().value();
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  ASSERT_TRUE(ask(store->save(sample_interaction(id, owner, now()))));
  SqliteDatabase damager = SqliteDatabase::open(options_.file.path, {}).value();
  ASSERT_TRUE(damager.execute("UPDATE interactions SET status = 'unheard of'"));
  // Whoever reads an interaction stumbles over it.
  EXPECT_EQ(ask(store->history(id, owner, {})).error().code, Errc::store_unavailable);
  const auto stranger = fresh_principal();
  EXPECT_EQ(ask(store->history(id, stranger, {})).error().code, Errc::session_not_found);
  EXPECT_EQ(ask(store->erase(id, stranger)).error().code, Errc::session_not_found);
  EXPECT_EQ(ask(store->claim(id, stranger)).error().code, Errc::session_not_found);
}

TEST_F(SqliteSessionStoreTest, TwoProcessesMayUseOneFile) {
  const auto server = open().value();
  const auto command_line = open().value();
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(ask(server->save(sample_interaction(id, owner, now()))));
    ASSERT_TRUE(ask(command_line->save(sample_interaction(id, owner, now()))));
  }
  EXPECT_EQ(ask(server->history(id, owner, {})).value().interactions.size(), 20U);
  EXPECT_EQ(ask(command_line->history(id, owner, {})).value().interactions.size(), 20U);
}

TEST_F(SqliteSessionStoreTest, PagesAreBoundedInItemsAndBytes) {
  options_.page_items_max = 3;
  options_.page_bytes_max = 1'000;
  const auto sessions = open().value();
  const auto owner = fresh_principal();
  const auto small = fresh_id<SessionId>();
  const auto large = fresh_id<SessionId>();
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(ask(sessions->create(fresh_id<SessionId>(), owner)));
    ASSERT_TRUE(ask(sessions->save(sample_interaction(small, owner, now()))));
    Interaction interaction = sample_interaction(large, owner, now());
    interaction.response = share_text(std::string(900, 'x'));
    ASSERT_TRUE(ask(sessions->save(std::move(interaction))));
  }
  const auto list = ask(sessions->list(owner, SessionFilter::all, {100, {}})).value();
  EXPECT_EQ(list.sessions.size(), 3U);
  EXPECT_FALSE(list.next_cursor.empty());
  EXPECT_EQ(ask(sessions->history(small, owner, {100, {}})).value().interactions.size(), 3U);
  const auto first = ask(sessions->history(large, owner, {100, {}})).value();
  EXPECT_EQ(first.interactions.size(), 2U) << "the second goes over the limit and ends the page";
  const auto second = ask(sessions->history(large, owner, {100, first.next_cursor})).value();
  EXPECT_EQ(second.interactions.size(), 2U);
  EXPECT_TRUE(second.next_cursor.empty());
}

TEST_F(SqliteSessionStoreTest, FullQueueIsStoreUnavailable) {
  options_.file.queue_max = 0;
  const auto sessions = open().value();
  const auto owner = fresh_principal();
  const auto saved = ask(sessions->save(sample_interaction(fresh_id<SessionId>(), owner, now())));
  ASSERT_FALSE(saved);
  expect_unavailable(saved.error());
  expect_unavailable(ask(sessions->history(fresh_id<SessionId>(), owner, {})).error());
  expect_unavailable(ask(sessions->claim(fresh_id<SessionId>(), owner)).error());
  expect_unavailable(ask(sessions->list(owner, SessionFilter::all, {})).error());
  expect_unavailable(ask(sessions->remove_old()).error());
  expect_unavailable(ask(sessions->probe()).error());
}

TEST_F(SqliteSessionStoreTest, FullDiskIsReportedAndSurvived) {
  const auto sessions = open().value();
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  const auto before = sample_interaction(id, owner, now());
  ASSERT_TRUE(ask(sessions->save(before)));

  Interaction large = sample_interaction(id, owner, now());
  large.response = share_text(std::string(4U << 20, 'x'));
  {
    const DiskLimit limit(1U << 20);
    const auto saved = ask(sessions->save(large));
    ASSERT_FALSE(saved);
    expect_unavailable(saved.error());
    const auto history = ask(sessions->history(id, owner, {})).value();
    ASSERT_EQ(history.interactions.size(), 1U) << "reading goes on";
    EXPECT_TRUE(same(history.interactions[0], before));
  }
  EXPECT_TRUE(ask(sessions->save(large))) << "and so does writing when there is room again";
  EXPECT_EQ(ask(sessions->history(id, owner, {})).value().session.interaction_count, 2);
}

TEST_F(SqliteSessionStoreTest, ProbeFailsOnAFullDisk) {
  const auto sessions = open().value();
  EXPECT_TRUE(ask(sessions->probe()));
  const DiskLimit limit(1);
  const auto probed = ask(sessions->probe());
  ASSERT_FALSE(probed);
  expect_unavailable(probed.error());
}

boost::asio::awaitable<void> save_one(SqliteSessionStore* sessions, Interaction interaction, int* saved) {
  const auto outcome = co_await sessions->save(std::move(interaction));
  if (outcome) ++*saved;
}

TEST_F(SqliteSessionStoreTest, HoldsAnAnswerThatWaitsWithoutCopyingIt) {
  SqliteDatabase other = SqliteDatabase::open(options_.file.path, {}).value();
  boost::asio::io_context io;
  int saved = 0;
  const auto sessions = open().value();
  // The writer cannot begin while somebody else writes, so the interaction stays where it waits.
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
  Interaction interaction = sample_interaction(fresh_id<SessionId>(), fresh_principal(), now());
  const SharedText response = interaction.response;
  boost::asio::co_spawn(io, save_one(sessions.get(), std::move(interaction), &saved), boost::asio::detached);
  io.poll();
  EXPECT_EQ(response.use_count(), 2) << "here and in the queue";
  ASSERT_TRUE(other.run("ROLLBACK"));
  io.run();
  EXPECT_EQ(saved, 1);
}

TEST_F(SqliteSessionStoreTest, DestroyingItFinishesQueuedWrites) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  boost::asio::io_context io;
  int saved = 0;
  auto sessions = open().value();
  for (int i = 0; i < 50; ++i) {
    boost::asio::co_spawn(io, save_one(sessions.get(), sample_interaction(id, owner, now()), &saved),
                          boost::asio::detached);
  }
  // Starts every save and, as none is awaited here, few have ended when the store goes.
  for (int i = 0; i < 50; ++i) io.run_one();
  sessions.reset();
  io.run();
  EXPECT_EQ(saved, 50);
  EXPECT_EQ(ask(open().value()->history(id, owner, {})).value().session.interaction_count, 50);
}

TEST_F(SqliteSessionStoreTest, RemovesOldSessionsInBatchesOfAnySize) {
  for (const std::size_t rows_max : {1U, 2U, 3U, 7U, 1'000U}) {
    options_.remove_rows_max = rows_max;
    const auto sessions = open().value();
    const auto owner = fresh_principal();
    for (const int interactions : {0, 1, 2, 3, 10}) {
      const auto id = fresh_id<SessionId>();
      ASSERT_TRUE(ask(sessions->create(id, owner)));
      for (int i = 0; i < interactions; ++i) {
        ASSERT_TRUE(ask(sessions->save(sample_interaction(id, owner, now()))));
      }
    }
    clock_.advance(std::chrono::days(31));
    EXPECT_EQ(ask(sessions->remove_old()).value(), 5U) << rows_max;
    EXPECT_TRUE(ask(sessions->list(owner, SessionFilter::all, {})).value().sessions.empty());
  }
}

boost::asio::awaitable<void> save_on(SqliteSessionStore* sessions, SessionId id, Principal owner, WallTime at,
                                     Acknowledge acknowledge) {
  for (int i = 0; i < 10'000; ++i) {
    Interaction interaction = sample_interaction(id, owner, at);
    interaction.response = share_text(std::string(2'000, 'r'));
    const auto request_id = interaction.request_id;
    const auto saved = co_await sessions->save(std::move(interaction));
    if (saved) acknowledge(request_id);
  }
}

/// Property 23, for the store.
TEST_F(SqliteSessionStoreTest, KillAtAnyInstantLosesNothingAcknowledged) {
  const auto owner = fresh_principal();
  SystemRandom random;
  for (int round = 0; round < 10; ++round) {
    const auto id = fresh_id<SessionId>();
    std::byte size{};
    random.fill({&size, 1});
    const std::size_t count = 1 + std::to_integer<std::size_t>(size);
    const auto acknowledged = acknowledged_before_kill(count, [&](const Acknowledge& acknowledge) {
      boost::asio::io_context io;
      const auto sessions = open().value();
      for (int i = 0; i < 8; ++i) {
        boost::asio::co_spawn(io, save_on(sessions.get(), id, owner, now(), acknowledge),
                              boost::asio::detached);
      }
      io.run();
    });
    ASSERT_GE(acknowledged.size(), count);

    const auto sessions = open().value();
    std::set<RequestId> kept;
    invocations::PageRequest page{500, {}};
    do {
      const auto history = ask(sessions->history(id, owner, page)).value();
      for (const Interaction& interaction : history.interactions) kept.insert(interaction.request_id);
      page.cursor = history.next_cursor;
    } while (!page.cursor.empty());
    for (const RequestId& request : acknowledged) EXPECT_TRUE(kept.contains(request)) << round;
  }
  SqliteDatabase database = SqliteDatabase::open(options_.file.path, {}).value();
  SqliteStatement check = database.statement("PRAGMA integrity_check");
  ASSERT_TRUE(check.step().value());
  EXPECT_EQ(check.text(0), "ok");
}

}  // namespace skymarshal::test::sqlite_session_store_test

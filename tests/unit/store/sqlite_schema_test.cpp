#include "store/sqlite_schema.hpp"

#include "store/session_queries.hpp"
#include "support/store_samples.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace skymarshal::test::sqlite_schema_test {

using skymarshal::SqliteDatabase;
using skymarshal::SqliteStatement;
using store::prepare_schema;

class SqliteSchemaTest : public testing::Test {
 protected:
  SqliteDatabase open() {
    auto database = SqliteDatabase::open(path_, {});
    return std::move(database).value();
  }
  std::string file_content() const {
    std::ostringstream content;
    content << std::ifstream(path_, std::ios::binary).rdbuf();
    return content.str();
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.file("sessions.db");
};

std::string answer(SqliteDatabase& database, std::string_view sql) {
  SqliteStatement statement = database.statement(sql);
  EXPECT_TRUE(statement.step().value());
  return std::string(statement.text(0));
}

TEST_F(SqliteSchemaTest, MakesANewFileOurs) {
  SqliteDatabase database = open();
  ASSERT_TRUE(prepare_schema(database));
  EXPECT_EQ(answer(database, "PRAGMA application_id"), std::to_string(store::application_id));
  EXPECT_EQ(answer(database, "PRAGMA user_version"), std::to_string(store::schema_version));
  EXPECT_EQ(answer(database, "PRAGMA journal_mode"), "wal");
  EXPECT_TRUE(database.run("SELECT * FROM sessions"));
  EXPECT_TRUE(database.run("SELECT * FROM interactions"));
  EXPECT_FALSE(database.in_transaction());
}

TEST_F(SqliteSchemaTest, LeavesACurrentFileAsItIs) {
  {
    SqliteDatabase database = open();
    ASSERT_TRUE(prepare_schema(database));
    ASSERT_TRUE(database.execute("INSERT INTO sessions VALUES (1, 'id', 'user', 1, 1, 0)"));
  }
  SqliteDatabase database = open();
  ASSERT_TRUE(prepare_schema(database));
  EXPECT_EQ(answer(database, "SELECT count(*) FROM sessions"), "1");
}

/// What version 1 looked like, as it was released.
constexpr const char* version_1 = R"sql(
CREATE TABLE sessions (
  session_key INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  last_activity_ms INTEGER NOT NULL,
  interaction_count INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_user ON sessions (user_id, last_activity_ms, session_id);
CREATE INDEX sessions_by_activity ON sessions (last_activity_ms);
CREATE TABLE interactions (
  interaction_key INTEGER PRIMARY KEY,
  session_key INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
  timestamp_ms INTEGER NOT NULL,
  request_id TEXT NOT NULL,
  status TEXT NOT NULL,
  execution_time_ms INTEGER NOT NULL,
  error_message TEXT NOT NULL,
  prompt TEXT NOT NULL,
  response TEXT NOT NULL,
  UNIQUE (session_key, timestamp_ms),
  UNIQUE (session_key, request_id)
) STRICT;
CREATE TABLE probe (probe_key INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT;
PRAGMA application_id = 0x534B594D;
PRAGMA user_version = 1;
)sql";

TEST_F(SqliteSchemaTest, BringsTheFirstVersionUpToDateWithAllItHolds) {
  const auto id = fresh_id<SessionId>();
  const auto interaction = sample_interaction(id, {"alice"}, from_unix_ms(1'000));
  {
    SqliteDatabase database = open();
    ASSERT_TRUE(database.execute(version_1));
    SqliteStatement session =
        database.statement("INSERT INTO sessions VALUES (1, ?, 'alice', 1000, 1000, 1)");
    ASSERT_TRUE(session.bind(id.view()).run());
    SqliteStatement row = database.statement(
        "INSERT INTO interactions VALUES (1, 1, 1000, ?, 'success', 12, '', 'EY283 is 3 hours late', ?)");
    ASSERT_TRUE(row.bind(interaction.request_id.view()).bind(*interaction.response).run());
  }
  SqliteDatabase database = open();
  ASSERT_TRUE(prepare_schema(database));
  EXPECT_EQ(answer(database, "PRAGMA user_version"), std::to_string(store::schema_version));
  const auto found = store::find_session(database, {"alice"}, id).value();
  ASSERT_TRUE(found);
  const auto page = store::list_interactions(database, *found, {.limit = 5, .bytes_max = 1'000}).value();
  ASSERT_EQ(page.interactions.size(), 1U);
  EXPECT_TRUE(same(page.interactions[0], interaction));
}

/// What version 2 added to it, as it was released.
constexpr const char* version_2 = R"sql(
CREATE INDEX sessions_by_owner_and_id ON sessions (user_id, session_id);
PRAGMA user_version = 2;
)sql";

TEST_F(SqliteSchemaTest, BringsTheSecondVersionUpToDateWithAllItHolds) {
  const auto id = fresh_id<SessionId>();
  {
    SqliteDatabase database = open();
    ASSERT_TRUE(database.execute(version_1));
    ASSERT_TRUE(database.execute(version_2));
    SqliteStatement session =
        database.statement("INSERT INTO sessions VALUES (1, ?, 'alice', 1000, 1000, 0)");
    ASSERT_TRUE(session.bind(id.view()).run());
  }
  SqliteDatabase database = open();
  ASSERT_TRUE(prepare_schema(database));
  EXPECT_EQ(answer(database, "PRAGMA user_version"), std::to_string(store::schema_version));
  EXPECT_TRUE(store::find_session(database, {"alice"}, id).value());
  EXPECT_EQ(answer(database, "SELECT count(*) FROM invocation_rows"), "0");
}

TEST_F(SqliteSchemaTest, BringsTheThirdVersionUpToDateWithAllItHolds) {
  {
    SqliteDatabase database = open();
    ASSERT_TRUE(prepare_schema(database));
    // All that the fourth one added.
    ASSERT_TRUE(database.execute("DROP TABLE erased_claims; PRAGMA user_version = 3;"));
    ASSERT_TRUE(database.execute("INSERT INTO sessions VALUES (1, 's', 'alice', 1000, 1000, 0)"));
  }
  SqliteDatabase database = open();
  ASSERT_TRUE(prepare_schema(database));
  EXPECT_EQ(answer(database, "PRAGMA user_version"), std::to_string(store::schema_version));
  EXPECT_EQ(answer(database, "SELECT count(*) FROM erased_claims"), "0");
  EXPECT_EQ(answer(database, "SELECT count(*) FROM sessions"), "1");
}

TEST_F(SqliteSchemaTest, RefusesANewerVersionUntouched) {
  {
    SqliteDatabase database = open();
    ASSERT_TRUE(prepare_schema(database));
    ASSERT_TRUE(database.execute("PRAGMA user_version = 77"));
  }
  const std::string before = file_content();
  {
    SqliteDatabase database = open();
    const auto prepared = prepare_schema(database);
    ASSERT_FALSE(prepared);
    EXPECT_EQ(prepared.error().code, Errc::store_unavailable);
    EXPECT_NE(prepared.error().message.find("77"), std::string::npos) << prepared.error().message;
    EXPECT_NE(prepared.error().message.find("newer"), std::string::npos) << prepared.error().message;
  }
  EXPECT_EQ(file_content(), before);
}

TEST_F(SqliteSchemaTest, RefusesAFileOfAnotherProgramUntouched) {
  for (const char* const mark : {"PRAGMA application_id = 42", "CREATE TABLE theirs (x)"}) {
    std::filesystem::remove(path_);
    {
      SqliteDatabase database = open();
      ASSERT_TRUE(database.execute(mark));
    }
    const std::string before = file_content();
    {
      SqliteDatabase database = open();
      const auto prepared = prepare_schema(database);
      ASSERT_FALSE(prepared) << mark;
      EXPECT_NE(prepared.error().message.find("another program"), std::string::npos);
    }
    EXPECT_EQ(file_content(), before) << mark;
  }
}

TEST_F(SqliteSchemaTest, FailedMigrationLeavesNothingBehind) {
  SqliteDatabase database = open();
  // Too little room for the tables.
  ASSERT_TRUE(database.execute("PRAGMA max_page_count = 2"));
  ASSERT_FALSE(prepare_schema(database));
  EXPECT_FALSE(database.in_transaction());
  EXPECT_EQ(answer(database, "PRAGMA user_version"), "0");
  EXPECT_EQ(answer(database, "SELECT count(*) FROM sqlite_schema"), "0");
  ASSERT_TRUE(database.execute("PRAGMA max_page_count = 1000"));
  EXPECT_TRUE(prepare_schema(database));
}

}  // namespace skymarshal::test::sqlite_schema_test

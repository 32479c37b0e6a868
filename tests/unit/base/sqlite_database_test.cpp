#include "base/sqlite_database.hpp"

#include "support/temporary_folder.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::test::sqlite_database_test {

using skymarshal::SqliteDatabase;
using skymarshal::SqliteStatement;
namespace fs = std::filesystem;

constexpr SqliteDatabase::Options writing = {SqliteDatabase::Access::read_write, Milliseconds(0)};
constexpr SqliteDatabase::Options reading = {SqliteDatabase::Access::read_only, Milliseconds(0)};

class SqliteDatabaseTest : public testing::Test {
 protected:
  SqliteDatabase open(SqliteDatabase::Options options = writing) {
    auto database = SqliteDatabase::open(path_, options);
    return std::move(database).value();
  }

  TemporaryFolder folder_;
  fs::path path_ = folder_.file("some.db");
};

void expect_unavailable(const Error& error, const std::string& words) {
  EXPECT_EQ(error.code, Errc::store_unavailable);
  EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
  EXPECT_EQ(error.message.find(".db"), std::string::npos) << "names a path: " << error.message;
}

constexpr fs::perms owner_only = fs::perms::owner_read | fs::perms::owner_write;

TEST_F(SqliteDatabaseTest, FilesAreForTheirOwnerAlone) {
  SqliteDatabase database = open();
  ASSERT_TRUE(database.execute("PRAGMA journal_mode=WAL; CREATE TABLE t (x)"));
  for (const char* const suffix : {"", "-wal", "-shm"}) {
    EXPECT_EQ(fs::status(path_.string() + suffix).permissions(), owner_only) << suffix;
  }
}

TEST_F(SqliteDatabaseTest, MakesAnExistingFilePrivate) {
  {
    SqliteDatabase database = open();
  }
  fs::permissions(path_, fs::perms::all);
  SqliteDatabase database = open();
  EXPECT_EQ(fs::status(path_).permissions(), owner_only);
}

TEST_F(SqliteDatabaseTest, LeavesAFolderOfThatNameAsItIs) {
  fs::create_directory(path_);
  fs::permissions(path_, fs::perms::all);
  EXPECT_FALSE(SqliteDatabase::open(path_, writing));
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms::all);
}

TEST_F(SqliteDatabaseTest, SyncsEveryCommit) {
  SqliteDatabase database = open();
  SqliteStatement synchronous = database.statement("PRAGMA synchronous");
  ASSERT_TRUE(synchronous.step().value());
  EXPECT_EQ(synchronous.integer(0), 2) << "2 is FULL";
}

RC_GTEST_FIXTURE_PROP(SqliteDatabaseTest, AnyBytesAndNumbersComeBackAsTheyWere,
                      (const std::string& bytes, std::int64_t number)) {
  SqliteDatabase database = open();
  SqliteStatement echo = database.statement("SELECT ?, ?");
  echo.bind(bytes).bind(number);
  RC_ASSERT(echo.step().value());
  RC_ASSERT(echo.text(0) == bytes);
  RC_ASSERT(echo.integer(1) == number);
  RC_ASSERT(!echo.step().value());
}

TEST_F(SqliteDatabaseTest, GivesANumberAndSaysWhyThereIsNone) {
  SqliteDatabase database = open();
  EXPECT_EQ(database.number("SELECT 40 + 2").value(), 42);
  EXPECT_TRUE(database.number("SELECT nothing FROM nowhere").has_error());
}

TEST_F(SqliteDatabaseTest, KeepsAWriteAheadLogWhereItCan) {
  EXPECT_TRUE(open().keep_write_ahead_log().value());
  EXPECT_FALSE(SqliteDatabase::open_in_memory().value().keep_write_ahead_log().value());
}

TEST_F(SqliteDatabaseTest, EmptyTextIsNotNull) {
  SqliteDatabase database = open();
  SqliteStatement check = database.statement("SELECT ? IS NULL");
  check.bind(std::string_view());
  ASSERT_TRUE(check.step().value());
  EXPECT_EQ(check.integer(0), 0);
}

TEST_F(SqliteDatabaseTest, StatementStartsAfreshEachTime) {
  SqliteDatabase database = open();
  ASSERT_TRUE(database.execute("CREATE TABLE t (x UNIQUE)"));
  constexpr std::string_view insert = "INSERT INTO t VALUES (?)";
  for (const std::int64_t number : {1, 2}) {
    SqliteStatement statement = database.statement(insert);
    ASSERT_TRUE(statement.bind(number).run());
    EXPECT_EQ(database.changes(), 1);
  }
  {
    SqliteStatement twice = database.statement(insert);
    const auto inserted = twice.bind(std::int64_t{2}).run();
    ASSERT_FALSE(inserted);
    expect_unavailable(inserted.error(), "constraint failed");
  }
  SqliteStatement after = database.statement(insert);
  EXPECT_TRUE(after.bind(std::int64_t{3}).run());
}

TEST_F(SqliteDatabaseTest, ReportsWhatCannotBePreparedOrBound) {
  SqliteDatabase database = open();
  EXPECT_FALSE(database.run("SELECT * FROM nowhere"));
  EXPECT_FALSE(database.execute("NONSENSE"));
  SqliteStatement no_parameters = database.statement("SELECT 1");
  EXPECT_FALSE(no_parameters.bind("x").step());
}

TEST_F(SqliteDatabaseTest, ReaderCannotWrite) {
  SqliteDatabase writer = open();
  ASSERT_TRUE(writer.execute("PRAGMA journal_mode=WAL; CREATE TABLE t (x)"));
  SqliteDatabase reader = open(reading);
  EXPECT_TRUE(reader.run("SELECT * FROM t"));
  const auto written = reader.run("INSERT INTO t VALUES (1)");
  ASSERT_FALSE(written);
  expect_unavailable(written.error(), "readonly");
}

TEST_F(SqliteDatabaseTest, ReaderDoesNotCreateTheFile) {
  EXPECT_FALSE(SqliteDatabase::open(path_, reading));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(SqliteDatabaseTest, RefusesWhatIsNoDatabase) {
  std::ofstream(path_) << std::string(8'192, 'x');
  const auto opened = SqliteDatabase::open(path_, writing);
  ASSERT_FALSE(opened);
  expect_unavailable(opened.error(), "not a database");
}

TEST_F(SqliteDatabaseTest, RefusesAFolderThatIsNotThere) {
  const auto opened = SqliteDatabase::open(folder_.file("no-such-folder") / "some.db", writing);
  ASSERT_FALSE(opened);
  expect_unavailable(opened.error(), "unable to open");
}

TEST_F(SqliteDatabaseTest, ReportsAFullDiskAndAHeldFile) {
  SqliteDatabase database = open();
  ASSERT_TRUE(database.execute("PRAGMA journal_mode=WAL; CREATE TABLE t (x); PRAGMA max_page_count=4"));
  ASSERT_TRUE(database.run("BEGIN IMMEDIATE"));
  const std::string large(1U << 20, 'x');
  {
    SqliteStatement insert = database.statement("INSERT INTO t VALUES (?)");
    const auto inserted = insert.bind(large).run();
    ASSERT_FALSE(inserted);
    expect_unavailable(inserted.error(), "full");
  }
  if (database.in_transaction()) ASSERT_TRUE(database.run("ROLLBACK"));
  EXPECT_FALSE(database.in_transaction());

  ASSERT_TRUE(database.run("BEGIN IMMEDIATE"));
  EXPECT_TRUE(database.in_transaction());
  SqliteDatabase other = open();
  const auto begun = other.run("BEGIN IMMEDIATE");
  ASSERT_FALSE(begun);
  expect_unavailable(begun.error(), "locked");
}

TEST(SqliteDatabaseInMemory, KeepsRealsAndNothingAndIsGoneWithItsConnection) {
  auto database = SqliteDatabase::open_in_memory();
  ASSERT_TRUE(database);
  ASSERT_TRUE(database->execute("CREATE TABLE t (x)"));
  ASSERT_TRUE(database->statement("INSERT INTO t VALUES (?)").bind_real(24.4438).run());
  ASSERT_TRUE(database->statement("INSERT INTO t VALUES (?)").bind_null().run());
  SqliteStatement rows = database->statement("SELECT x FROM t ORDER BY rowid");
  ASSERT_TRUE(*rows.step());
  EXPECT_EQ(rows.real(0), 24.4438);
  EXPECT_FALSE(rows.is_null(0));
  ASSERT_TRUE(*rows.step());
  EXPECT_TRUE(rows.is_null(0));
  auto other = SqliteDatabase::open_in_memory();
  ASSERT_TRUE(other);
  EXPECT_FALSE(other->run("SELECT x FROM t"));
}

}  // namespace skymarshal::test::sqlite_database_test

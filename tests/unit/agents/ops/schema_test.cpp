#include "agents/ops/schema.hpp"

#include "agents/ops/sheets.hpp"
#include "agents/ops/tables.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace skymarshal::agents::ops::schema_test {

SqliteDatabase in_memory() {
  auto database = SqliteDatabase::open_in_memory();
  return std::move(database.value());
}

template <typename Row>
void expect_same_columns(SqliteDatabase& database) {
  // Lives as long as the database's statements.
  static const std::string sql = fmt::format("SELECT name FROM pragma_table_info('{}')", Table<Row>::name);
  SqliteStatement names = database.statement(sql);
  std::size_t count = 0;
  std::apply(
      [&](const auto&... column) {
        const auto expect = [&](std::string_view name) {
          const auto stepped = names.step();
          ASSERT_TRUE(stepped && *stepped) << Table<Row>::name << " lacks " << name;
          EXPECT_EQ(names.text(0), name) << Table<Row>::name;
          ++count;
        };
        (expect(column.name), ...);
      },
      Table<Row>::columns);
  EXPECT_FALSE(*names.step()) << Table<Row>::name << " has more columns";
  const auto marks = std::count(Table<Row>::insert.begin(), Table<Row>::insert.end(), '?');
  EXPECT_EQ(static_cast<std::size_t>(marks), count) << Table<Row>::name;
}

TEST(OpsSchema, TablesHaveTheColumnsOfTheFiles) {
  SqliteDatabase database = in_memory();
  ASSERT_TRUE(renew_tables(database));
  std::apply(
      [&](const auto&... sheet) {
        (expect_same_columns<typename std::decay_t<decltype(sheet.rows)>::value_type>(database), ...);
      },
      Sheets());
}

TEST(OpsSchema, KnowsWhoseFileItIs) {
  SqliteDatabase database = in_memory();
  EXPECT_EQ(*owner_of(database), FileOwner::nobody);
  ASSERT_TRUE(renew_tables(database));
  EXPECT_EQ(*owner_of(database), FileOwner::ours);
  ASSERT_TRUE(renew_tables(database));
  EXPECT_EQ(*owner_of(database), FileOwner::ours);
  ASSERT_TRUE(database.execute("PRAGMA user_version = 2"));
  EXPECT_EQ(*owner_of(database), FileOwner::newer_version);
  ASSERT_TRUE(database.execute("PRAGMA user_version = 0"));
  EXPECT_EQ(*owner_of(database), FileOwner::older_version);
  ASSERT_TRUE(database.execute("PRAGMA application_id = 7"));
  EXPECT_EQ(*owner_of(database), FileOwner::another_program);
  SqliteDatabase other = in_memory();
  ASSERT_TRUE(other.execute("CREATE TABLE t (x)"));
  EXPECT_EQ(*owner_of(other), FileOwner::another_program);
}

}  // namespace skymarshal::agents::ops::schema_test

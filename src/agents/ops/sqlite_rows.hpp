// Records to and from rows of SQLite, by the columns of tables.hpp. Instants are minutes since the Unix
// epoch, dates days since it, what is absent is NULL.
#pragma once

#include "agents/ops/tables.hpp"
#include "base/sqlite_database.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace skymarshal::agents::ops {

inline std::int64_t days_of(Date date) { return std::chrono::sys_days(date).time_since_epoch().count(); }
inline std::int64_t minutes_of(UtcMinutes instant) { return instant.time_since_epoch().count(); }

inline void bind_value(SqliteStatement& row, const std::string& value) { row.bind(std::string_view(value)); }
inline void bind_value(SqliteStatement& row, std::int32_t value) { row.bind(std::int64_t{value}); }
inline void bind_value(SqliteStatement& row, bool value) { row.bind(std::int64_t{value}); }
inline void bind_value(SqliteStatement& row, char value) { row.bind(std::int64_t{value}); }
inline void bind_value(SqliteStatement& row, double value) { row.bind_real(value); }
inline void bind_value(SqliteStatement& row, Date value) { row.bind(days_of(value)); }
inline void bind_value(SqliteStatement& row, UtcMinutes value) { row.bind(minutes_of(value)); }
template <typename T>
void bind_value(SqliteStatement& row, const std::optional<T>& value) {
  if (value)
    bind_value(row, *value);
  else
    row.bind_null();
}

inline void load_value(const SqliteStatement& row, int column, std::string& value) {
  value = row.text(column);
}
inline void load_value(const SqliteStatement& row, int column, std::int32_t& value) {
  value = static_cast<std::int32_t>(row.integer(column));
}
inline void load_value(const SqliteStatement& row, int column, bool& value) {
  value = row.integer(column) != 0;
}
inline void load_value(const SqliteStatement& row, int column, char& value) {
  value = static_cast<char>(row.integer(column));
}
inline void load_value(const SqliteStatement& row, int column, double& value) { value = row.real(column); }
inline void load_value(const SqliteStatement& row, int column, Date& value) {
  value = Date(std::chrono::sys_days(std::chrono::days(row.integer(column))));
}
inline void load_value(const SqliteStatement& row, int column, UtcMinutes& value) {
  value = UtcMinutes(std::chrono::minutes(row.integer(column)));
}
template <typename T>
void load_value(const SqliteStatement& row, int column, std::optional<T>& value) {
  if (!row.is_null(column)) load_value(row, column, value.emplace());
}

template <typename Row>
void bind_row(SqliteStatement& statement, const Row& row) {
  std::apply([&](const auto&... column) { (bind_value(statement, row.*column.field), ...); },
             Table<Row>::columns);
}

/// Of a statement that selects all columns of the table, in its order.
template <typename Row>
Row load_row(const SqliteStatement& statement) {
  Row row;
  int index = 0;
  std::apply([&](const auto&... column) { (load_value(statement, index++, row.*column.field), ...); },
             Table<Row>::columns);
  return row;
}

/// All rows that are left.
template <typename Row>
Result<std::vector<Row>> load_rows(SqliteStatement& statement) {
  std::vector<Row> rows;
  for (;;) {
    const Result<bool> stepped = statement.step();
    if (!stepped) return stepped.error();
    if (!*stepped) return rows;
    rows.push_back(load_row<Row>(statement));
  }
}

/// The next row, if there is one.
template <typename Row>
Result<std::optional<Row>> load_next(SqliteStatement& statement) {
  const Result<bool> stepped = statement.step();
  if (!stepped) return stepped.error();
  if (!*stepped) return std::optional<Row>();
  return std::optional<Row>(load_row<Row>(statement));
}

}  // namespace skymarshal::agents::ops

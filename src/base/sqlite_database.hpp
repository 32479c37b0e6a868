// One connection to an SQLite file and its prepared statements, as thin as can be.
// A connection and its statements belong to one thread at a time. Knows no tables: see sqlite_schema and
// session_queries. Every failure is Errc::store_unavailable with SQLite's own words and no path.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace skymarshal {

/// One run of a prepared statement: bind the parameters in their order, then step. Destroying it makes the
/// statement ready for its next run. At most one run of a statement at a time.
class SqliteStatement {
 public:
  /// `status` other than SQLITE_OK is what the first step() reports.
  SqliteStatement(sqlite3_stmt* statement, int status) : statement_(statement), status_(status) {}
  ~SqliteStatement();
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  /// `text` must live as long as this object. Any bytes are kept, zeros too.
  SqliteStatement& bind(std::string_view text);
  SqliteStatement& bind(std::int64_t number);
  SqliteStatement& bind_real(double number);
  SqliteStatement& bind_null();

  /// True: there is a row to read. False: the statement has ended.
  Result<bool> step();
  /// To the end, whatever rows there are.
  Result<void> run();

  /// Columns of the current row, from 0. Text lives until the next step.
  std::string_view text(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  bool is_null(int column) const;

 private:
  sqlite3_stmt* statement_;
  int status_;
  int bound_ = 0;
};

class SqliteDatabase {
 public:
  enum class Access { read_write, read_only };
  struct Options {
    Access access = Access::read_write;
    /// How long to wait for other processes that hold the file.
    Milliseconds busy_timeout{2'000};
  };

  /// Creates the file (mode 0600, also where it exists with more) if it may write. Commits of this connection
  /// are on the disk when they return.
  static Result<SqliteDatabase> open(const std::filesystem::path& path, Options options);
  /// A database of this connection alone, gone with it.
  static Result<SqliteDatabase> open_in_memory();

  /// Prepared at its first use and kept. `sql` must be one statement of static lifetime.
  SqliteStatement statement(std::string_view sql);
  /// Runs one statement of static lifetime without parameters.
  Result<void> run(std::string_view sql) { return statement(sql).run(); }
  /// The integer that a query of static lifetime gives in the first column of its first row.
  Result<std::int64_t> number(std::string_view sql);
  /// From now on readers go on with what they see while others write. False where the file system cannot.
  Result<bool> keep_write_ahead_log();
  /// Runs any number of statements, not kept: for schemas and settings.
  Result<void> execute(const char* sql);

  /// False also when SQLite ended the transaction by itself after an error.
  bool in_transaction() const;
  /// Rows changed by the last INSERT, UPDATE or DELETE.
  std::int64_t changes() const;
  /// The integer primary key of the row that the last INSERT which made one made.
  std::int64_t inserted_key() const;

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  SqliteDatabase() = default;

  static Result<SqliteDatabase> connect(const char* name, const char* settings, Milliseconds busy_timeout);

  std::unique_ptr<sqlite3, Close> connection_;
  std::unordered_map<std::string_view, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

}  // namespace skymarshal

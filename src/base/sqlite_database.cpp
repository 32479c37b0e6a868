#include "base/sqlite_database.hpp"

#include "base/file.hpp"

#include <fcntl.h>
#include <string>
#include <sys/stat.h>

#include <fmt/format.h>
#include <sqlite3.h>

namespace skymarshal {
namespace {

/// sqlite3_errstr, not sqlite3_errmsg: the latter may name tables and files.
Error sqlite_error(int status) {
  return make_error(
      Errc::store_unavailable,
      fmt::format("the database is not available ({}): try again later", sqlite3_errstr(status)));
}

/// SQLite gives its log and its index the mode of the database file, so only this one needs care. An existing
/// file is never opened here: closing it would drop the locks of other connections of this process. A folder
/// or a device of that name keeps its mode: it is no database, and others need it.
bool make_private(const std::filesystem::path& path) {
  const auto made = File::open(path, O_RDWR | O_CREAT | O_EXCL);
  if (made) return true;
  struct stat found{};
  return made.error() == boost::system::errc::file_exists && ::stat(path.c_str(), &found) == 0 &&
         S_ISREG(found.st_mode) && ::chmod(path.c_str(), owner_only) == 0;
}

}  // namespace

SqliteStatement::~SqliteStatement() {
  if (statement_ == nullptr) return;
  // The outcome of the last step again, which the caller has seen.
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

SqliteStatement& SqliteStatement::bind(std::string_view text) {
  if (status_ != SQLITE_OK) return *this;
  // A null pointer would bind NULL.
  const char* const data = text.data() == nullptr ? "" : text.data();
  status_ = sqlite3_bind_text64(statement_, ++bound_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

SqliteStatement& SqliteStatement::bind(std::int64_t number) {
  if (status_ == SQLITE_OK) status_ = sqlite3_bind_int64(statement_, ++bound_, number);
  return *this;
}

SqliteStatement& SqliteStatement::bind_real(double number) {
  if (status_ == SQLITE_OK) status_ = sqlite3_bind_double(statement_, ++bound_, number);
  return *this;
}

SqliteStatement& SqliteStatement::bind_null() {
  if (status_ == SQLITE_OK) status_ = sqlite3_bind_null(statement_, ++bound_);
  return *this;
}

Result<bool> SqliteStatement::step() {
  if (status_ != SQLITE_OK) return sqlite_error(status_);
  const int status = sqlite3_step(statement_);
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  status_ = status;
  return sqlite_error(status);
}

Result<void> SqliteStatement::run() {
  for (;;) {
    const Result<bool> stepped = step();
    if (!stepped) return stepped.error();
    if (!*stepped) return {};
  }
}

std::string_view SqliteStatement::text(int column) const {
  const void* const data = sqlite3_column_text(statement_, column);
  if (data == nullptr) return {};
  const int size = sqlite3_column_bytes(statement_, column);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::int64_t SqliteStatement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double SqliteStatement::real(int column) const { return sqlite3_column_double(statement_, column); }

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

void SqliteDatabase::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

void SqliteDatabase::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Result<SqliteDatabase> SqliteDatabase::open(const std::filesystem::path& path, Options options) {
  const bool writes = options.access == Access::read_write;
  if (writes && !make_private(path)) return sqlite_error(SQLITE_CANTOPEN);

  // FULL: the log is synced before a commit returns, so it survives the loss of power, not only of the
  // process.
  const char* const settings = writes ? "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                                        "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
                                      : "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY;";
  return connect(path.c_str(), settings, options.busy_timeout);
}

Result<SqliteDatabase> SqliteDatabase::open_in_memory() {
  return connect(":memory:", "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;", Milliseconds(0));
}

Result<SqliteDatabase> SqliteDatabase::connect(const char* name, const char* settings,
                                               Milliseconds busy_timeout) {
  SqliteDatabase database;
  sqlite3* connection = nullptr;
  // Readers of a write-ahead log write its index, so no connection is SQLITE_OPEN_READONLY.
  const int status = sqlite3_open_v2(
      name, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  database.connection_.reset(connection);
  if (status != SQLITE_OK) return sqlite_error(status);
  sqlite3_busy_timeout(connection, static_cast<int>(busy_timeout.count()));
  if (const auto set = database.execute(settings); !set) return set.error();
  return database;
}

SqliteStatement SqliteDatabase::statement(std::string_view sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) return {known->second.get(), SQLITE_OK};

  sqlite3_stmt* prepared = nullptr;
  const int status = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (status == SQLITE_OK) statements_.emplace(sql, prepared);
  return {prepared, status};
}

Result<std::int64_t> SqliteDatabase::number(std::string_view sql) {
  SqliteStatement query = statement(sql);
  const Result<bool> row = query.step();
  if (!row) return row.error();
  return query.integer(0);
}

Result<bool> SqliteDatabase::keep_write_ahead_log() {
  SqliteStatement query = statement("PRAGMA journal_mode=WAL");
  const Result<bool> row = query.step();
  if (!row) return row.error();
  return query.text(0) == "wal";
}

Result<void> SqliteDatabase::execute(const char* sql) {
  const int status = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) return sqlite_error(status);
  return {};
}

bool SqliteDatabase::in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

std::int64_t SqliteDatabase::changes() const { return sqlite3_changes64(connection_.get()); }

std::int64_t SqliteDatabase::inserted_key() const { return sqlite3_last_insert_rowid(connection_.get()); }

}  // namespace skymarshal

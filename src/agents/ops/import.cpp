#include "agents/ops/import.hpp"

#include "agents/ops/cells.hpp"
#include "agents/ops/references.hpp"
#include "agents/ops/sample.hpp"
#include "agents/ops/schema.hpp"
#include "agents/ops/sheets.hpp"
#include "agents/ops/sqlite_rows.hpp"

#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

namespace skymarshal::agents::ops {
namespace {

namespace fs = std::filesystem;

Error wrong(std::string message) { return make_error(Errc::invalid_request, std::move(message)); }

Result<Files> read_folder(const fs::path& folder) {
  Files files;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (entry->path().extension() != ".csv") continue;
    const std::string name = entry->path().filename().string();
    // Messages go to terminals.
    if (!is_plain_text(name)) return wrong("the name of a .csv file holds control characters or is no UTF-8");
    const std::uintmax_t bytes = entry->file_size(failure);
    if (failure) return wrong(fmt::format("{}: cannot be read: {}", name, failure.message()));
    // The reader refuses it by its size; its content is not needed for that.
    if (bytes > SheetLimits().file_bytes_max) {
      return wrong(fmt::format("{}: is larger than {} bytes", name, SheetLimits().file_bytes_max));
    }
    std::ifstream file(entry->path(), std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file) return wrong(fmt::format("{}: cannot be read", name));
    files.emplace(name, std::move(content));
  }
  if (failure) return wrong(fmt::format("the folder cannot be read: {}", failure.message()));
  return files;
}

Files read_sample() {
  Files files;
  for (const SampleFile& file : sample_files()) files.emplace(file.name, file.content);
  return files;
}

Result<Sheets> check(const Files& files) {
  Problems problems;
  Sheets sheets = read_sheets(files, SheetLimits(), problems);
  // What refers to a row that could not be read would only be blamed for it.
  if (problems.none()) check_references(sheets, problems);
  if (!problems.none()) return problems.as_error();
  return sheets;
}

template <typename Row>
Result<void> store_sheet(SqliteDatabase& database, const Sheet<Row>& sheet, ImportReport& report) {
  for (const Row& row : sheet.rows) {
    SqliteStatement insert = database.statement(Table<Row>::insert);
    bind_row(insert, row);
    if (auto stored = insert.run(); !stored) return stored;
  }
  report.rows.emplace_back(Table<Row>::file, sheet.rows.size());
  return {};
}

Result<void> store_all(SqliteDatabase& database, const Sheets& sheets, ImportReport& report) {
  Result<void> stored = renew_tables(database);
  std::apply(
      [&](const auto&... sheet) { ((stored = stored ? store_sheet(database, sheet, report) : stored), ...); },
      sheets);
  return stored;
}

Result<ImportReport> store(SqliteDatabase& database, const Sheets& sheets) {
  ImportReport report;
  if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) return begun.error();
  auto stored = store_all(database, sheets, report);
  if (stored) stored = database.run("COMMIT");
  if (!stored && database.in_transaction()) (void)database.run("ROLLBACK");
  if (!stored) return stored.error();
  return report;
}

/// Seen by a reader, as opening a file for writing takes it from everybody else.
Result<void> refuse_files_of_others(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return {};
  auto database = SqliteDatabase::open(path, {.access = SqliteDatabase::Access::read_only});
  if (!database) return database.error();
  const auto owner = owner_of(*database);
  if (!owner) return owner.error();
  if (*owner == FileOwner::another_program)
    return unusable_database("is a file of another program: choose another path");
  if (*owner == FileOwner::newer_version)
    return unusable_database("was written by a newer SkyMarshal: update the program");
  return {};
}

Result<ImportReport> import_files(const Files& files, const fs::path& path) {
  const auto sheets = check(files);
  if (!sheets) return sheets.error();
  if (auto free = refuse_files_of_others(path); !free) return free.error();
  auto database = SqliteDatabase::open(path, {});
  if (!database) return database.error();
  const auto kept = database->keep_write_ahead_log();
  if (!kept) return kept.error();
  if (!*kept) return unusable_database("cannot keep a write-ahead log there: choose a local file system");
  return store(*database, *sheets);
}

}  // namespace

Result<ImportReport> import_folder(const fs::path& folder, const fs::path& database) {
  const auto files = read_folder(folder);
  if (!files) return files.error();
  return import_files(*files, database);
}

Result<ImportReport> import_sample(const fs::path& database) { return import_files(read_sample(), database); }

Result<SqliteDatabase> sample_in_memory() {
  const auto sheets = check(read_sample());
  if (!sheets) return sheets.error();
  auto database = SqliteDatabase::open_in_memory();
  if (!database) return database.error();
  if (auto stored = store(*database, *sheets); !stored) return stored.error();
  return database;
}

}  // namespace skymarshal::agents::ops

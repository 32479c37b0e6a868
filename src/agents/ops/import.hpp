// From a folder of CSV files (RFC 4180) to an operations database: all of it, or nothing.
#pragma once

#include "base/error.hpp"
#include "base/sqlite_database.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace skymarshal::agents::ops {

struct ImportReport {
  /// Rows a file, in the order of import: {"airports.csv", 24}.
  std::vector<std::pair<std::string, std::size_t>> rows;
};

/// Replaces what `database` holds by the CSV files in `folder`. Files that are absent are empty tables,
/// except airports.csv, fleet.csv and flights.csv. Columns are found by the names in the first line. Fails
/// with Errc::invalid_request and up to 20 problems, a line each ("flights.csv:12: destination: XXX is in no
/// row of airports.csv"), and leaves the database as it was.
Result<ImportReport> import_folder(const std::filesystem::path& folder,
                                   const std::filesystem::path& database);

/// The same from the sample day that is built into the program.
Result<ImportReport> import_sample(const std::filesystem::path& database);
/// The same in a database of the returned connection alone; see OperationsDatabase::sample.
Result<SqliteDatabase> sample_in_memory();

}  // namespace skymarshal::agents::ops

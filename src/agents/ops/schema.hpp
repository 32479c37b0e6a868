// The tables of the operations database, and whose file it is.
#pragma once

#include "base/sqlite_database.hpp"

#include <string_view>

namespace skymarshal::agents::ops {

/// What `PRAGMA application_id` says of our files: "SKYO".
inline constexpr std::int64_t application_id = 0x534B594F;
/// What `PRAGMA user_version` says of a file this program writes.
inline constexpr std::int64_t schema_version = 1;

enum class FileOwner {
  /// Empty: nobody's yet.
  nobody,
  /// Operations data of this version.
  ours,
  older_version,
  newer_version,
  another_program,
};
Result<FileOwner> owner_of(SqliteDatabase& database);

/// Drops what operations data there is and makes the tables anew, empty. Within the caller's transaction, so
/// that readers see the old tables until it commits.
Result<void> renew_tables(SqliteDatabase& database);

/// The same words for whatever is wrong with a file that should hold operations data.
Error unusable_database(std::string_view problem);

}  // namespace skymarshal::agents::ops

// The tables of the session database and how older files are brought up to them.
// Called once a file, at start, before any other connection uses it.
#pragma once

#include "base/sqlite_database.hpp"

namespace skymarshal::store {

/// What `PRAGMA application_id` says of our files: "SKYM".
inline constexpr std::int64_t application_id = 0x534B594D;
/// What `PRAGMA user_version` says of a file this program writes.
inline constexpr std::int64_t schema_version = 4;

/// What a query answers that meets what this program never wrote.
Error not_ours();

/// Makes a new file ours, brings an older one up to schema_version step by step (in one transaction), and
/// refuses, untouched, a file of a newer version or of another program.
Result<void> prepare_schema(SqliteDatabase& database);

}  // namespace skymarshal::store

#include "store/sqlite_schema.hpp"

#include <array>

#include <fmt/format.h>

namespace skymarshal::store {
namespace {

// Interactions refer to their session by a number that grows, not by its random UUID: new rows of both
// indexes then lie close together, and a commit writes few pages.
constexpr const char* create_tables = R"sql(
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

CREATE TABLE probe (
  probe_key INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL
) STRICT;

PRAGMA application_id = 0x534B594D;
PRAGMA user_version = 1;
)sql";

// A session is looked up by its owner and its id at once. The index on session_id alone only keeps ids
// unique: it knows the sessions of strangers, and what it finds takes longer than what it misses.
constexpr const char* index_sessions_by_owner = R"sql(
CREATE INDEX sessions_by_owner_and_id ON sessions (user_id, session_id);
PRAGMA user_version = 2;
)sql";

// An invocation that was begun, and what it said: batches of chunks, one chunk a line. The prompt stands here
// until it has ended; then its interaction has it, and has the answer, which is kept nowhere else. It is
// looked up by its owner and its id, as sessions are and for the same reason.
constexpr const char* create_invocations = R"sql(
CREATE TABLE invocations (
  invocation_key INTEGER PRIMARY KEY,
  session_key INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
  request_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  runner TEXT NOT NULL,
  prompt TEXT NOT NULL,
  accepted_at_ms INTEGER NOT NULL,
  state TEXT NOT NULL,
  ended_at_ms INTEGER,
  ending TEXT NOT NULL,
  journal_removed INTEGER NOT NULL,
  idempotency_key TEXT,
  fingerprint TEXT NOT NULL,
  UNIQUE (user_id, request_id),
  UNIQUE (user_id, idempotency_key)
) STRICT;
CREATE INDEX invocations_of_session ON invocations (session_key);
CREATE INDEX invocations_of_user ON invocations (user_id, accepted_at_ms, request_id);
CREATE INDEX invocations_that_run ON invocations (runner) WHERE ended_at_ms IS NULL;
CREATE INDEX invocations_with_journal ON invocations (ended_at_ms) WHERE journal_removed = 0;

CREATE TABLE journal_batches (
  batch_key INTEGER PRIMARY KEY,
  invocation_key INTEGER NOT NULL REFERENCES invocations ON DELETE CASCADE,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  chunks TEXT NOT NULL,
  UNIQUE (invocation_key, first_seq)
) STRICT;

CREATE VIEW invocation_rows AS
SELECT invocation_key, session_key, request_id, session_id, invocations.user_id AS user_id, runner, prompt,
  accepted_at_ms, state, ended_at_ms, ending, journal_removed, idempotency_key, fingerprint
FROM invocations JOIN sessions USING (session_key);

PRAGMA user_version = 3;
)sql";

// What was claimed in a session that has been erased: the key stays taken for as long as any. Since its end,
// or since it was accepted.
constexpr const char* create_erased_claims = R"sql(
CREATE TABLE erased_claims (
  user_id TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, idempotency_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX erased_claims_by_age ON erased_claims (since_ms);

PRAGMA user_version = 4;
)sql";

/// The step at index n leads from version n to version n + 1 and sets it. Steps are never changed once
/// released; new ones are added.
constexpr std::array<const char*, schema_version> migrations = {create_tables, index_sessions_by_owner,
                                                                create_invocations, create_erased_claims};

Result<std::int64_t> read_version(SqliteDatabase& database) {
  const auto version = database.number("PRAGMA user_version");
  if (!version) return version.error();
  if (*version > schema_version) {
    return make_error(
        Errc::store_unavailable,
        fmt::format("the session database has schema version {}, written by a newer SkyMarshal; "
                    "this one knows versions up to {}: update the program",
                    *version, schema_version));
  }
  return *version;
}

Result<void> check_owner(SqliteDatabase& database) {
  const auto id = database.number("PRAGMA application_id");
  if (!id) return id.error();
  const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables.error();
  const bool is_new = *id == 0 && *tables == 0;
  if (*id == application_id || is_new) return {};
  return make_error(Errc::store_unavailable,
                    "the session database is a file of another program: choose another path");
}

Result<void> use_write_ahead_log(SqliteDatabase& database) {
  const Result<bool> kept = database.keep_write_ahead_log();
  if (!kept) return kept.error();
  if (*kept) return {};
  return make_error(Errc::store_unavailable,
                    "the session database cannot keep a write-ahead log there: choose a local file system");
}

Result<void> migrate(SqliteDatabase& database) {
  // Another process may have been first while this one waited for the file.
  const auto version = read_version(database);
  if (!version) return version.error();
  for (auto step = static_cast<std::size_t>(*version); step < migrations.size(); ++step) {
    if (auto migrated = database.execute(migrations[step]); !migrated) return migrated;
  }
  return {};
}

}  // namespace

Error not_ours() {
  return make_error(Errc::store_unavailable, "the session database holds what this program never wrote");
}

Result<void> prepare_schema(SqliteDatabase& database) {
  if (auto ours = check_owner(database); !ours) return ours;
  const auto version = read_version(database);
  if (!version) return version.error();
  if (auto logged = use_write_ahead_log(database); !logged) return logged;
  if (*version == schema_version) return {};

  if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) return begun;
  auto migrated = migrate(database);
  if (migrated) migrated = database.run("COMMIT");
  if (!migrated && database.in_transaction()) (void)database.run("ROLLBACK");
  return migrated;
}

}  // namespace skymarshal::store

// What the session store asks of its database, one function a question.
// Called on a database thread, inside a transaction that the caller began. Knows no clock and no cursor:
// times and positions are parameters. A database that fails, or holds what we never wrote, is
// Errc::store_unavailable.
#pragma once

#include "base/sqlite_database.hpp"
#include "invocations/session_store.hpp"
#include "store/page_cursor.hpp"

#include <limits>
#include <optional>
#include <vector>

namespace skymarshal::store {

struct StoredSession {
  /// Its number in this database.
  std::int64_t key = 0;
  /// `expired` is left to the caller.
  invocations::Session session;
};

/// A session by its owner and its id, in one index: one of somebody else is as absent there as one that never
/// was, and takes as long to be missed.
Result<std::optional<StoredSession>> find_session(SqliteDatabase& database, const Principal& owner,
                                                  const SessionId& id);

/// Its key. Nullopt: somebody, perhaps `owner`, has a session of that id.
Result<std::optional<std::int64_t>> insert_session(SqliteDatabase& database, const SessionId& id,
                                                   const Principal& owner, WallTime created_at);

/// At exactly that age it is still active.
bool is_expired(const invocations::Session& session, WallTime now, Milliseconds expire_after);

/// As SessionStore::claim, at `now`.
Result<StoredSession> claim_session(SqliteDatabase& database, const SessionId& id, const Principal& principal,
                                    WallTime now, Milliseconds expire_after);

/// As SessionStore::save.
Result<void> insert_interaction(SqliteDatabase& database, const invocations::Interaction& interaction);

/// What the request's interaction in that session says; it stays where it is. Nothing if it has none.
Result<void> replace_interaction(SqliteDatabase& database, std::int64_t session_key,
                                 const invocations::Interaction& interaction);

struct SessionRange {
  Principal owner;
  /// Bounds of the last activity, both included.
  std::int64_t activity_min_ms = std::numeric_limits<std::int64_t>::min();
  std::int64_t activity_max_ms = std::numeric_limits<std::int64_t>::max();
  /// Only what comes after this in the list's order.
  PagePosition after = {std::numeric_limits<std::int64_t>::max(), {}};
  std::size_t limit = 0;
};

/// Newest activity first; ids in falling order where it is the same.
Result<std::vector<invocations::Session>> list_sessions(SqliteDatabase& database, const SessionRange& range);

struct InteractionRange {
  std::int64_t after_ms = std::numeric_limits<std::int64_t>::min();
  std::size_t limit = 0;
  /// The page ends with the interaction that brings its prompts and responses over this.
  std::size_t bytes_max = 0;
};

struct InteractionPage {
  std::vector<invocations::Interaction> interactions;
  bool has_more = false;
};

/// Oldest first.
Result<InteractionPage> list_interactions(SqliteDatabase& database, const StoredSession& session,
                                          const InteractionRange& range);

/// With its interactions. False: `owner` has no such session.
Result<bool> delete_session(SqliteDatabase& database, const Principal& owner, const SessionId& id);

struct RemovedBatch {
  std::size_t sessions = 0;
  bool has_more = false;
};

/// Deletes up to `rows_max` interactions and sessions whose last activity was before `before_ms`.
Result<RemovedBatch> delete_old_batch(SqliteDatabase& database, std::int64_t before_ms, std::size_t rows_max);

/// Reads, and changes, a row that means nothing.
Result<void> probe_read(SqliteDatabase& database);
Result<void> probe_write(SqliteDatabase& database, WallTime now);

}  // namespace skymarshal::store

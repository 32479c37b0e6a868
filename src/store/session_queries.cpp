#include "store/session_queries.hpp"

#include "invocations/session_errors.hpp"
#include "store/session_codec.hpp"
#include "store/sqlite_schema.hpp"

namespace skymarshal::store {
namespace {

using invocations::Interaction;
using invocations::Session;

/// Columns: session_key, session_id, user_id, created_at_ms, last_activity_ms, interaction_count.
std::optional<StoredSession> read_session(const SqliteStatement& row) {
  const auto id = SessionId::parse(row.text(1));
  if (!id) return std::nullopt;
  StoredSession stored;
  stored.key = row.integer(0);
  stored.session.id = *id;
  stored.session.owner.id = row.text(2);
  stored.session.created_at = from_unix_ms(row.integer(3));
  stored.session.last_activity_at = from_unix_ms(row.integer(4));
  stored.session.interaction_count = row.integer(5);
  return stored;
}

Result<std::optional<StoredSession>> read_one_session(SqliteStatement& query) {
  const Result<bool> row = query.step();
  if (!row) return row.error();
  if (!*row) return std::optional<StoredSession>();
  auto stored = read_session(query);
  if (!stored) return not_ours();
  return stored;
}

/// Where an interaction is saved.
struct Place {
  std::int64_t session_key = 0;
  std::int64_t timestamp_ms = 0;
};

Result<bool> has_interaction(SqliteDatabase& database, std::int64_t session_key, const RequestId& id) {
  SqliteStatement query =
      database.statement("SELECT 1 FROM interactions WHERE session_key = ? AND request_id = ?");
  query.bind(session_key).bind(id.view());
  return query.step();
}

/// The first millisecond from `wanted_ms` on at which the session has no interaction.
Result<std::int64_t> free_timestamp(SqliteDatabase& database, std::int64_t session_key,
                                    std::int64_t wanted_ms) {
  SqliteStatement query = database.statement(
      "SELECT timestamp_ms FROM interactions WHERE session_key = ? AND timestamp_ms >= ? "
      "ORDER BY timestamp_ms");
  query.bind(session_key).bind(wanted_ms);
  for (;;) {
    const Result<bool> row = query.step();
    if (!row) return row.error();
    if (!*row || query.integer(0) != wanted_ms) return wanted_ms;
    ++wanted_ms;
  }
}

/// Nullopt: the session has it already.
Result<std::optional<Place>> place_in_session(SqliteDatabase& database, std::int64_t session_key,
                                              const Interaction& interaction) {
  const auto known = has_interaction(database, session_key, interaction.request_id);
  if (!known) return known.error();
  if (*known) return std::optional<Place>();
  const auto timestamp = free_timestamp(database, session_key, unix_ms(interaction.timestamp));
  if (!timestamp) return timestamp.error();
  return std::optional(Place{session_key, *timestamp});
}

/// In its session, which is made if nobody has it.
Result<std::optional<Place>> find_place(SqliteDatabase& database, const Interaction& interaction) {
  const auto found = find_session(database, interaction.principal, interaction.session_id);
  if (!found) return found.error();
  if (*found) return place_in_session(database, (*found)->key, interaction);
  const auto made =
      insert_session(database, interaction.session_id, interaction.principal, interaction.timestamp);
  if (!made) return made.error();
  if (!*made) return invocations::session_not_found();
  return std::optional(Place{**made, unix_ms(interaction.timestamp)});
}

/// Columns: timestamp_ms, request_id, status, execution_time_ms, error_message, prompt, response.
std::optional<Interaction> read_interaction(const SqliteStatement& row, const Session& session) {
  const auto request_id = RequestId::parse(row.text(1));
  const auto status = parse_status(row.text(2));
  if (!request_id || !status) return std::nullopt;
  Interaction interaction;
  interaction.session_id = session.id;
  interaction.request_id = *request_id;
  interaction.principal = session.owner;
  interaction.timestamp = from_unix_ms(row.integer(0));
  interaction.status = *status;
  interaction.execution_time_ms = row.integer(3);
  interaction.error_message = row.text(4);
  interaction.prompt = row.text(5);
  interaction.response = share_text(std::string(row.text(6)));
  return interaction;
}

struct OldSession {
  std::int64_t key;
  std::int64_t interaction_count;
};

Result<std::optional<OldSession>> oldest_session(SqliteDatabase& database, std::int64_t before_ms) {
  SqliteStatement query = database.statement(
      "SELECT session_key, interaction_count FROM sessions WHERE last_activity_ms < ? "
      "ORDER BY last_activity_ms LIMIT 1");
  query.bind(before_ms);
  const Result<bool> row = query.step();
  if (!row) return row.error();
  if (!*row) return std::optional<OldSession>();
  return std::optional(OldSession{query.integer(0), query.integer(1)});
}

/// Takes away the oldest interactions of a session; the count follows, so that a session that is used again
/// half-way stays right.
Result<void> delete_some_interactions(SqliteDatabase& database, std::int64_t session_key,
                                      std::int64_t count) {
  SqliteStatement remove = database.statement(
      "DELETE FROM interactions WHERE interaction_key IN (SELECT interaction_key FROM interactions "
      "WHERE session_key = ? ORDER BY timestamp_ms LIMIT ?)");
  if (auto removed = remove.bind(session_key).bind(count).run(); !removed) return removed;
  SqliteStatement update = database.statement(
      "UPDATE sessions SET interaction_count = interaction_count - ? WHERE session_key = ?");
  return update.bind(count).bind(session_key).run();
}

/// What ran in it was paid for: nothing of it runs again under its key.
Result<void> keep_claims(SqliteDatabase& database, std::int64_t session_key) {
  SqliteStatement keep = database.statement(
      "INSERT OR REPLACE INTO erased_claims (user_id, idempotency_key, request_id, fingerprint, since_ms) "
      "SELECT user_id, idempotency_key, request_id, fingerprint, coalesce(ended_at_ms, accepted_at_ms) "
      "FROM invocations WHERE session_key = ? AND idempotency_key IS NOT NULL");
  return keep.bind(session_key).run();
}

Result<void> delete_by_key(SqliteDatabase& database, std::int64_t session_key) {
  SqliteStatement remove = database.statement("DELETE FROM sessions WHERE session_key = ?");
  return remove.bind(session_key).run();
}

}  // namespace

// By this index alone, whatever the planner thinks of the one on session_id: it would find a session of
// somebody else, and take longer over it than over none.
Result<std::optional<StoredSession>> find_session(SqliteDatabase& database, const Principal& owner,
                                                  const SessionId& id) {
  SqliteStatement query = database.statement(
      "SELECT session_key, session_id, user_id, created_at_ms, last_activity_ms, interaction_count "
      "FROM sessions INDEXED BY sessions_by_owner_and_id WHERE user_id = ? AND session_id = ?");
  query.bind(owner.id).bind(id.view());
  return read_one_session(query);
}

// Without RETURNING: for that, SQLite makes a temporary table each time, and it shows in what a commit costs.
Result<std::optional<std::int64_t>> insert_session(SqliteDatabase& database, const SessionId& id,
                                                   const Principal& owner, WallTime created_at) {
  SqliteStatement insert = database.statement(
      "INSERT INTO sessions (session_id, user_id, created_at_ms, last_activity_ms, interaction_count) "
      "VALUES (?1, ?2, ?3, ?3, 0) ON CONFLICT (session_id) DO NOTHING");
  if (auto run = insert.bind(id.view()).bind(owner.id).bind(unix_ms(created_at)).run(); !run)
    return run.error();
  return database.changes() == 1 ? std::optional(database.inserted_key()) : std::nullopt;
}

bool is_expired(const Session& session, WallTime now, Milliseconds expire_after) {
  return now - session.last_activity_at > expire_after;
}

Result<StoredSession> claim_session(SqliteDatabase& database, const SessionId& id, const Principal& principal,
                                    WallTime now, Milliseconds expire_after) {
  const auto inserted = insert_session(database, id, principal, now);
  if (!inserted) return inserted.error();
  if (*inserted) return StoredSession{**inserted, {id, principal, now, now, 0, false}};
  auto existing = find_session(database, principal, id);
  if (!existing) return existing.error();
  if (!*existing) return invocations::session_not_found();
  if (is_expired((*existing)->session, now, expire_after)) return invocations::session_expired();
  return **existing;
}

Result<void> insert_interaction(SqliteDatabase& database, const Interaction& interaction) {
  const auto place = find_place(database, interaction);
  if (!place) return place.error();
  if (!*place) return {};

  SqliteStatement insert = database.statement(
      "INSERT INTO interactions (session_key, timestamp_ms, request_id, status, execution_time_ms, "
      "error_message, prompt, response) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind((*place)->session_key).bind((*place)->timestamp_ms).bind(interaction.request_id.view());
  insert.bind(to_text(interaction.status)).bind(interaction.execution_time_ms);
  insert.bind(interaction.error_message).bind(interaction.prompt).bind(*interaction.response);
  if (auto inserted = insert.run(); !inserted) return inserted;

  SqliteStatement update = database.statement(
      "UPDATE sessions SET last_activity_ms = max(last_activity_ms, ?), "
      "interaction_count = interaction_count + 1 WHERE session_key = ?");
  return update.bind((*place)->timestamp_ms).bind((*place)->session_key).run();
}

Result<void> replace_interaction(SqliteDatabase& database, std::int64_t session_key,
                                 const Interaction& interaction) {
  SqliteStatement update = database.statement(
      "UPDATE interactions SET status = ?, execution_time_ms = ?, error_message = ?, response = ? "
      "WHERE session_key = ? AND request_id = ?");
  update.bind(to_text(interaction.status)).bind(interaction.execution_time_ms);
  update.bind(interaction.error_message).bind(*interaction.response);
  return update.bind(session_key).bind(interaction.request_id.view()).run();
}

Result<std::vector<Session>> list_sessions(SqliteDatabase& database, const SessionRange& range) {
  SqliteStatement query = database.statement(
      "SELECT session_key, session_id, user_id, created_at_ms, last_activity_ms, interaction_count "
      "FROM sessions WHERE user_id = ? AND last_activity_ms >= ? AND last_activity_ms <= ? "
      "AND (last_activity_ms, session_id) < (?, ?) "
      "ORDER BY last_activity_ms DESC, session_id DESC LIMIT ?");
  query.bind(range.owner.id).bind(range.activity_min_ms).bind(range.activity_max_ms);
  query.bind(range.after.time_ms).bind(range.after.name).bind(static_cast<std::int64_t>(range.limit));

  std::vector<Session> sessions;
  for (;;) {
    const Result<bool> row = query.step();
    if (!row) return row.error();
    if (!*row) return sessions;
    auto stored = read_session(query);
    if (!stored) return not_ours();
    sessions.push_back(std::move(stored->session));
  }
}

Result<InteractionPage> list_interactions(SqliteDatabase& database, const StoredSession& session,
                                          const InteractionRange& range) {
  SqliteStatement query = database.statement(
      "SELECT timestamp_ms, request_id, status, execution_time_ms, error_message, prompt, response "
      "FROM interactions WHERE session_key = ? AND timestamp_ms > ? ORDER BY timestamp_ms");
  query.bind(session.key).bind(range.after_ms);

  InteractionPage page;
  std::size_t bytes = 0;
  for (;;) {
    const Result<bool> row = query.step();
    if (!row) return row.error();
    if (!*row) return page;
    page.has_more = page.interactions.size() == range.limit || bytes > range.bytes_max;
    if (page.has_more) return page;
    auto interaction = read_interaction(query, session.session);
    if (!interaction) return not_ours();
    bytes += interaction->prompt.size() + interaction->response->size();
    page.interactions.push_back(std::move(*interaction));
  }
}

Result<bool> delete_session(SqliteDatabase& database, const Principal& owner, const SessionId& id) {
  const auto session = find_session(database, owner, id);
  if (!session) return session.error();
  if (!*session) return false;
  if (auto kept = keep_claims(database, (*session)->key); !kept) return kept.error();
  const auto deleted = delete_by_key(database, (*session)->key);
  if (!deleted) return deleted.error();
  return true;
}

Result<RemovedBatch> delete_old_batch(SqliteDatabase& database, std::int64_t before_ms,
                                      std::size_t rows_max) {
  RemovedBatch batch;
  auto rows_left = static_cast<std::int64_t>(rows_max);
  for (;;) {
    const auto oldest = oldest_session(database, before_ms);
    if (!oldest) return oldest.error();
    if (!*oldest) return batch;
    batch.has_more = rows_left <= 0;
    if (batch.has_more) return batch;

    const OldSession session = **oldest;
    const bool whole = session.interaction_count < rows_left;
    const auto deleted = whole ? delete_by_key(database, session.key)
                               : delete_some_interactions(database, session.key, rows_left);
    if (!deleted) return deleted.error();
    rows_left -= whole ? session.interaction_count + 1 : rows_left;
    batch.sessions += whole ? 1 : 0;
  }
}

Result<void> probe_read(SqliteDatabase& database) {
  return database.run("SELECT at_ms FROM probe WHERE probe_key = 1");
}

Result<void> probe_write(SqliteDatabase& database, WallTime now) {
  SqliteStatement write = database.statement("INSERT OR REPLACE INTO probe (probe_key, at_ms) VALUES (1, ?)");
  return write.bind(unix_ms(now)).run();
}

}  // namespace skymarshal::store

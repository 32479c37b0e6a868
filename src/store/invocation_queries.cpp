#include "store/invocation_queries.hpp"

#include "invocations/invocation_errors.hpp"
#include "store/invocation_codec.hpp"
#include "store/sqlite_schema.hpp"

#include <span>
#include <utility>

namespace skymarshal::store {
namespace {

using invocations::InvocationEnd;
using invocations::InvocationHead;
using invocations::InvocationRecord;
using invocations::InvocationState;
using invocations::JournalBatch;

constexpr char between_chunks = '\n';

/// Columns: request_id, session_id, user_id, accepted_at_ms, state, ended_at_ms, fingerprint.
std::optional<InvocationHead> read_head(const SqliteStatement& row) {
  const auto request_id = RequestId::parse(row.text(0));
  const auto session_id = SessionId::parse(row.text(1));
  const auto state = invocations::parse_invocation_state(row.text(4));
  if (!request_id || !session_id || !state) return std::nullopt;
  InvocationHead head;
  head.request_id = *request_id;
  head.session_id = *session_id;
  head.owner.id = row.text(2);
  head.accepted_at = from_unix_ms(row.integer(3));
  head.state = *state;
  if (!row.is_null(5)) head.ended_at = from_unix_ms(row.integer(5));
  head.fingerprint = row.text(6);
  return head;
}

/// Columns as above, then invocation_key, session_key, ending, journal_removed.
Result<std::optional<StoredInvocation>> read_one_invocation(SqliteStatement& query) {
  const Result<bool> row = query.step();
  if (!row) return row.error();
  if (!*row) return std::optional<StoredInvocation>();
  auto head = read_head(query);
  if (!head) return not_ours();
  StoredInvocation stored;
  stored.head = *std::move(head);
  stored.key = query.integer(7);
  stored.session_key = query.integer(8);
  stored.ending = query.text(9);
  stored.journal_removed = query.integer(10) != 0;
  return std::optional(std::move(stored));
}

/// Columns: request_id, session_id, user_id, prompt, accepted_at_ms, runner, idempotency_key, fingerprint,
/// state.
std::optional<InvocationRecord> read_record(const SqliteStatement& row) {
  const auto request_id = RequestId::parse(row.text(0));
  const auto session_id = SessionId::parse(row.text(1));
  if (!request_id || !session_id) return std::nullopt;
  InvocationRecord record;
  record.request_id = *request_id;
  record.session_id = *session_id;
  record.owner.id = row.text(2);
  record.prompt = row.text(3);
  record.accepted_at = from_unix_ms(row.integer(4));
  record.runner = row.text(5);
  if (!row.is_null(6)) record.claim = {std::string(row.text(6)), std::string(row.text(7))};
  record.waits = row.text(8) == to_text(InvocationState::queued);
  return record;
}

/// Of an erased session, no more is known of it than its name and what it meant.
Result<std::optional<StoredInvocation>> find_erased_claimant(SqliteDatabase& database, const Principal& owner,
                                                             std::string_view idempotency_key) {
  SqliteStatement query = database.statement(
      "SELECT request_id, fingerprint FROM erased_claims WHERE user_id = ? AND idempotency_key = ?");
  const Result<bool> row = query.bind(owner.id).bind(idempotency_key).step();
  if (!row) return row.error();
  if (!*row) return std::optional<StoredInvocation>();
  const auto request_id = RequestId::parse(query.text(0));
  if (!request_id) return not_ours();
  StoredInvocation stored;
  stored.head.request_id = *request_id;
  stored.head.owner = owner;
  stored.head.fingerprint = query.text(1);
  return std::optional(std::move(stored));
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (;;) {
    const std::size_t at = text.find(between_chunks);
    lines.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return lines;
    text.remove_prefix(at + 1);
  }
}

/// Chunks are JSON on one line each.
std::string as_lines(std::span<const std::string> chunks) {
  std::string lines;
  for (const std::string& chunk : chunks) {
    if (!lines.empty()) lines += between_chunks;
    lines += chunk;
  }
  return lines;
}

}  // namespace

Result<std::optional<StoredInvocation>> find_invocation(SqliteDatabase& database, const Principal& owner,
                                                        const RequestId& id) {
  SqliteStatement query = database.statement(
      "SELECT request_id, session_id, user_id, accepted_at_ms, state, ended_at_ms, fingerprint, "
      "invocation_key, session_key, ending, journal_removed "
      "FROM invocation_rows WHERE user_id = ? AND request_id = ?");
  query.bind(owner.id).bind(id.view());
  return read_one_invocation(query);
}

Result<std::optional<StoredInvocation>> find_claimant(SqliteDatabase& database, const Principal& owner,
                                                      std::string_view idempotency_key) {
  SqliteStatement query = database.statement(
      "SELECT request_id, session_id, user_id, accepted_at_ms, state, ended_at_ms, fingerprint, "
      "invocation_key, session_key, ending, journal_removed "
      "FROM invocation_rows WHERE user_id = ? AND idempotency_key = ?");
  query.bind(owner.id).bind(idempotency_key);
  auto claimant = read_one_invocation(query);
  if (!claimant || *claimant) return claimant;
  return find_erased_claimant(database, owner, idempotency_key);
}

Result<bool> insert_invocation(SqliteDatabase& database, const InvocationRecord& record,
                               std::int64_t session_key) {
  SqliteStatement insert = database.statement(
      "INSERT INTO invocations (session_key, request_id, user_id, runner, prompt, accepted_at_ms, state, "
      "ending, journal_removed, fingerprint, idempotency_key) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, '', 0, ?, ?) ON CONFLICT (user_id, request_id) DO NOTHING");
  insert.bind(session_key).bind(record.request_id.view()).bind(record.owner.id).bind(record.runner);
  insert.bind(record.prompt).bind(unix_ms(record.accepted_at));
  insert.bind(to_text(record.waits ? InvocationState::queued : InvocationState::running));
  if (record.claim) {
    insert.bind(record.claim->fingerprint).bind(record.claim->key);
  } else {
    insert.bind(std::string_view()).bind_null();
  }
  const auto inserted = insert.run();
  if (!inserted) return inserted.error();
  return database.changes() > 0;
}

Result<bool> start_invocation(SqliteDatabase& database, const Principal& owner, const RequestId& id) {
  SqliteStatement update = database.statement(
      "UPDATE invocations SET state = 'running' "
      "WHERE user_id = ? AND request_id = ? AND state IN ('queued', 'running')");
  if (const auto updated = update.bind(owner.id).bind(id.view()).run(); !updated) return updated.error();
  return database.changes() > 0;
}

Result<void> insert_batch(SqliteDatabase& database, std::int64_t invocation_key, const JournalBatch& batch) {
  if (batch.chunks.empty()) return {};
  const auto kept = last_chunk(database, invocation_key);
  if (!kept) return kept.error();
  // A batch may come again, and may have grown: an attempt that was told as failed may have been kept.
  const std::uint64_t known = *kept >= batch.first_seq ? *kept - batch.first_seq + 1 : 0;
  if (known >= batch.chunks.size()) return {};
  const std::span<const std::string> fresh = std::span(batch.chunks).subspan(known);
  const std::string lines = as_lines(fresh);
  const auto first = static_cast<std::int64_t>(batch.first_seq + known);
  SqliteStatement insert = database.statement(
      "INSERT INTO journal_batches (invocation_key, first_seq, last_seq, chunks) VALUES (?, ?, ?, ?)");
  insert.bind(invocation_key).bind(first).bind(first + static_cast<std::int64_t>(fresh.size()) - 1);
  return insert.bind(lines).run();
}

Result<void> end_invocation(SqliteDatabase& database, std::int64_t invocation_key, const InvocationEnd& end,
                            bool releases_claim) {
  const std::string ending = encode_ending(end);
  SqliteStatement update = database.statement(
      "UPDATE invocations SET state = ?, ended_at_ms = ?, ending = ?, prompt = '', "
      "idempotency_key = CASE WHEN ? THEN NULL ELSE idempotency_key END WHERE invocation_key = ?");
  update.bind(to_text(invocations::state_of(end))).bind(unix_ms(end.ended_at)).bind(ending);
  return update.bind(std::int64_t{releases_claim ? 1 : 0}).bind(invocation_key).run();
}

Result<void> delete_unfinished(SqliteDatabase& database, const Principal& owner, const RequestId& id) {
  SqliteStatement remove = database.statement(
      "DELETE FROM invocations WHERE user_id = ? AND request_id = ? AND ended_at_ms IS NULL");
  return remove.bind(owner.id).bind(id.view()).run();
}

Result<std::uint64_t> last_chunk(SqliteDatabase& database, std::int64_t invocation_key) {
  SqliteStatement query = database.statement(
      "SELECT last_seq FROM journal_batches WHERE invocation_key = ? "
      "ORDER BY first_seq DESC LIMIT 1");
  const Result<bool> row = query.bind(invocation_key).step();
  if (!row) return row.error();
  return *row ? static_cast<std::uint64_t>(query.integer(0)) : 0;
}

Result<FoundChunks> list_chunks(SqliteDatabase& database, std::int64_t invocation_key, std::uint64_t after,
                                std::size_t bytes_max) {
  SqliteStatement query = database.statement(
      "SELECT first_seq, chunks FROM journal_batches WHERE invocation_key = ? AND last_seq > ? "
      "ORDER BY first_seq");
  query.bind(invocation_key).bind(static_cast<std::int64_t>(after));
  FoundChunks found;
  found.batch.first_seq = after + 1;
  std::size_t bytes = 0;
  for (;;) {
    const Result<bool> row = query.step();
    if (!row) return row.error();
    if (!*row) return found;
    found.has_more = bytes > bytes_max;
    if (found.has_more) return found;
    auto seq = static_cast<std::uint64_t>(query.integer(0));
    for (const std::string_view chunk : lines_of(query.text(1))) {
      if (seq++ <= after) continue;
      bytes += chunk.size();
      found.batch.chunks.emplace_back(chunk);
    }
  }
}

Result<SharedText> find_answer(SqliteDatabase& database, const StoredInvocation& invocation) {
  SqliteStatement query =
      database.statement("SELECT response FROM interactions WHERE session_key = ? AND request_id = ?");
  query.bind(invocation.session_key).bind(invocation.head.request_id.view());
  const Result<bool> row = query.step();
  if (!row) return row.error();
  if (!*row) return invocations::invocation_not_found();
  return share_text(std::string(query.text(0)));
}

Result<std::vector<InvocationHead>> list_invocations(SqliteDatabase& database, const InvocationRange& range) {
  SqliteStatement query = database.statement(
      "SELECT request_id, session_id, user_id, accepted_at_ms, state, ended_at_ms, fingerprint "
      "FROM invocation_rows WHERE user_id = ?1 AND (accepted_at_ms, request_id) < (?2, ?3) "
      "AND (?4 = '' OR state = ?4) ORDER BY accepted_at_ms DESC, request_id DESC LIMIT ?5");
  query.bind(range.owner.id).bind(range.after.time_ms).bind(range.after.name);
  query.bind(range.state ? to_text(*range.state) : std::string_view());
  query.bind(static_cast<std::int64_t>(range.limit));
  std::vector<InvocationHead> heads;
  for (;;) {
    const Result<bool> row = query.step();
    if (!row) return row.error();
    if (!*row) return heads;
    auto head = read_head(query);
    if (!head) return not_ours();
    heads.push_back(*std::move(head));
  }
}

Result<std::vector<InvocationRecord>> list_running(SqliteDatabase& database, std::string_view runner) {
  SqliteStatement query = database.statement(
      "SELECT request_id, session_id, user_id, prompt, accepted_at_ms, runner, idempotency_key, fingerprint, "
      "state FROM invocation_rows WHERE runner = ? AND ended_at_ms IS NULL ORDER BY invocation_key");
  query.bind(runner);
  std::vector<InvocationRecord> records;
  for (;;) {
    const Result<bool> row = query.step();
    if (!row) return row.error();
    if (!*row) return records;
    auto record = read_record(query);
    if (!record) return not_ours();
    records.push_back(*std::move(record));
  }
}

Result<std::size_t> delete_old_journals(SqliteDatabase& database, std::int64_t before_ms,
                                        std::size_t rows_max) {
  SqliteStatement chunks = database.statement(
      "DELETE FROM journal_batches WHERE invocation_key IN (SELECT invocation_key FROM invocations "
      "WHERE journal_removed = 0 AND ended_at_ms < ? ORDER BY ended_at_ms, invocation_key LIMIT ?)");
  const auto limit = static_cast<std::int64_t>(rows_max);
  if (const auto deleted = chunks.bind(before_ms).bind(limit).run(); !deleted) return deleted.error();
  SqliteStatement erased = database.statement("DELETE FROM erased_claims WHERE since_ms < ?");
  if (const auto deleted = erased.bind(before_ms).run(); !deleted) return deleted.error();
  SqliteStatement mark = database.statement(
      "UPDATE invocations SET journal_removed = 1, idempotency_key = NULL WHERE invocation_key IN "
      "(SELECT invocation_key FROM invocations WHERE journal_removed = 0 AND ended_at_ms < ? "
      "ORDER BY ended_at_ms, invocation_key LIMIT ?)");
  if (const auto marked = mark.bind(before_ms).bind(limit).run(); !marked) return marked.error();
  return static_cast<std::size_t>(database.changes());
}

}  // namespace skymarshal::store

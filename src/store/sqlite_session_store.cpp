#include "store/sqlite_session_store.hpp"

#include "invocations/session_errors.hpp"
#include "store/page_cursor.hpp"
#include "store/session_queries.hpp"
#include "store/sqlite_schema.hpp"

#include <algorithm>

namespace skymarshal::store {

using boost::asio::awaitable;
using invocations::Interaction;
using invocations::PageRequest;
using invocations::SaveOutcome;
using invocations::Session;
using invocations::SessionFilter;
using invocations::SessionHistory;
using invocations::SessionPage;

namespace {

std::string list_scope(const Principal& principal, SessionFilter filter) {
  return "list " + std::to_string(static_cast<int>(filter)) + ' ' + principal.id;
}

std::string history_scope(const SessionId& id, const Principal& principal) {
  return "history " + id.str() + ' ' + principal.id;
}

/// Where a page starts; nullopt at the beginning of the list.
Result<std::optional<PagePosition>> read_cursor(const PageRequest& page, const std::string& scope) {
  if (page.limit == 0) return make_error(Errc::invalid_request, "limit must be at least 1");
  if (page.cursor.empty()) return std::optional<PagePosition>();
  auto position = decode_cursor(page.cursor, scope);
  if (!position) return position.error();
  return std::optional(std::move(*position));
}

struct FoundHistory {
  Session session;
  InteractionPage page;
};

}  // namespace

Result<std::unique_ptr<SqliteSessionStore>> SqliteSessionStore::open(Options options, const Clock& clock) {
  SqliteDatabase::Options access;
  auto writer = SqliteDatabase::open(options.path, access);
  if (!writer) return writer.error();
  if (const auto prepared = prepare_schema(*writer); !prepared) return prepared.error();

  access.access = SqliteDatabase::Access::read_only;
  std::vector<SqliteDatabase> readers;
  for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i) {
    auto reader = SqliteDatabase::open(options.path, access);
    if (!reader) return reader.error();
    readers.push_back(std::move(*reader));
  }
  return std::unique_ptr<SqliteSessionStore>(
      new SqliteSessionStore(std::move(options), clock, std::move(*writer), std::move(readers)));
}

SqliteSessionStore::SqliteSessionStore(Options options, const Clock& clock, SqliteDatabase writer,
                                       std::vector<SqliteDatabase> readers)
    : options_(std::move(options)),
      clock_(clock),
      readers_(std::move(readers), options_.queue_max),
      writer_(std::move(writer), options_.queue_max) {}

bool SqliteSessionStore::is_expired(const Session& session, WallTime now) const {
  return now - session.last_activity_at > options_.expire_after;
}

Result<Session> SqliteSessionStore::admit(Session session) const {
  if (is_expired(session, clock_.wall_now())) {
    return invocations::session_expired();
  }
  return session;
}

awaitable<Result<Session>> SqliteSessionStore::create(SessionId id, Principal owner) {
  const auto insert = [id, owner = std::move(owner),
                       now = clock_.wall_now()](SqliteDatabase& database) -> Result<Session> {
    const auto inserted = insert_session(database, id, owner, now);
    if (!inserted) return inserted.error();
    if (!*inserted) return make_error(Errc::internal, "the new session's id is in use");
    return Session{id, owner, now, now, 0, false};
  };
  return write<Session>(insert);
}

awaitable<Result<Session>> SqliteSessionStore::claim(SessionId id, Principal principal) {
  // Most sessions claimed are there already: those never wait for the writer.
  const auto look = [&id, &principal](SqliteDatabase& database) {
    return find_session(database, principal, id);
  };
  auto found = co_await read<std::optional<StoredSession>>(look);
  if (!found) co_return found.error();
  if (*found) co_return admit(std::move((*found)->session));

  const auto insert = [this, id, principal,
                       now = clock_.wall_now()](SqliteDatabase& database) -> Result<Session> {
    const auto inserted = insert_session(database, id, principal, now);
    if (!inserted) return inserted.error();
    if (*inserted) return Session{id, principal, now, now, 0, false};
    // Somebody was faster: another request of the same principal, or somebody else, at any time.
    auto existing = find_session(database, principal, id);
    if (!existing) return existing.error();
    if (!*existing) return invocations::session_not_found();
    return admit(std::move((*existing)->session));
  };
  co_return co_await write<Session>(insert);
}

awaitable<Result<SaveOutcome>> SqliteSessionStore::save(Interaction interaction) {
  auto insert = [interaction = std::move(interaction)](SqliteDatabase& database) -> Result<SaveOutcome> {
    const auto inserted = insert_interaction(database, interaction);
    if (!inserted) return inserted.error();
    return SaveOutcome::stored;
  };
  return write<SaveOutcome>(std::move(insert));
}

awaitable<Result<SessionPage>> SqliteSessionStore::list(Principal principal, SessionFilter filter,
                                                        PageRequest page) {
  const std::string scope = list_scope(principal, filter);
  const auto position = read_cursor(page, scope);
  if (!position) co_return position.error();

  const WallTime now = clock_.wall_now();
  const std::int64_t active_from_ms = unix_ms(now - options_.expire_after);
  const std::size_t limit = std::min(page.limit, options_.page_items_max);
  SessionRange range;
  range.owner = std::move(principal);
  range.limit = limit + 1;
  if (filter == SessionFilter::active) range.activity_min_ms = active_from_ms;
  if (filter == SessionFilter::expired) range.activity_max_ms = active_from_ms - 1;
  if (*position) range.after = **position;

  const auto look = [&range](SqliteDatabase& database) { return list_sessions(database, range); };
  auto sessions = co_await read<std::vector<Session>>(look);
  if (!sessions) co_return sessions.error();

  SessionPage answer{std::move(*sessions), {}};
  for (Session& session : answer.sessions) session.expired = is_expired(session, now);
  if (answer.sessions.size() > limit) {
    answer.sessions.pop_back();
    const Session& last = answer.sessions.back();
    answer.next_cursor = encode_cursor({unix_ms(last.last_activity_at), last.id.str()}, scope);
  }
  co_return answer;
}

awaitable<Result<SessionHistory>> SqliteSessionStore::history(SessionId id, Principal principal,
                                                              PageRequest page) {
  const std::string scope = history_scope(id, principal);
  const auto position = read_cursor(page, scope);
  if (!position) co_return position.error();

  InteractionRange range;
  range.limit = std::min(page.limit, options_.page_items_max);
  range.bytes_max = options_.page_bytes_max;
  if (*position) range.after_ms = (*position)->time_ms;
  const auto look = [&id, &principal, &range](SqliteDatabase& database) -> Result<FoundHistory> {
    const auto session = find_session(database, principal, id);
    if (!session) return session.error();
    if (!*session) return invocations::session_not_found();
    auto rows = list_interactions(database, **session, range);
    if (!rows) return rows.error();
    return FoundHistory{(*session)->session, std::move(*rows)};
  };
  auto found = co_await read<FoundHistory>(look);
  if (!found) co_return found.error();

  SessionHistory answer{std::move(found->session), std::move(found->page.interactions), {}};
  answer.session.expired = is_expired(answer.session, clock_.wall_now());
  if (found->page.has_more) {
    answer.next_cursor = encode_cursor({unix_ms(answer.interactions.back().timestamp), {}}, scope);
  }
  co_return answer;
}

awaitable<Result<void>> SqliteSessionStore::erase(SessionId id, Principal principal) {
  const auto remove = [id, principal = std::move(principal)](SqliteDatabase& database) -> Result<void> {
    const auto deleted = delete_session(database, principal, id);
    if (!deleted) return deleted.error();
    if (!*deleted) return invocations::session_not_found();
    return {};
  };
  return write<void>(remove);
}

awaitable<Result<std::size_t>> SqliteSessionStore::remove_old() {
  const std::int64_t before_ms = unix_ms(clock_.wall_now() - options_.retain_for);
  const auto remove = [before_ms, rows_max = options_.remove_rows_max](SqliteDatabase& database) {
    return delete_old_batch(database, before_ms, rows_max);
  };
  std::size_t removed = 0;
  for (;;) {
    const auto batch = co_await write<RemovedBatch>(remove);
    if (!batch) co_return batch.error();
    removed += batch->sessions;
    if (!batch->has_more) co_return removed;
  }
}

awaitable<Result<void>> SqliteSessionStore::probe() {
  const auto look = [](SqliteDatabase& database) { return probe_read(database); };
  const auto readable = co_await read<void>(look);
  if (!readable) co_return readable.error();
  const auto touch = [now = clock_.wall_now()](SqliteDatabase& database) {
    return probe_write(database, now);
  };
  co_return co_await write<void>(touch);
}

}  // namespace skymarshal::store

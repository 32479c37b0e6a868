#include "store/sqlite_session_store.hpp"

#include "invocations/session_errors.hpp"
#include "store/page_cursor.hpp"
#include "store/session_queries.hpp"

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

struct FoundHistory {
  Session session;
  InteractionPage page;
};

}  // namespace

Result<std::unique_ptr<SqliteSessionStore>> SqliteSessionStore::open(Options options, const Clock& clock) {
  auto connections = SqliteConnections::open(options.file);
  if (!connections) return connections.error();
  return std::make_unique<SqliteSessionStore>(std::move(options), *std::move(connections), clock);
}

SqliteSessionStore::SqliteSessionStore(Options options, std::shared_ptr<SqliteConnections> connections,
                                       const Clock& clock)
    : options_(std::move(options)), connections_(std::move(connections)), clock_(clock) {}

awaitable<Result<Session>> SqliteSessionStore::create(SessionId id, Principal owner) {
  const auto insert = [id, owner = std::move(owner),
                       now = clock_.wall_now()](SqliteDatabase& database) -> Result<Session> {
    const auto inserted = insert_session(database, id, owner, now);
    if (!inserted) return inserted.error();
    if (!*inserted) return make_error(Errc::internal, "the new session's id is in use");
    return Session{id, owner, now, now, 0, false};
  };
  return connections_->write<Session>(insert);
}

awaitable<Result<Session>> SqliteSessionStore::claim(SessionId id, Principal principal) {
  // Most sessions claimed are there already: those never wait for the writer.
  const auto look = [&id, &principal](SqliteDatabase& database) {
    return find_session(database, principal, id);
  };
  auto found = co_await connections_->read<std::optional<StoredSession>>(look);
  if (!found) co_return found.error();
  const WallTime now = clock_.wall_now();
  if (*found) {
    if (is_expired((*found)->session, now, options_.expire_after)) co_return invocations::session_expired();
    co_return std::move((*found)->session);
  }
  const auto insert = [this, id, principal, now](SqliteDatabase& database) -> Result<Session> {
    auto claimed = claim_session(database, id, principal, now, options_.expire_after);
    if (!claimed) return claimed.error();
    return std::move(claimed->session);
  };
  co_return co_await connections_->write<Session>(insert);
}

awaitable<Result<SaveOutcome>> SqliteSessionStore::save(Interaction interaction) {
  auto insert = [interaction = std::move(interaction)](SqliteDatabase& database) -> Result<SaveOutcome> {
    const auto inserted = insert_interaction(database, interaction);
    if (!inserted) return inserted.error();
    return SaveOutcome::stored;
  };
  return connections_->write<SaveOutcome>(std::move(insert));
}

awaitable<Result<SessionPage>> SqliteSessionStore::list(Principal principal, SessionFilter filter,
                                                        PageRequest page) {
  const std::string scope = list_scope(principal, filter);
  const auto position = read_cursor(page.limit, page.cursor, scope);
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
  auto sessions = co_await connections_->read<std::vector<Session>>(look);
  if (!sessions) co_return sessions.error();

  SessionPage answer{std::move(*sessions), {}};
  for (Session& session : answer.sessions) session.expired = is_expired(session, now, options_.expire_after);
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
  const auto position = read_cursor(page.limit, page.cursor, scope);
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
  auto found = co_await connections_->read<FoundHistory>(look);
  if (!found) co_return found.error();

  SessionHistory answer{std::move(found->session), std::move(found->page.interactions), {}};
  answer.session.expired = is_expired(answer.session, clock_.wall_now(), options_.expire_after);
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
  return connections_->write<void>(remove);
}

awaitable<Result<std::size_t>> SqliteSessionStore::remove_old() {
  const std::int64_t before_ms = unix_ms(clock_.wall_now() - options_.retain_for);
  const auto remove = [before_ms, rows_max = options_.remove_rows_max](SqliteDatabase& database) {
    return delete_old_batch(database, before_ms, rows_max);
  };
  std::size_t removed = 0;
  for (;;) {
    const auto batch = co_await connections_->write<RemovedBatch>(remove);
    if (!batch) co_return batch.error();
    removed += batch->sessions;
    if (!batch->has_more) co_return removed;
  }
}

awaitable<Result<void>> SqliteSessionStore::probe() {
  const auto look = [](SqliteDatabase& database) { return probe_read(database); };
  const auto readable = co_await connections_->read<void>(look);
  if (!readable) co_return readable.error();
  const auto touch = [now = clock_.wall_now()](SqliteDatabase& database) {
    return probe_write(database, now);
  };
  co_return co_await connections_->write<void>(touch);
}

}  // namespace skymarshal::store

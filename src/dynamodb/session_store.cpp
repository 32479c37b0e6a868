#include "dynamodb/session_store.hpp"

#include "dynamodb/invocation_table.hpp"
#include "invocations/session_errors.hpp"
#include "store/page_cursor.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace skymarshal::dynamodb {

using invocations::Interaction;
using invocations::PageRequest;
using invocations::SaveOutcome;
using invocations::Session;
using invocations::SessionFilter;
using invocations::SessionHistory;
using invocations::SessionPage;

namespace {

std::string sessions_scope(const Principal& principal, SessionFilter filter) {
  constexpr std::array<std::string_view, 3> names = {"all", "active", "expired"};
  return "sessions " + std::string(names[static_cast<std::size_t>(filter)]) + ' ' + principal.id;
}

std::string interactions_scope(const SessionId& id, const Principal& principal) {
  return "history " + id.str() + ' ' + principal.id;
}

}  // namespace

SessionStore::SessionStore(std::shared_ptr<TableAccess> access)
    : access_(access), table_(access, forget_by(access)) {}

SessionStore::Answer<Session> SessionStore::create(SessionId id, Principal owner) {
  return table_.create(id, std::move(owner));
}

SessionStore::Answer<Session> SessionStore::claim(SessionId id, Principal principal) {
  const auto claimed = co_await table_.claim(id, std::move(principal), std::nullopt);
  if (!claimed) co_return claimed.error();
  co_return claimed->session;
}

SessionStore::Answer<SaveOutcome> SessionStore::save(Interaction interaction) {
  SessionTable::Ending none;
  const auto saved = co_await table_.save(std::move(interaction), std::move(none));
  if (!saved) co_return saved.error();
  co_return SaveOutcome::stored;
}

SessionStore::Answer<SessionPage> SessionStore::list(Principal principal, SessionFilter filter,
                                                     PageRequest page) {
  const std::string scope = sessions_scope(principal, filter);
  const auto position = store::read_cursor(page.limit, page.cursor, scope);
  if (!position) co_return position.error();
  const std::int64_t active_from_ms = unix_ms(access_->now() - access_->options().expire_after);
  const std::size_t limit = std::min(page.limit, access_->options().page_items_max);
  SessionTable::ListRange range;
  range.owner = std::move(principal);
  range.limit = limit + 1;
  range.activity_min_ms = filter == SessionFilter::active ? active_from_ms : 1;
  range.activity_max_ms =
      filter == SessionFilter::expired ? active_from_ms - 1 : std::numeric_limits<std::int64_t>::max();
  if (*position) {
    const auto last = SessionId::parse((*position)->name);
    if (!last) co_return make_error(Errc::invalid_request, "the cursor is not one of this list");
    range.behind.emplace((*position)->time_ms, *last);
  }
  auto sessions = co_await table_.list(std::move(range));
  if (!sessions) co_return sessions.error();
  SessionPage answer{*std::move(sessions), {}};
  for (Session& session : answer.sessions) session.expired = is_expired(session);
  if (answer.sessions.size() > limit) {
    answer.sessions.resize(limit);
    const Session& last = answer.sessions.back();
    answer.next_cursor = store::encode_cursor({unix_ms(last.last_activity_at), last.id.str()}, scope);
  }
  co_return answer;
}

SessionStore::Answer<SessionHistory> SessionStore::history(SessionId id, Principal principal,
                                                           PageRequest page) {
  const std::string scope = interactions_scope(id, principal);
  const auto position = store::read_cursor(page.limit, page.cursor, scope);
  if (!position) co_return position.error();
  const auto head = co_await table_.find(id);
  if (!head) co_return head.error();
  if (!*head || (*head)->session.owner != principal) co_return invocations::session_not_found();
  const std::int64_t after_ms = *position ? (*position)->time_ms : 0;
  auto found = co_await table_.interactions((*head)->session, after_ms,
                                            std::min(page.limit, access_->options().page_items_max));
  if (!found) co_return found.error();
  SessionHistory answer{(*head)->session, std::move(found->interactions), {}};
  answer.session.expired = is_expired(answer.session);
  if (found->has_more)
    answer.next_cursor = store::encode_cursor({unix_ms(answer.interactions.back().timestamp), {}}, scope);
  co_return answer;
}

SessionStore::Answer<void> SessionStore::erase(SessionId id, Principal principal) {
  const auto erased = co_await table_.erase(id, std::move(principal));
  if (!erased) co_return erased.error();
  if (!*erased) co_return invocations::session_not_found();
  co_return skymarshal::Result<void>();
}

SessionStore::Answer<std::size_t> SessionStore::remove_old() {
  return table_.erase_older(unix_ms(access_->now() - access_->options().retain_for));
}

SessionStore::Answer<void> SessionStore::probe() { return table_.probe(); }

bool SessionStore::is_expired(const Session& session) const {
  return access_->now() - session.last_activity_at > access_->options().expire_after;
}

}  // namespace skymarshal::dynamodb

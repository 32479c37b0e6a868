#include "store/outbox_session_store.hpp"

#include "invocations/session_errors.hpp"

#include <utility>

namespace skymarshal::store {

using boost::asio::awaitable;
using invocations::FinishOutcome;
using invocations::Interaction;
using invocations::PageRequest;
using invocations::SaveOutcome;
using invocations::Session;
using invocations::SessionFilter;
using invocations::SessionHistory;
using invocations::SessionPage;

awaitable<Result<SaveOutcome>> OutboxSessionStore::save(Interaction interaction) {
  const SessionId session = interaction.session_id;
  const Principal principal = interaction.principal;
  const WallTime at = interaction.timestamp;
  OutboxRecord record(std::move(interaction));
  const auto saved = co_await outbox_->deliver(std::move(record));
  if (!saved) co_return saved.error();
  known_->note_activity(session, principal, at);
  if (*saved == FinishOutcome::outboxed) co_return SaveOutcome::outboxed;
  co_return SaveOutcome::stored;
}

awaitable<Result<void>> OutboxSessionStore::erase(SessionId id, Principal principal) {
  const auto drained = co_await outbox_->drain_now(id);
  if (!drained) co_return drained.error();
  auto erased = co_await outbox_->sessions().erase(id, std::move(principal));
  if (erased) known_->forget(id);
  co_return erased;
}

awaitable<Result<Session>> OutboxSessionStore::create(SessionId id, Principal owner) {
  auto created = co_await outbox_->sessions().create(id, std::move(owner));
  if (created) known_->note(*created);
  co_return created;
}

awaitable<Result<Session>> OutboxSessionStore::claim(SessionId id, Principal principal) {
  // A store that takes nothing makes no session for a stranger either, so then there is nothing to wait for.
  (void)co_await outbox_->drain_now(id);
  auto claimed = co_await outbox_->sessions().claim(id, principal);
  if (claimed) {
    known_->note(*claimed);
  } else if (claimed.error().code == Errc::store_unavailable) {
    if (auto known = claim_known(id, principal)) co_return *std::move(known);
  }
  co_return claimed;
}

/// What the store would say of it, as far as this process can know; nullopt: it knows nothing.
std::optional<Result<Session>> OutboxSessionStore::claim_known(const SessionId& id,
                                                               const Principal& principal) const {
  auto session = known_->find(id);
  if (!session) return std::nullopt;
  if (session->owner != principal) return invocations::session_not_found();
  if (clock_.wall_now() - session->last_activity_at > options_.expire_after) {
    return invocations::session_expired();
  }
  return *std::move(session);
}

awaitable<Result<SessionPage>> OutboxSessionStore::list(Principal principal, SessionFilter filter,
                                                        PageRequest page) {
  return outbox_->sessions().list(std::move(principal), filter, std::move(page));
}

awaitable<Result<SessionHistory>> OutboxSessionStore::history(SessionId id, Principal principal,
                                                              PageRequest page) {
  return outbox_->sessions().history(id, std::move(principal), std::move(page));
}

awaitable<Result<std::size_t>> OutboxSessionStore::remove_old() { return outbox_->sessions().remove_old(); }

awaitable<Result<void>> OutboxSessionStore::probe() { return outbox_->sessions().probe(); }

}  // namespace skymarshal::store

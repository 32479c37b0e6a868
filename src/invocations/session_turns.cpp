#include "invocations/session_turns.hpp"

#include "invocations/session_errors.hpp"

#include <functional>
#include <utility>

namespace skymarshal::invocations {

SessionTurns::Turn::Turn(SessionTurns& turns, const SessionId& session,
                         std::shared_ptr<WaitingLine::Waiter> waiter)
    : turns_(&turns), session_(session), waiter_(std::move(waiter)) {}

SessionTurns::Turn::Turn(Turn&& other) noexcept
    : turns_(std::exchange(other.turns_, nullptr)),
      session_(other.session_),
      waiter_(std::move(other.waiter_)) {}

SessionTurns::Turn::~Turn() {
  if (turns_ != nullptr) turns_->leave(session_, waiter_);
}

boost::asio::awaitable<bool> SessionTurns::Turn::wait(StopSignal& stop) {
  if (!waiter_) co_return true;
  co_return co_await waiter_->wait(stop);
}

Result<SessionTurns::Turn> SessionTurns::join(const SessionId& session, const Principal& principal,
                                              const boost::asio::any_io_executor& executor) {
  Shard& shard = shard_of(session);
  const MutexLock lock(shard.mutex);
  const auto entry = shard.queues.find(session);
  if (entry == shard.queues.end()) {
    shard.queues.emplace(session, Queue{principal, {}});
    return Turn(*this, session, nullptr);
  }
  Queue& queue = entry->second;
  if (queue.owner != principal) return session_not_found();
  if (options_.when_busy == WhenBusy::reject || queue.line.size() >= options_.queued_per_session_max) {
    return session_busy();
  }
  auto waiter = std::make_shared<WaitingLine::Waiter>(executor);
  queue.line.push(waiter);
  return Turn(*this, session, std::move(waiter));
}

Result<SessionTurns::Turn> SessionTurns::take(const SessionId& session, const Principal& principal) {
  Shard& shard = shard_of(session);
  const MutexLock lock(shard.mutex);
  const auto [entry, is_free] = shard.queues.try_emplace(session, Queue{principal, {}});
  if (is_free) return Turn(*this, session, nullptr);
  if (entry->second.owner != principal) return session_not_found();
  return session_busy();
}

bool SessionTurns::taken_by_another(const SessionId& session, const Principal& principal) const {
  const Shard& shard = shard_of(session);
  const MutexLock lock(shard.mutex);
  const auto entry = shard.queues.find(session);
  return entry != shard.queues.end() && entry->second.owner != principal;
}

SessionTurns::Shard& SessionTurns::shard_of(const SessionId& session) const {
  return shards_[std::hash<SessionId>()(session) % shards_.size()];
}

void SessionTurns::leave(const SessionId& session, const std::shared_ptr<WaitingLine::Waiter>& waiter) {
  Shard& shard = shard_of(session);
  const MutexLock lock(shard.mutex);
  const auto entry = shard.queues.find(session);
  WaitingLine& line = entry->second.line;
  const bool was_waiting = waiter && line.remove(waiter);
  if (was_waiting) return;
  if (line.empty()) {
    shard.queues.erase(entry);
  } else {
    line.call_next();
  }
}

}  // namespace skymarshal::invocations

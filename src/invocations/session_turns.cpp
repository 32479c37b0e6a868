#include "invocations/session_turns.hpp"

#include "invocations/session_errors.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace skymarshal::invocations {

SessionTurns::Turn::Turn(SessionTurns& turns, const SessionId& session, const Principal& principal,
                         std::shared_ptr<WaitingLine::Waiter> waiter)
    : turns_(&turns), session_(session), principal_(principal), waiter_(std::move(waiter)) {}

SessionTurns::Turn::Turn(Turn&& other) noexcept
    : turns_(std::exchange(other.turns_, nullptr)),
      session_(other.session_),
      principal_(std::move(other.principal_)),
      waiter_(std::move(other.waiter_)) {}

SessionTurns::Turn::~Turn() {
  if (turns_ != nullptr) turns_->leave(*this);
}

boost::asio::awaitable<bool> SessionTurns::Turn::wait(StopSignal& stop) {
  if (!waiter_) co_return true;
  co_return co_await waiter_->wait(stop);
}

Result<SessionTurns::Turn> SessionTurns::join(const SessionId& session, const Principal& principal,
                                              const boost::asio::any_io_executor& executor) {
  Shard& shard = shard_of(session);
  const MutexLock lock(shard.mutex);
  const auto entry = shard.sessions.find(session);
  Queue* const queue = entry == shard.sessions.end() ? nullptr : queue_of(entry->second, principal);
  if (queue == nullptr) {
    if (entry != shard.sessions.end() && joined_by_another(entry->second, principal)) {
      return session_not_found();
    }
    return begin(shard, session, {principal, false, {}});
  }
  if (options_.when_busy == WhenBusy::reject || queue->line.size() >= options_.queued_per_session_max) {
    return session_busy();
  }
  auto waiter = std::make_shared<WaitingLine::Waiter>(executor);
  queue->line.push(waiter);
  return Turn(*this, session, principal, std::move(waiter));
}

Result<SessionTurns::Turn> SessionTurns::take(const SessionId& session, const Principal& principal) {
  Shard& shard = shard_of(session);
  const MutexLock lock(shard.mutex);
  const auto entry = shard.sessions.find(session);
  if (entry != shard.sessions.end()) {
    if (queue_of(entry->second, principal) != nullptr) return session_busy();
    if (joined_by_another(entry->second, principal)) return session_not_found();
  }
  return begin(shard, session, {principal, true, {}});
}

bool SessionTurns::taken(const SessionId& session, const Principal& principal) const {
  const Shard& shard = shard_of(session);
  const MutexLock lock(shard.mutex);
  const auto entry = shard.sessions.find(session);
  return entry != shard.sessions.end() &&
         std::ranges::find(entry->second, principal, &Queue::principal) != entry->second.end();
}

bool SessionTurns::taken_by_another(const SessionId& session, const Principal& principal) const {
  const Shard& shard = shard_of(session);
  const MutexLock lock(shard.mutex);
  const auto entry = shard.sessions.find(session);
  return entry != shard.sessions.end() && joined_by_another(entry->second, principal);
}

SessionTurns::Turn SessionTurns::begin(Shard& shard, const SessionId& session, Queue queue) {
  Turn turn(*this, session, queue.principal, nullptr);
  // Until the queue stands, the turn has nothing to give back.
  turn.turns_ = nullptr;
  Queues alone;
  alone.push_back(std::move(queue));
  Queues& queues = shard.sessions[session];
  queues.splice(queues.end(), alone);
  turn.turns_ = this;
  return turn;
}

SessionTurns::Queue* SessionTurns::queue_of(Queues& queues, const Principal& principal) {
  const auto found = std::ranges::find(queues, principal, &Queue::principal);
  return found == queues.end() ? nullptr : &*found;
}

bool SessionTurns::joined_by_another(const Queues& queues, const Principal& principal) {
  return std::ranges::any_of(
      queues, [&principal](const Queue& queue) { return !queue.only_taken && queue.principal != principal; });
}

SessionTurns::Shard& SessionTurns::shard_of(const SessionId& session) const {
  return shards_[std::hash<SessionId>()(session) % shards_.size()];
}

void SessionTurns::leave(const Turn& turn) {
  Shard& shard = shard_of(turn.session_);
  const MutexLock lock(shard.mutex);
  const auto entry = shard.sessions.find(turn.session_);
  Queues& queues = entry->second;
  const auto queue = std::ranges::find(queues, turn.principal_, &Queue::principal);
  const bool was_waiting = turn.waiter_ && queue->line.remove(turn.waiter_);
  if (was_waiting) return;
  if (!queue->line.empty()) {
    queue->only_taken = false;
    queue->line.call_next();
    return;
  }
  queues.erase(queue);
  if (queues.empty()) shard.sessions.erase(entry);
}

}  // namespace skymarshal::invocations

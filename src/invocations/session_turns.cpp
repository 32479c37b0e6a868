#include "invocations/session_turns.hpp"

#include "base/wakeup.hpp"
#include "invocations/session_errors.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>

namespace skymarshal::invocations {

struct SessionTurns::Turn::Waiter {
  explicit Waiter(const boost::asio::any_io_executor& executor) : wakeup(executor) {}
  Wakeup wakeup;
  /// Guarded by the shard's mutex.
  bool is_first = false;
};

SessionTurns::Turn::Turn(SessionTurns& turns, const SessionId& session, std::shared_ptr<Waiter> waiter)
    : turns_(&turns), session_(session), waiter_(std::move(waiter)) {}

SessionTurns::Turn::Turn(Turn&& other) noexcept
    : turns_(other.turns_), session_(other.session_), waiter_(std::move(other.waiter_)) {}

SessionTurns::Turn::~Turn() {
  if (waiter_) turns_->leave(session_, waiter_);
}

boost::asio::awaitable<bool> SessionTurns::Turn::wait(StopSignal& stop) {
  const StopSignal::Listener on_stop(stop, [this] { waiter_->wakeup.wake(); });
  for (;;) {
    {
      const MutexLock lock(turns_->shard_of(session_).mutex);
      if (waiter_->is_first) co_return true;
    }
    if (stop.raised()) co_return false;
    co_await waiter_->wakeup.wait_until(Wakeup::never);
  }
}

Result<SessionTurns::Turn> SessionTurns::join(const SessionId& session, const Principal& principal,
                                              const boost::asio::any_io_executor& executor) {
  Shard& shard = shard_of(session);
  const MutexLock lock(shard.mutex);
  const auto [entry, is_new] = shard.queues.try_emplace(session);
  Queue& queue = entry->second;
  if (is_new) {
    queue.owner = principal;
  } else if (queue.owner != principal) {
    return session_not_found();
  } else if (options_.when_busy == WhenBusy::reject ||
             queue.waiters.size() > options_.queued_per_session_max) {
    return session_busy();
  }
  auto waiter = std::make_shared<Turn::Waiter>(executor);
  waiter->is_first = queue.waiters.empty();
  queue.waiters.push_back(waiter);
  return Turn(*this, session, std::move(waiter));
}

bool SessionTurns::busy(const SessionId& session, const Principal& principal) const {
  const Shard& shard = shard_of(session);
  const MutexLock lock(shard.mutex);
  const auto entry = shard.queues.find(session);
  return entry != shard.queues.end() && entry->second.owner == principal;
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

void SessionTurns::leave(const SessionId& session, const std::shared_ptr<Turn::Waiter>& waiter) {
  Shard& shard = shard_of(session);
  const MutexLock lock(shard.mutex);
  const auto entry = shard.queues.find(session);
  auto& waiters = entry->second.waiters;
  std::erase(waiters, waiter);
  if (waiters.empty()) {
    shard.queues.erase(entry);
    return;
  }
  const std::shared_ptr<Turn::Waiter>& first = waiters.front();
  if (first->is_first) return;
  first->is_first = true;
  boost::asio::post(first->wakeup.executor(), [first] { first->wakeup.wake(); });
}

}  // namespace skymarshal::invocations

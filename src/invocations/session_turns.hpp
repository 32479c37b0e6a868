// The turns of one session run one at a time, in the order they came. Shared by all threads; a turn belongs
// to the object that holds it.
#pragma once

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/mutex.hpp"
#include "base/principal.hpp"
#include "base/stop_signal.hpp"

#include <array>
#include <deque>
#include <memory>
#include <unordered_map>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

class SessionTurns {
 public:
  enum class WhenBusy { queue, reject };

  struct Options {
    WhenBusy when_busy = WhenBusy::queue;
    /// Turns of one session that may wait; the next is refused as busy.
    std::size_t queued_per_session_max = 16;
  };

  /// A place in a session's queue; the first one has the turn. Leaves the queue when destroyed.
  class Turn {
   public:
    Turn(Turn&& other) noexcept;
    Turn& operator=(Turn&&) = delete;
    ~Turn();

    /// Waits until it is first. False if `stop` was raised before.
    boost::asio::awaitable<bool> wait(StopSignal& stop);

   private:
    friend class SessionTurns;
    struct Waiter;
    Turn(SessionTurns& turns, const SessionId& session, std::shared_ptr<Waiter> waiter);
    SessionTurns* turns_;
    SessionId session_;
    std::shared_ptr<Waiter> waiter_;
  };

  explicit SessionTurns(Options options) : options_(options) {}
  SessionTurns(const SessionTurns&) = delete;
  SessionTurns& operator=(const SessionTurns&) = delete;

  /// Lines up. `executor` is where wait() will be called. Errc::session_not_found while the session runs for
  /// another principal, Errc::session_busy when nobody may wait (any more).
  Result<Turn> join(const SessionId& session, const Principal& principal,
                    const boost::asio::any_io_executor& executor);

  /// Whether the session has a turn of this principal running or waiting.
  bool busy(const SessionId& session, const Principal& principal) const;

  /// Whether the session has a turn of somebody else running or waiting.
  bool taken_by_another(const SessionId& session, const Principal& principal) const;

 private:
  struct Queue {
    Principal owner;
    std::deque<std::shared_ptr<Turn::Waiter>> waiters;
  };
  struct Shard {
    mutable Mutex mutex;
    std::unordered_map<SessionId, Queue> queues GUARDED_BY(mutex);
  };

  Shard& shard_of(const SessionId& session) const;
  void leave(const SessionId& session, const std::shared_ptr<Turn::Waiter>& waiter);

  Options options_;
  mutable std::array<Shard, 16> shards_;
};

}  // namespace skymarshal::invocations

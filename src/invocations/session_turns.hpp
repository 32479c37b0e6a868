// The turns of one session run one at a time, in the order they came. Shared by all threads; a turn belongs
// to the object that holds it.
#pragma once

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/mutex.hpp"
#include "base/principal.hpp"
#include "base/stop_signal.hpp"
#include "base/waiting_line.hpp"

#include <array>
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

  /// A session's turn, or a place in the line for it. Given back when destroyed.
  class Turn {
   public:
    Turn(Turn&& other) noexcept;
    Turn& operator=(Turn&&) = delete;
    ~Turn();

    /// Waits until it has the turn. False if `stop` was raised before.
    boost::asio::awaitable<bool> wait(StopSignal& stop);

   private:
    friend class SessionTurns;
    Turn(SessionTurns& turns, const SessionId& session, std::shared_ptr<WaitingLine::Waiter> waiter);
    /// Null once moved from.
    SessionTurns* turns_;
    SessionId session_;
    /// Null where the turn was free.
    std::shared_ptr<WaitingLine::Waiter> waiter_;
  };

  explicit SessionTurns(Options options) : options_(options) {}
  SessionTurns(const SessionTurns&) = delete;
  SessionTurns& operator=(const SessionTurns&) = delete;

  /// Lines up. `executor` is where wait() will be called. Errc::session_not_found while the session has a
  /// turn of another principal, Errc::session_busy when nobody may wait (any more). If it throws, nothing has
  /// changed.
  Result<Turn> join(const SessionId& session, const Principal& principal,
                    const boost::asio::any_io_executor& executor);

  /// Takes the turn if it is free. Errors and exceptions as of join().
  Result<Turn> take(const SessionId& session, const Principal& principal);

  /// Whether the session has a turn of somebody else running or waiting.
  bool taken_by_another(const SessionId& session, const Principal& principal) const;

 private:
  /// Of a session that has a turn; there is none for the others.
  struct Queue {
    Principal owner;
    /// Behind the one who has the turn.
    WaitingLine line;
  };
  struct Shard {
    mutable Mutex mutex;
    std::unordered_map<SessionId, Queue> queues GUARDED_BY(mutex);
  };

  Shard& shard_of(const SessionId& session) const;
  void leave(const SessionId& session, const std::shared_ptr<WaitingLine::Waiter>& waiter);

  Options options_;
  mutable std::array<Shard, 16> shards_;
};

}  // namespace skymarshal::invocations

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
#include <list>
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
    Turn(SessionTurns& turns, const SessionId& session, const Principal& principal,
         std::shared_ptr<WaitingLine::Waiter> waiter);
    /// Null once moved from.
    SessionTurns* turns_;
    SessionId session_;
    Principal principal_;
    /// Null where the turn was free.
    std::shared_ptr<WaitingLine::Waiter> waiter_;
  };

  explicit SessionTurns(Options options) : options_(options) {}
  SessionTurns(const SessionTurns&) = delete;
  SessionTurns& operator=(const SessionTurns&) = delete;

  /// Lines up. `executor` is where wait() will be called. Errc::session_not_found while the session has a
  /// turn that another principal joined for, Errc::session_busy when nobody may wait (any more). If it
  /// throws, nothing has changed.
  Result<Turn> join(const SessionId& session, const Principal& principal,
                    const boost::asio::any_io_executor& executor);

  /// Takes the turn if it is free, for somebody who need not be the session's owner: it keeps nobody but
  /// this very principal waiting, and nobody else learns of it. Errors and exceptions as of join().
  Result<Turn> take(const SessionId& session, const Principal& principal);

  /// Whether the principal has a turn of the session already.
  bool taken(const SessionId& session, const Principal& principal) const;

  /// Whether the session has a turn, running or waiting, that somebody else joined for.
  bool taken_by_another(const SessionId& session, const Principal& principal) const;

 private:
  /// The turn that a principal has in a session, and who of theirs waits for it.
  struct Queue {
    Principal principal;
    /// Not by join() but by take(), which proves nothing.
    bool only_taken;
    WaitingLine line;
  };
  /// Those of one session: one, or more where somebody only took the turn. None for a session without turns.
  using Queues = std::list<Queue>;
  struct Shard {
    mutable Mutex mutex;
    std::unordered_map<SessionId, Queues> sessions GUARDED_BY(mutex);
  };

  static Queue* queue_of(Queues& queues, const Principal& principal);
  static bool joined_by_another(const Queues& queues, const Principal& principal);

  Shard& shard_of(const SessionId& session) const;
  Turn begin(Shard& shard, const SessionId& session, Queue queue) REQUIRES(shard.mutex);
  void leave(const Turn& turn);

  Options options_;
  mutable std::array<Shard, 16> shards_;
};

}  // namespace skymarshal::invocations

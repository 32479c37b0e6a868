// Whose the sessions are that this process has lately had to do with: what a call goes by while the store
// cannot be asked. Safe to use from any thread. Bounded: the session not used for longest is forgotten first.
// Says nothing of sessions it does not know, and nothing that the store has to say itself.
#pragma once

#include "base/mutex.hpp"
#include "invocations/session_store.hpp"

#include <cstddef>
#include <list>
#include <optional>
#include <unordered_map>

namespace skymarshal::store {

class KnownSessions {
 public:
  explicit KnownSessions(std::size_t sessions_max) : sessions_max_(sessions_max) {}

  /// What the store said of a session.
  void note(const invocations::Session& session);
  /// An interaction of `owner`, who has the session.
  void note_activity(const SessionId& id, const Principal& owner, WallTime at);
  void forget(const SessionId& id);

  std::optional<invocations::Session> find(const SessionId& id) const;

 private:
  using Sessions = std::list<invocations::Session>;

  invocations::Session& put_first(const invocations::Session& session) REQUIRES(mutex_);

  const std::size_t sessions_max_;
  mutable Mutex mutex_;
  /// The one used last stands first.
  Sessions sessions_ GUARDED_BY(mutex_);
  std::unordered_map<SessionId, Sessions::iterator> places_ GUARDED_BY(mutex_);
};

}  // namespace skymarshal::store

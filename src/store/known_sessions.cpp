#include "store/known_sessions.hpp"

#include <algorithm>

namespace skymarshal::store {

using invocations::Session;

void KnownSessions::note(const Session& session) {
  const MutexLock lock(mutex_);
  put_first(session) = session;
}

void KnownSessions::note_activity(const SessionId& id, const Principal& owner, WallTime at) {
  const MutexLock lock(mutex_);
  Session& session = put_first(Session{id, owner, at, at, 0, false});
  session.last_activity_at = std::max(session.last_activity_at, at);
  ++session.interaction_count;
}

void KnownSessions::forget(const SessionId& id) {
  const MutexLock lock(mutex_);
  const auto place = places_.find(id);
  if (place == places_.end()) return;
  sessions_.erase(place->second);
  places_.erase(place);
}

std::optional<Session> KnownSessions::find(const SessionId& id) const {
  const MutexLock lock(mutex_);
  const auto place = places_.find(id);
  return place == places_.end() ? std::nullopt : std::optional(*place->second);
}

/// As it is known, or as it is given where it is not.
Session& KnownSessions::put_first(const Session& session) {
  if (const auto place = places_.find(session.id); place != places_.end()) {
    sessions_.splice(sessions_.begin(), sessions_, place->second);
    return sessions_.front();
  }
  if (places_.size() >= sessions_max_) {
    places_.erase(sessions_.back().id);
    sessions_.pop_back();
  }
  sessions_.push_front(session);
  places_.emplace(session.id, sessions_.begin());
  return sessions_.front();
}

}  // namespace skymarshal::store

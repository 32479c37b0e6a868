#include "agents/assessment/session_memory.hpp"

#include "agents/facts/prompt_facts.hpp"

#include <utility>

namespace skymarshal::agents::assessment {

facts::Facts SessionMemory::add_turn(std::string_view session_id, std::string_view prompt) {
  const SteadyTime now = clock_.steady_now();
  forget_expired(now);
  auto found = by_id_.find(session_id);
  if (found == by_id_.end()) {
    sessions_.push_front(Session{std::string(session_id), {}, now});
    found = by_id_.emplace(sessions_.front().id, sessions_.begin()).first;
  } else {
    sessions_.splice(sessions_.begin(), sessions_, found->second);
  }
  Session& session = *found->second;
  session.last_used = now;
  facts::Facts stated = facts::read_facts(prompt, session.facts.turns + 1);
  session.facts = merge_facts(std::move(session.facts), std::move(stated));
  facts::Facts known = session.facts;
  while (sessions_.size() > options_.sessions_max) {
    by_id_.erase(sessions_.back().id);
    sessions_.pop_back();
  }
  return known;
}

void SessionMemory::forget(std::string_view session_id) {
  const auto found = by_id_.find(session_id);
  if (found == by_id_.end()) return;
  const auto session = found->second;
  // In this order: the key is the session's own id.
  by_id_.erase(found);
  sessions_.erase(session);
}

void SessionMemory::forget_expired(SteadyTime now) {
  while (!sessions_.empty() && now - sessions_.back().last_used >= options_.expiry) {
    by_id_.erase(sessions_.back().id);
    sessions_.pop_back();
  }
}

}  // namespace skymarshal::agents::assessment

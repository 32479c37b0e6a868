// What each session has said so far, as facts: a follow-up builds on the prompts before it.
// Bounded in sessions and in time; the least recently used session is forgotten first. One thread only.
#pragma once

#include "agents/facts/facts.hpp"
#include "base/clock.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace skymarshal::agents::assessment {

class SessionMemory {
 public:
  struct Options {
    std::size_t sessions_max = 10'000;
    /// A session that was silent this long starts afresh.
    Milliseconds expiry = std::chrono::minutes(30);
  };

  /// `clock` must outlive this.
  SessionMemory(Options options, const Clock& clock) : options_(options), clock_(clock) {}

  /// Reads `prompt` as the next turn of the session and returns everything known after it.
  facts::Facts add_turn(std::string_view session_id, std::string_view prompt);

  /// Of a session that was erased. One that is not known is forgotten already.
  void forget(std::string_view session_id);

  std::size_t sessions() const { return by_id_.size(); }

 private:
  struct Session {
    std::string id;
    facts::Facts facts;
    SteadyTime last_used;
  };

  void forget_expired(SteadyTime now);

  Options options_;
  const Clock& clock_;
  /// Most recently used first.
  std::list<Session> sessions_;
  /// Keys look into the ids of `sessions_`, whose nodes never move.
  std::unordered_map<std::string_view, std::list<Session>::iterator> by_id_;
};

}  // namespace skymarshal::agents::assessment

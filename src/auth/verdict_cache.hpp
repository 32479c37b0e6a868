// Verdicts that were reached already, by the digest of what they are about. Bounded: when it is full, the
// oldest go. Safe from any thread.
#pragma once

#include "auth/authenticator.hpp"
#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/mutex.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <optional>

namespace skymarshal::auth {

class VerdictCache {
 public:
  explicit VerdictCache(std::size_t entries_max) : entries_max_(entries_max) {}
  VerdictCache(const VerdictCache&) = delete;
  VerdictCache& operator=(const VerdictCache&) = delete;

  /// nullopt if there is none, or its time is over.
  std::optional<Verdict> find(const Sha256& key, SteadyTime now);
  /// Good until `until`, which itself is too late. Replaces an earlier one.
  void put(const Sha256& key, Verdict verdict, SteadyTime until);
  std::size_t size() const;

 private:
  struct Entry {
    Verdict verdict;
    SteadyTime until;
    std::list<Sha256>::iterator place;
  };
  using Entries = std::map<Sha256, Entry>;

  void erase(Entries::iterator entry) REQUIRES(mutex_);

  std::size_t entries_max_;
  mutable Mutex mutex_;
  Entries entries_ GUARDED_BY(mutex_);
  /// Oldest first.
  std::list<Sha256> order_ GUARDED_BY(mutex_);
};

}  // namespace skymarshal::auth

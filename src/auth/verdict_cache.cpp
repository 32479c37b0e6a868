#include "auth/verdict_cache.hpp"

#include <utility>

namespace skymarshal::auth {

std::optional<Verdict> VerdictCache::find(const Sha256& key, SteadyTime now) {
  const MutexLock lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  if (now < found->second.until) return found->second.verdict;
  erase(found);
  return std::nullopt;
}

void VerdictCache::put(const Sha256& key, Verdict verdict, SteadyTime until) {
  const MutexLock lock(mutex_);
  if (entries_max_ == 0) return;
  if (const auto earlier = entries_.find(key); earlier != entries_.end()) erase(earlier);
  if (entries_.size() >= entries_max_) erase(entries_.find(order_.front()));
  order_.push_back(key);
  entries_.emplace(key, Entry{std::move(verdict), until, std::prev(order_.end())});
}

std::size_t VerdictCache::size() const {
  const MutexLock lock(mutex_);
  return entries_.size();
}

void VerdictCache::erase(Entries::iterator entry) {
  order_.erase(entry->second.place);
  entries_.erase(entry);
}

}  // namespace skymarshal::auth

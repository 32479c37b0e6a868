// For each key, how often in the last while: exact sliding windows, by the times of the requests themselves.
// Safe to use from any thread: keys are spread over shards with a lock each. Has no clock of its own.
#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "limits/rate_limiter.hpp"
#include "limits/time_ring.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <boost/intrusive/list.hpp>

namespace skymarshal::limits {

class SlidingWindows {
 public:
  enum class WhenFull {
    /// A key that is not remembered yet is not admitted.
    refuse,
    /// The key that was counted least recently makes room.
    forget_oldest
  };

  struct Options {
    /// At least 1. Each shard holds its share, so one may be full a little before all are.
    std::size_t keys_max;
    WhenFull when_full;
  };

  /// How a key stands. Under a limit of 0 requests everything is admitted, and the rest says nothing.
  struct Window {
    bool admitted = true;
    /// Refused only because no more keys can be remembered; the rest says nothing.
    bool full = false;
    /// What is left of the limit.
    std::int64_t remaining = 0;
    /// Until there is more left, rounded up; 0 if all of it is.
    Milliseconds reset_after{};
    /// Of a refusal: waiting exactly this long succeeds, one millisecond less does not.
    Milliseconds retry_after{};
  };

  explicit SlidingWindows(Options options);
  SlidingWindows(const SlidingWindows&) = delete;
  SlidingWindows& operator=(const SlidingWindows&) = delete;

  /// Whether a request would be admitted now; counts nothing.
  Window peek(std::string_view key, RateLimit limit, SteadyTime now) const;

  /// Counts a request at `now` if it is admitted: in no half-open interval of the length of the window are
  /// there more than the limit, and nobody below it is refused. A refused one costs its key nothing. Time
  /// does not go back for a key: `now` before its newest request counts as that moment. Another limit than
  /// last time applies at once, to the requests still remembered.
  Window take(std::string_view key, RateLimit limit, SteadyTime now) {
    return take_if(key, limit, now, [] { return true; });
  }

  /// As take(), but a request that is admitted counts only if `condition` says so too. It is called at most
  /// once, holding the lock of the key: it must be quick and not come back here. What is returned tells of
  /// the key alone: admitted though not counted, where only the condition said no.
  template <std::predicate Condition>
  Window take_if(std::string_view key, RateLimit limit, SteadyTime now, Condition condition) {
    if (limit.requests <= 0) {
      condition();
      return Window();
    }
    const Key hashed(key);
    Shard& shard = shard_of(hashed);
    const MutexLock lock(shard.mutex);
    Candidate candidate = find(shard, hashed, limit, now);
    if (candidate.window.admitted && condition()) count(shard, hashed, limit, candidate);
    return candidate.window;
  }

  /// How many keys are remembered. Idle ones are forgotten as others are counted.
  std::size_t size() const;

 private:
  struct Entry : boost::intrusive::list_base_hook<> {
    /// Of the node this entry is in.
    const std::string* key = nullptr;
    TimeRing times;
    /// When nothing of it will count any more, in nanoseconds of the steady clock.
    TimeRing::Time idle_at = 0;
  };

  /// Hashed once for all that is done with it.
  struct Key {
    explicit Key(std::string_view its_text) : text(its_text), hash(std::hash<std::string_view>()(its_text)) {}
    std::string_view text;
    std::size_t hash;
  };
  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(const std::string& key) const { return std::hash<std::string>()(key); }
    std::size_t operator()(const Key& key) const { return key.hash; }
  };
  struct KeyEqual {
    using is_transparent = void;
    bool operator()(const std::string& a, const std::string& b) const { return a == b; }
    bool operator()(const Key& a, const std::string& b) const { return a.text == b; }
    bool operator()(const std::string& a, const Key& b) const { return a == b.text; }
  };

  struct alignas(64) Shard {
    mutable Mutex mutex;
    std::unordered_map<std::string, Entry, KeyHash, KeyEqual> entries GUARDED_BY(mutex);
    /// The least recently counted first. Declared after what it links, so that it goes first.
    boost::intrusive::list<Entry> by_age GUARDED_BY(mutex);
  };

  /// A request that asks to be counted.
  struct Candidate {
    /// None yet: null.
    Entry* entry;
    TimeRing::Time time;
    /// How many of its times count no more.
    std::uint32_t gone;
    Window window;
  };

  Shard& shard_of(const Key& key) const { return shards_[key.hash & (shard_count_ - 1)]; }
  Candidate find(Shard& shard, const Key& key, RateLimit limit, SteadyTime now) REQUIRES(shard.mutex);
  void count(Shard& shard, const Key& key, RateLimit limit, Candidate& candidate) REQUIRES(shard.mutex);
  static void forget_idle(Shard& shard, TimeRing::Time now) REQUIRES(shard.mutex);
  static void forget_oldest(Shard& shard) REQUIRES(shard.mutex);

  Options options_;
  /// A power of two.
  std::size_t shard_count_;
  std::size_t keys_per_shard_;
  std::unique_ptr<Shard[]> shards_;
};

}  // namespace skymarshal::limits

#include "limits/sliding_windows.hpp"

#include <algorithm>
#include <bit>

namespace skymarshal::limits {
namespace {

using Time = TimeRing::Time;

/// Enough that two threads hardly ever meet.
constexpr std::size_t shards_max = 64;
/// So that shares differ little from each other; fewer keys get fewer shards.
constexpr std::size_t keys_per_shard_min = 1024;
/// More than one new key can add, so that the idle ones become fewer with every request.
constexpr int idle_checks_per_request = 2;

Time to_time(SteadyTime time) { return std::chrono::nanoseconds(time.time_since_epoch()).count(); }

Milliseconds until(Time time, Time now) {
  return std::chrono::ceil<Milliseconds>(std::chrono::nanoseconds(time - now));
}

/// How a key stands that has `times`, of which the first `gone` count no more.
SlidingWindows::Window window_of(const TimeRing& times, std::uint32_t gone, RateLimit limit, Time now) {
  SlidingWindows::Window window;
  const auto counted = static_cast<std::int64_t>(times.size() - gone);
  window.admitted = counted < limit.requests;
  window.remaining = std::max<std::int64_t>(0, limit.requests - counted);
  if (counted == 0) return window;
  // After a limit was lowered, more than one must leave before there is room.
  const std::int64_t leaving = std::max<std::int64_t>(0, counted - limit.requests);
  const Time last_to_leave = times[gone + static_cast<std::uint32_t>(leaving)];
  window.reset_after = until(last_to_leave + length_of(limit), now);
  if (!window.admitted) window.retry_after = window.reset_after;
  return window;
}

}  // namespace

SlidingWindows::SlidingWindows(Options options)
    : options_(options),
      shard_count_(
          std::bit_floor(std::clamp<std::size_t>(options.keys_max / keys_per_shard_min, 1, shards_max))),
      keys_per_shard_(std::max<std::size_t>(1, options.keys_max / shard_count_)),
      shards_(std::make_unique<Shard[]>(shard_count_)) {}

SlidingWindows::Window SlidingWindows::peek(std::string_view text, RateLimit limit, SteadyTime now) const {
  if (limit.requests <= 0) return Window();
  const Key key(text);
  const Shard& shard = shard_of(key);
  const MutexLock lock(shard.mutex);
  const auto found = shard.entries.find(key);
  if (found == shard.entries.end()) {
    Window window;
    window.remaining = limit.requests;
    return window;
  }
  const TimeRing& times = found->second.times;
  const Time time = std::max(to_time(now), times.newest());
  return window_of(times, times.count_until(time - length_of(limit)), limit, time);
}

SlidingWindows::Candidate SlidingWindows::find(Shard& shard, const Key& key, RateLimit limit,
                                               SteadyTime now) {
  Candidate candidate{nullptr, to_time(now), 0, Window()};
  forget_idle(shard, candidate.time);
  const auto found = shard.entries.find(key);
  if (found != shard.entries.end()) {
    Entry& entry = found->second;
    candidate.entry = &entry;
    candidate.time = std::max(candidate.time, entry.times.newest());
    candidate.gone = entry.times.count_until(candidate.time - length_of(limit));
    candidate.window = window_of(entry.times, candidate.gone, limit, candidate.time);
    return candidate;
  }
  candidate.window.remaining = limit.requests;
  if (shard.entries.size() < keys_per_shard_) return candidate;
  if (options_.when_full == WhenFull::refuse) {
    candidate.window.admitted = false;
    candidate.window.full = true;
  }
  return candidate;
}

void SlidingWindows::count(Shard& shard, const Key& key, RateLimit limit, Candidate& candidate) {
  Entry* entry = candidate.entry;
  if (entry == nullptr) {
    if (shard.entries.size() >= keys_per_shard_) forget_oldest(shard);
    const auto added = shard.entries.try_emplace(std::string(key.text)).first;
    entry = &added->second;
    entry->key = &added->first;
  } else {
    entry->times.drop_oldest(candidate.gone);
    shard.by_age.erase(shard.by_age.iterator_to(*entry));
  }
  entry->times.push(candidate.time);
  entry->idle_at = candidate.time + length_of(limit);
  shard.by_age.push_back(*entry);
  candidate.window = window_of(entry->times, 0, limit, candidate.time);
  candidate.window.admitted = true;
  candidate.window.retry_after = Milliseconds(0);
}

void SlidingWindows::forget_idle(Shard& shard, Time now) {
  for (int i = 0; i < idle_checks_per_request; ++i) {
    if (shard.by_age.empty() || shard.by_age.front().idle_at > now) return;
    forget_oldest(shard);
  }
}

void SlidingWindows::forget_oldest(Shard& shard) {
  const auto oldest = shard.entries.find(*shard.by_age.front().key);
  shard.by_age.pop_front();
  shard.entries.erase(oldest);
}

std::size_t SlidingWindows::size() const {
  std::size_t keys = 0;
  for (std::size_t i = 0; i < shard_count_; ++i) {
    const MutexLock lock(shards_[i].mutex);
    keys += shards_[i].entries.size();
  }
  return keys;
}

}  // namespace skymarshal::limits

#include "limits/account_window.hpp"

#include <algorithm>
#include <limits>

namespace skymarshal::limits {
namespace {

/// Before any window, and far enough from the end of the numbers to count with.
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min() / 8;

std::int64_t packed(std::int64_t time, std::int64_t lap) { return time * 2 + lap; }
std::int64_t time_in(std::int64_t held) { return held >> 1; }
std::int64_t lap_in(std::int64_t held) { return held & 1; }

Milliseconds wait_of(std::int64_t nanoseconds) {
  if (nanoseconds <= 0) return Milliseconds(0);
  return std::chrono::ceil<Milliseconds>(std::chrono::nanoseconds(nanoseconds));
}

}  // namespace

AccountWindow::AccountWindow(RateLimit limit)
    : limit_(limit),
      requests_(static_cast<std::uint64_t>(std::max<std::int64_t>(0, limit.requests))),
      slots_(std::make_unique<std::atomic<std::int64_t>[]>(requests_)) {
  // As if the lap before the first, an odd one, had been long ago.
  for (std::uint64_t i = 0; i < requests_; ++i) slots_[i] = packed(never, 1);
}

AccountWindow::AccountWindow(RateLimit limit, const AccountWindow& before) : AccountWindow(limit) {
  std::vector<Time> times = before.times();
  if (times.empty()) return;
  std::erase_if(times, [gone = times.back() - length_of(limit)](Time time) { return time <= gone; });
  const std::uint64_t count = std::min<std::uint64_t>(times.size(), requests_);
  const auto newest = times.end() - static_cast<std::ptrdiff_t>(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    slot_of(i) = packed(newest[static_cast<std::ptrdiff_t>(i)], lap_of(i));
  }
  next_ = count;
  older_.assign(times.begin(), newest);
}

std::vector<AccountWindow::Time> AccountWindow::times() const {
  std::vector<Time> times = older_;
  const std::uint64_t end = next_.load();
  for (std::uint64_t i = end - std::min(end, requests_); i < end; ++i) {
    times.push_back(time_in(slot_of(i).load()));
  }
  return times;
}

Milliseconds AccountWindow::take(SteadyTime now) {
  if (requests_ == 0) return Milliseconds(0);
  for (;;) {
    Next next = next_at(now);
    if (next.wait > 0) return wait_of(next.wait);
    std::int64_t& held = next.held;
    const std::int64_t mine = packed(next.time, lap_of(next.number));
    const bool counted = slot_of(next.number).compare_exchange_strong(held, mine);
    // Whoever won: the place is taken.
    next_.compare_exchange_strong(next.number, next.number + 1);
    if (counted) return Milliseconds(0);
  }
}

Milliseconds AccountWindow::peek(SteadyTime now) const {
  return requests_ == 0 ? Milliseconds(0) : wait_of(next_at(now).wait);
}

AccountWindow::Next AccountWindow::next_at(SteadyTime now) const {
  for (;;) {
    Next next{next_.load(), 0, std::chrono::nanoseconds(now.time_since_epoch()).count(), 0};
    next.held = slot_of(next.number).load();
    if (lap_in(next.held) == lap_of(next.number)) {
      // Taken by somebody who has not come to say so yet.
      next_.compare_exchange_strong(next.number, next.number + 1);
      continue;
    }
    const std::int64_t newest = slot_of(next.number + requests_ - 1).load();
    // What was read belongs together only if nobody went on meanwhile.
    if (next_.load() != next.number) continue;
    next.time = std::max(next.time, time_in(newest));
    next.wait = time_in(next.held) + length_of(limit_) - next.time;
    return next;
  }
}

}  // namespace skymarshal::limits

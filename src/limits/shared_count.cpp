#include "limits/shared_count.hpp"

#include <algorithm>

namespace skymarshal::limits {
namespace {

/// Few enough that all of them fit into one small item, enough that they are no coarse measure.
constexpr std::int64_t slices_per_window = 30;
/// A gateway that is near the limit may let in a share of what is left, so that several do not pass it.
constexpr std::int64_t share_of_rest = 4;

void forget_before(SliceCounts& counts, std::int64_t slice) {
  counts.erase(counts.begin(), counts.lower_bound(slice));
}

std::int64_t sum_of(const SliceCounts& counts, std::int64_t from) {
  std::int64_t sum = 0;
  for (auto count = counts.lower_bound(from); count != counts.end(); ++count) sum += count->second;
  return sum;
}

}  // namespace

Slices::Slices(Milliseconds window)
    : length_ms(std::max<std::int64_t>(1, (window.count() + slices_per_window - 1) / slices_per_window)),
      in_window((window.count() + length_ms - 1) / length_ms) {}

SharedCount::SharedCount(RateLimit limit, int lease_percent)
    : limit_(limit),
      lease_(lease_of(limit, lease_percent)),
      slices_(limit.window),
      // Whoever lets in less than that in a window never has to ask.
      credit_(lease_) {}

std::int64_t SharedCount::lease_of(RateLimit limit, int lease_percent) {
  return std::max<std::int64_t>(1, limit.requests * lease_percent / 100);
}

void SharedCount::set_limit(RateLimit limit, int lease_percent) {
  if (limit == limit_) return;
  limit_ = limit;
  lease_ = lease_of(limit, lease_percent);
  credit_ = std::min(credit_, lease_);
  refused_slice_ = -1;
}

SharedCount::Answer SharedCount::take(WallTime now) {
  forget_old(now);
  if (untold() < credit()) {
    ++untold_[slices_.at(now)];
    return Answer::let_in;
  }
  if (refused_slice_ >= slices_.at(now)) return Answer::refused;
  ++waiting_;
  return Answer::must_ask;
}

void SharedCount::take_alone(WallTime now) {
  forget_old(now);
  ++untold_[slices_.at(now)];
}

void SharedCount::put_back(WallTime now) { --untold_[slices_.at(now)]; }

bool SharedCount::should_report(WallTime now) {
  forget_old(now);
  // One of one is better told when it is missed.
  return !is_under_way_ && credit() > 1 && untold() >= credit() - credit() / 4 && untold() > 0;
}

SharedCount::Report SharedCount::begin_report(WallTime now) {
  forget_old(now);
  const std::int64_t slice = slices_.at(now);
  is_under_way_ = true;
  sent_slice_ = slice;
  sent_ = std::move(untold_);
  untold_.clear();
  sent_reservation_ = std::min(waiting_, lease_);
  waiting_ = 0;
  Report report{sent_, slices_.oldest_that_counts(slice)};
  if (reservation_ > 0) report.changes[reservation_slice_] -= reservation_;
  if (sent_reservation_ > 0) report.changes[slice] += sent_reservation_;
  std::erase_if(report.changes, [](const auto& change) { return change.second == 0; });
  return report;
}

bool SharedCount::end_report(const SliceCounts& told, WallTime now) {
  is_under_way_ = false;
  told_ = told;
  sent_.clear();
  reservation_ = sent_reservation_;
  reservation_slice_ = sent_slice_;
  sent_reservation_ = 0;
  if (reservation_ > 0) told_[reservation_slice_] -= reservation_;
  const std::int64_t rest = limit_.requests - sum_of(told_, slices_.oldest_that_counts(sent_slice_));
  reserved_ = std::clamp<std::int64_t>(rest, 0, reservation_);
  credit_ = std::clamp<std::int64_t>((rest - reservation_) / share_of_rest, 0, lease_);
  refused_slice_ = rest <= 0 ? sent_slice_ : -1;
  forget_old(now);
  return reservation_ > 0 && reserved_ == 0;
}

void SharedCount::fail_report() {
  is_under_way_ = false;
  for (const auto& [slice, count] : sent_) untold_[slice] += count;
  sent_.clear();
  // Whether it was made, or an earlier one taken back, nobody knows: what counts too much goes with its time.
  sent_reservation_ = 0;
  reservation_ = 0;
  reserved_ = 0;
}

Milliseconds SharedCount::retry_after(WallTime now) const {
  std::int64_t counted = sum_of(told_, slices_.oldest_that_counts(slices_.at(now)));
  for (const auto& [slice, count] : told_) {
    if (slice < slices_.oldest_that_counts(slices_.at(now))) continue;
    counted -= count;
    if (counted < limit_.requests) return std::max(Milliseconds(1), slices_.end_of(slice) - now);
  }
  return Milliseconds(slices_.length_ms);
}

std::int64_t SharedCount::remaining(WallTime now) const {
  const std::int64_t oldest = slices_.oldest_that_counts(slices_.at(now));
  const std::int64_t counted = sum_of(told_, oldest) + sum_of(sent_, oldest) + sum_of(untold_, oldest);
  return std::clamp<std::int64_t>(limit_.requests - counted, 0, limit_.requests);
}

bool SharedCount::is_idle(WallTime now) const {
  const std::int64_t oldest = slices_.oldest_that_counts(slices_.at(now));
  const auto is_old = [oldest](const SliceCounts& counts) {
    return counts.empty() || counts.rbegin()->first < oldest;
  };
  return !is_under_way_ && is_old(untold_) && is_old(told_) &&
         (reservation_ == 0 || reservation_slice_ < oldest);
}

void SharedCount::forget_old(WallTime now) {
  const std::int64_t oldest = slices_.oldest_that_counts(slices_.at(now));
  forget_before(untold_, oldest);
  forget_before(told_, oldest);
  if (reservation_ > 0 && reservation_slice_ < oldest) {
    reservation_ = 0;
    reserved_ = 0;
  }
}

std::int64_t SharedCount::untold() const { return sum_of(untold_, 0) + sum_of(sent_, 0); }

}  // namespace skymarshal::limits

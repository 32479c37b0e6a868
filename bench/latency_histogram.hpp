// Counts durations in buckets that grow with the value, each at most 1 % wide: bounded memory for runs of any
// length, percentiles true to 1 %. Plain value, one thread.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace skymarshal::bench {

class LatencyHistogram {
 public:
  void record(std::int64_t duration_ns) {
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(duration_ns, 0));
    ++counts_[bucket_of(value)];
    ++count_;
    max_ns_ = std::max(max_ns_, value);
  }

  std::uint64_t count() const { return count_; }
  double max_us() const { return static_cast<double>(max_ns_) / 1000; }

  /// `fraction` of all recorded durations are at most this long; 0 if there are none.
  double percentile_us(double fraction) const {
    const auto rank = static_cast<std::uint64_t>(fraction * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
      seen += counts_[bucket];
      if (seen > rank) return static_cast<double>(std::min(middle_of(bucket), max_ns_)) / 1000;
    }
    return max_us();
  }

 private:
  // Values below 128 have a bucket each; every further power of two is cut into 128.
  static constexpr std::size_t precision_bits = 7;
  static constexpr std::size_t per_power = std::size_t{1} << precision_bits;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < per_power) return value;
    const auto shift = static_cast<std::size_t>(std::bit_width(value)) - 1 - precision_bits;
    return shift * per_power + static_cast<std::size_t>(value >> shift);
  }
  static std::uint64_t middle_of(std::size_t bucket) {
    if (bucket < 2 * per_power) return bucket;
    const std::size_t shift = bucket / per_power - 1;
    const std::uint64_t low = (bucket - shift * per_power) << shift;
    return low + (std::uint64_t{1} << shift) / 2;
  }

  std::array<std::uint64_t, (65 - precision_bits) * per_power> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ns_ = 0;
};

}  // namespace skymarshal::bench

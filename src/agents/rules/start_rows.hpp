// Tables whose rows hold for starts of duty from a minute of the day up to the next row's. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace skymarshal::agents::rules {

/// A time of the day, or a length, in minutes.
constexpr std::int32_t at(std::int32_t hour, std::int32_t minute = 0) { return hour * 60 + minute; }

/// The row that a start at `start_minute` falls into. The rows rise by `from`; the first one's is 0.
template <typename Row, std::size_t size>
const Row& row_at(const Row (&rows)[size], std::int32_t start_minute) {
  const auto after = std::upper_bound(std::begin(rows), std::end(rows), start_minute,
                                      [](std::int32_t minute, const Row& row) { return minute < row.from; });
  return *std::prev(after);
}

}  // namespace skymarshal::agents::rules

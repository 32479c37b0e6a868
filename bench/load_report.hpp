// What a load run has measured, and its two ways to be printed. One thread; lanes and the run write into it.
#pragma once

#include "latency_histogram.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace skymarshal::bench {

struct LoadReport {
  /// False while warming up, or until all that are followed have begun: durations are not recorded, errors
  /// are.
  bool recording = false;
  LatencyHistogram latency;
  /// From the sending of a chunk to its reading, where chunks are stamped.
  LatencyHistogram chunk_delay;
  std::uint64_t invocations_total = 0;
  std::uint64_t invocations_measured = 0;
  /// Those that ended within the measured time.
  std::uint64_t invocations_in_time = 0;
  std::uint64_t chunks = 0;
  std::uint64_t bytes_received = 0;
  std::map<std::string, std::uint64_t> errors;
  /// The first one at length, to know what happened.
  std::string first_error;
  double measured_seconds = 0;
  std::int64_t own_cpu_us = 0;

  std::uint64_t error_count() const;
  double invocations_per_second() const;
  double own_cpu_us_per_invocation() const;
  std::string as_json() const;
  std::string as_text() const;
};

}  // namespace skymarshal::bench

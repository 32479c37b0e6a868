// Where time comes from: two clocks behind one interface, so that tests can hold time in their hands.
// Implementations are safe to use from any thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace skymarshal {

using Milliseconds = std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::time_point<std::chrono::system_clock, Milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  /// Monotonic: for durations and deadlines.
  virtual SteadyTime steady_now() const = 0;
  /// UTC, in milliseconds: for what is shown and stored.
  virtual WallTime wall_now() const = 0;
};

class SystemClock final : public Clock {
 public:
  SteadyTime steady_now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall_now() const override {
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
  }
};

inline std::int64_t unix_ms(WallTime time) { return time.time_since_epoch().count(); }
inline WallTime from_unix_ms(std::int64_t ms) { return WallTime(Milliseconds(ms)); }

}  // namespace skymarshal

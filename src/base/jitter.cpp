#include "base/jitter.hpp"

#include <array>
#include <cmath>
#include <cstring>

namespace skymarshal {

Milliseconds jittered(Milliseconds pause, double share, RandomSource& random) {
  std::array<std::byte, sizeof(std::uint32_t)> bytes;
  random.fill(bytes);
  std::uint32_t draw = 0;
  std::memcpy(&draw, bytes.data(), sizeof draw);
  // From -1 to 1, both included.
  const double swing = static_cast<double>(draw) / 2147483647.5 - 1.0;
  return Milliseconds(std::llround(static_cast<double>(pause.count()) * (1.0 + share * swing)));
}

}  // namespace skymarshal

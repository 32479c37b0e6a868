#include "runtime/retry_policy.hpp"

#include <array>
#include <cmath>
#include <cstring>

namespace skymarshal::runtime {

Milliseconds RetryPolicy::delay_before(int retry, RandomSource& random) const {
  std::array<std::byte, sizeof(std::uint32_t)> bytes;
  random.fill(bytes);
  std::uint32_t draw = 0;
  std::memcpy(&draw, bytes.data(), sizeof draw);
  // From -1 to 1, both included.
  const double swing = static_cast<double>(draw) / 2147483647.5 - 1.0;
  const auto delay = static_cast<double>(delays[static_cast<std::size_t>(retry)].count());
  return Milliseconds(std::llround(delay * (1.0 + jitter * swing)));
}

}  // namespace skymarshal::runtime

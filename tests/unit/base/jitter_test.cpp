#include "base/jitter.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace skymarshal::jitter_test {

class SameBytes final : public RandomSource {
 public:
  explicit SameBytes(unsigned char byte) : byte_(byte) {}
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, std::byte{byte_}); }

 private:
  unsigned char byte_;
};

TEST(Jitter, GoesFromOneEndOfItsShareToTheOther) {
  SameBytes low(0), high(0xFF);
  EXPECT_EQ(jittered(Milliseconds(1'000), 0.2, low), Milliseconds(800));
  EXPECT_EQ(jittered(Milliseconds(1'000), 0.2, high), Milliseconds(1'200));
  EXPECT_EQ(jittered(Milliseconds(1'000), 0, high), Milliseconds(1'000));
  EXPECT_EQ(jittered(Milliseconds(0), 1, high), Milliseconds(0));
}

TEST(Jitter, IsNotAlwaysTheSame) {
  SystemRandom random;
  const Milliseconds first = jittered(std::chrono::hours(1), 0.5, random);
  bool differs = false;
  for (int i = 0; i < 20; ++i) differs = differs || jittered(std::chrono::hours(1), 0.5, random) != first;
  EXPECT_TRUE(differs);
}

}  // namespace skymarshal::jitter_test

// How long to wait before trying again.
#include "runtime/retry_policy.hpp"

#include <cstring>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::runtime::retry_policy_test {

/// Always the same bytes.
class FixedRandom final : public RandomSource {
 public:
  explicit FixedRandom(std::uint32_t value) : value_(value) {}
  void fill(std::span<std::byte> bytes) override { std::memcpy(bytes.data(), &value_, bytes.size()); }

 private:
  std::uint32_t value_;
};

TEST(RetryPolicy, IsThatOfTheSpecification) {
  const RetryPolicy policy;
  EXPECT_EQ(policy.delays, (std::vector<Milliseconds>{Milliseconds(1000), Milliseconds(2000)}));
  EXPECT_EQ(policy.retries_max(), 2);
  EXPECT_DOUBLE_EQ(policy.jitter, 0.2);
}

TEST(RetryPolicy, SwingsFromEndToEnd) {
  const RetryPolicy policy;
  FixedRandom lowest(0), highest(0xFFFF'FFFF), middle(0x7FFF'FFFF);
  EXPECT_EQ(policy.delay_before(0, lowest), Milliseconds(800));
  EXPECT_EQ(policy.delay_before(0, highest), Milliseconds(1200));
  EXPECT_EQ(policy.delay_before(0, middle), Milliseconds(1000));
  EXPECT_EQ(policy.delay_before(1, lowest), Milliseconds(1600));
  EXPECT_EQ(policy.delay_before(1, highest), Milliseconds(2400));
}

TEST(RetryPolicy, WaitsLongerForAStartEachTime) {
  const RetryPolicy policy;
  FixedRandom middle(0x7FFF'FFFF);
  std::vector<Milliseconds> delays;
  for (int look = 0; look < 7; ++look) delays.push_back(policy.delay_while_starting(look, middle));
  EXPECT_EQ(delays, (std::vector<Milliseconds>{Milliseconds(1000), Milliseconds(2000), Milliseconds(4000),
                                               Milliseconds(8000), Milliseconds(16'000), Milliseconds(30'000),
                                               Milliseconds(30'000)}));
  EXPECT_EQ(policy.delay_while_starting(1'000'000, middle), Milliseconds(30'000));
}

RC_GTEST_PROP(RetryPolicy, StaysWithinItsJitter, (std::uint32_t draw)) {
  const RetryPolicy policy;
  FixedRandom random(draw);
  for (int retry = 0; retry < policy.retries_max(); ++retry) {
    const auto base = policy.delays[static_cast<std::size_t>(retry)].count();
    const auto delay = policy.delay_before(retry, random).count();
    RC_ASSERT(delay >= base * 8 / 10);
    RC_ASSERT(delay <= base * 12 / 10);
  }
}

TEST(RetryPolicy, SpreadsManyCallers) {
  const RetryPolicy policy;
  SystemRandom random;
  std::vector<Milliseconds> delays;
  for (int i = 0; i < 200; ++i) delays.push_back(policy.delay_before(0, random));
  EXPECT_LT(*std::ranges::min_element(delays), Milliseconds(900));
  EXPECT_GT(*std::ranges::max_element(delays), Milliseconds(1100));
}

TEST(Retries, EndWithTheirPolicy) {
  const RetryPolicy policy;
  FixedRandom middle(0x7FFF'FFFF);
  Retries retries(policy, middle);
  EXPECT_EQ(retries.delay_after(Again::no), std::nullopt);
  EXPECT_EQ(retries.delay_after(Again::later), Milliseconds(1000));
  EXPECT_EQ(retries.delay_after(Again::at_once), Milliseconds(0));
  EXPECT_EQ(retries.delay_after(Again::at_once), std::nullopt);
  EXPECT_EQ(retries.delay_after(Again::until_started), Milliseconds(1000));
  EXPECT_EQ(retries.delay_after(Again::later), Milliseconds(2000));
  EXPECT_EQ(retries.delay_after(Again::later), std::nullopt);
  EXPECT_EQ(retries.delay_after(Again::until_started), Milliseconds(2000));
  const RetryPolicy none{.delays = {}};
  EXPECT_EQ(Retries(none, middle).delay_after(Again::until_started), std::nullopt);
}

}  // namespace skymarshal::runtime::retry_policy_test

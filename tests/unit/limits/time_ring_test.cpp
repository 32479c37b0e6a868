// The times of a key's requests.
#include "limits/time_ring.hpp"

#include <deque>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::limits::time_ring_test {

TEST(TimeRing, HoldsNothingAtFirst) {
  const TimeRing ring;
  EXPECT_EQ(ring.size(), 0u);
  EXPECT_EQ(ring.capacity(), 0u);
  EXPECT_EQ(ring.count_until(1'000), 0u);
}

TEST(TimeRing, GivesBackTheRoomItNeedsNoMore) {
  TimeRing ring;
  for (TimeRing::Time time = 0; time < 1'000; ++time) ring.push(time);
  EXPECT_EQ(ring.capacity(), 1'024u);
  for (TimeRing::Time time = 1'000; time < 1'020; ++time) {
    ring.drop_oldest(ring.size());
    ring.push(time);
  }
  EXPECT_LE(ring.capacity(), 4u);
}

RC_GTEST_PROP(TimeRing, IsAQueueInOrderOfTime, ()) {
  TimeRing ring;
  std::deque<TimeRing::Time> model;
  TimeRing::Time now = *rc::gen::inRange(-100, 100);
  const auto steps = *rc::gen::inRange(1, 300);
  for (int step = 0; step < steps; ++step) {
    now += *rc::gen::inRange(0, 3);
    if (*rc::gen::inRange(0, 4) > 0) {
      ring.push(now);
      model.push_back(now);
    } else {
      const auto count = *rc::gen::inRange<std::size_t>(0, model.size() + 1);
      ring.drop_oldest(static_cast<std::uint32_t>(count));
      model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(count));
    }
    RC_ASSERT(ring.size() == model.size());
    for (std::uint32_t i = 0; i < ring.size(); ++i) RC_ASSERT(ring[i] == model[i]);
    if (!model.empty()) RC_ASSERT(ring.newest() == model.back());
    const TimeRing::Time until = now - *rc::gen::inRange(-2, 20);
    const auto before = std::ranges::count_if(model, [&](TimeRing::Time time) { return time <= until; });
    RC_ASSERT(ring.count_until(until) == before);
  }
}

}  // namespace skymarshal::limits::time_ring_test

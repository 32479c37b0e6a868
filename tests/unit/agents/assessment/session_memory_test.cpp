#include "agents/assessment/session_memory.hpp"

#include "support/manual_clock.hpp"

#include <string>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::session_memory_test {

TEST(SessionMemory, AFollowUpBuildsOnWhatWasSaid) {
  const skymarshal::test::ManualClock clock;
  SessionMemory memory({}, clock);
  memory.add_turn("s", "EY283 BKK-AUH on A6-BNC, hydraulic fault, 3 hours delay");
  const facts::Facts facts = memory.add_turn("s", "and if we swap to A6-BND?");
  EXPECT_EQ(facts.flight->value, "EY283");
  EXPECT_EQ(facts.registration->value, "A6-BNC");
  EXPECT_EQ(facts.replacement_registration->value, "A6-BND");
  EXPECT_EQ(facts.replacement_registration->words.turn, 2);
}

TEST(SessionMemory, SessionsDoNotHearEachOther) {
  const skymarshal::test::ManualClock clock;
  SessionMemory memory({}, clock);
  memory.add_turn("a", "EY283 is late");
  EXPECT_FALSE(memory.add_turn("b", "why?").flight.has_value());
}

TEST(SessionMemory, ForgetsTheLeastRecentlyUsedFirst) {
  const skymarshal::test::ManualClock clock;
  SessionMemory memory({.sessions_max = 2, .expiry = std::chrono::minutes(30)}, clock);
  memory.add_turn("a", "EY283 is late");
  memory.add_turn("b", "EY284 is late");
  memory.add_turn("a", "really");
  memory.add_turn("c", "EY285 is late");
  EXPECT_EQ(memory.sessions(), 2U);
  EXPECT_TRUE(memory.add_turn("a", "so?").flight.has_value());
  EXPECT_FALSE(memory.add_turn("b", "so?").flight.has_value());
}

TEST(SessionMemory, ASilentSessionStartsAfresh) {
  skymarshal::test::ManualClock clock;
  SessionMemory memory({.sessions_max = 10, .expiry = std::chrono::minutes(30)}, clock);
  memory.add_turn("a", "EY283 is late");
  clock.advance(std::chrono::minutes(29));
  EXPECT_TRUE(memory.add_turn("a", "so?").flight.has_value());
  clock.advance(std::chrono::minutes(30));
  EXPECT_FALSE(memory.add_turn("a", "so?").flight.has_value());
}

TEST(SessionMemory, ForgetsWhatItIsToldTo) {
  const skymarshal::test::ManualClock clock;
  SessionMemory memory({}, clock);
  memory.add_turn("a", "EY283 is late");
  memory.add_turn("b", "EY284 is late");
  memory.forget("a");
  memory.forget("never there");
  EXPECT_EQ(memory.sessions(), 1U);
  EXPECT_FALSE(memory.add_turn("a", "so?").flight.has_value());
  EXPECT_TRUE(memory.add_turn("b", "so?").flight.has_value());
}

TEST(SessionMemory, AnswersEvenWhenItMayKeepNothing) {
  const skymarshal::test::ManualClock clock;
  SessionMemory memory({.sessions_max = 0, .expiry = std::chrono::minutes(30)}, clock);
  EXPECT_TRUE(memory.add_turn("a", "EY283 is late").flight.has_value());
  EXPECT_EQ(memory.sessions(), 0U);
}

}  // namespace skymarshal::agents::assessment::session_memory_test

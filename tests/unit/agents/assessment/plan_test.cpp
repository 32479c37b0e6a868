#include "agents/assessment/plan.hpp"

#include "unit/agents/assessment/situations.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::plan_test {

using test::at;
using test::situation_of;

TEST(Plan, TheStatedDelayIsThePlanInQuestion) {
  const Situation situation = situation_of("EY283 BKK-AUH has a delay of 2 to 3 hours");
  const Plan plan = plan_in_question(situation);
  EXPECT_EQ(plan.kind, PlanKind::operate_with_delay);
  EXPECT_EQ(plan.departure_delay, (Delay{120, 180}));
  EXPECT_EQ(plan.arrival_delay, (Delay{120, 180}));
  EXPECT_EQ(plan.delay_reason, "prompt, turn 1: \"delay of 2 to 3 hours\"");
  EXPECT_FALSE(plan.swaps());
  EXPECT_TRUE(plan.flies());
}

TEST(Plan, ANamedReplacementIsASwap) {
  const Plan plan = plan_in_question(situation_of("EY283 BKK-AUH 3 hours delay, swap A6-BNC to A6-BND"));
  EXPECT_EQ(plan.kind, PlanKind::swap_aircraft);
  EXPECT_EQ(plan.replacement, nullptr);
  EXPECT_EQ(plan.replacement_registration, "A6-BND");
  EXPECT_TRUE(plan.swaps());
}

TEST(Plan, AKnownReplacementTakesOverWhenItIsReady) {
  Situation situation = situation_of("EY283 BKK-AUH 3 hours delay, swap A6-BNC to A6-BND");
  situation.departure = Known<UtcMinutes>{at("2026-06-15T10:00Z"), "test"};
  SwapCandidate candidate;
  candidate.aircraft.registration = "A6-BND";
  candidate.ready = at("2026-06-15T12:45Z");
  situation.candidates.push_back(candidate);
  const Plan plan = plan_in_question(situation);
  EXPECT_EQ(plan.replacement, &situation.candidates.front());
  EXPECT_EQ(plan.departure_delay, (Delay{165, 165}));
  // One that has long been there still has to be loaded and boarded.
  situation.candidates.front().ready = at("2026-06-15T09:00Z");
  EXPECT_EQ(plan_in_question(situation).departure_delay, (Delay{swap_minutes, swap_minutes}));
}

TEST(Plan, AFlightInTheAirGoesOn) {
  EXPECT_EQ(plan_in_question(situation_of("EY283 BKK-AUH airborne, hydraulic warning")).kind,
            PlanKind::continue_flight);
}

TEST(Plan, NoDelayIsNoTime) {
  const Situation situation = situation_of("EY283 BKK-AUH STD 10:00 hydraulic fault");
  EXPECT_FALSE(local_departure_of(situation, plan_in_question(situation)));
  EXPECT_FALSE(departure_of(situation, plan_in_question(situation)));
}

TEST(Plan, LocalTimesFollowTheClocksOfThePlace) {
  Situation situation = situation_of("LH400 FRA-JFK has a delay of 2 hours");
  situation.arrival = Known<UtcMinutes>{at("2026-10-24T23:30Z"), "test"};
  situation.destination->value.time_zone = "Europe/Berlin";
  const auto arrival = local_arrival_of(situation, test::delayed(120));
  ASSERT_TRUE(arrival);
  // 01:30 in summer time, and two hours later the clocks have gone back by one.
  EXPECT_EQ(reference::local_text(arrival->latest), "2026-10-25 02:30");
}

RC_GTEST_PROP(Plan, MoreDelayIsNeverEarlier, ()) {
  Situation situation = situation_of("EY283 BKK-AUH STD 10:00 STA 14:00");
  const auto less = *rc::gen::inRange(0, 2000);
  const auto more = less + *rc::gen::inRange(0, 2000);
  RC_ASSERT(local_arrival_of(situation, test::delayed(less))->latest <=
            local_arrival_of(situation, test::delayed(more))->latest);
}

TEST(Plan, AnotherAircraftWaitsForTheSameWeather) {
  const auto swapped = [](std::string_view prompt) {
    Situation situation = situation_of(prompt);
    situation.departure = Known<UtcMinutes>{at("2026-06-15T10:00Z"), "test"};
    SwapCandidate candidate;
    candidate.ready = situation.departure->value;
    return swap_plan(situation, candidate).departure_delay;
  };
  EXPECT_EQ(swapped("EY283 BKK-AUH 3 hours delay, fog"), (Delay{180, 180}));
  EXPECT_EQ(swapped("EY283 BKK-AUH 1 hour delay, fog"), (Delay{swap_minutes, swap_minutes}));
  EXPECT_EQ(swapped("EY283 BKK-AUH fog"), std::nullopt);
  EXPECT_EQ(swapped("EY283 BKK-AUH 3 hours delay, fog and a hydraulic fault"),
            (Delay{swap_minutes, swap_minutes}));
  EXPECT_EQ(swapped("EY283 BKK-AUH 3 hours delay, lightning strike"), (Delay{swap_minutes, swap_minutes}));
  EXPECT_EQ(swapped("EY283 BKK-AUH 3 hours delay"), (Delay{swap_minutes, swap_minutes}));
}

}  // namespace skymarshal::agents::assessment::plan_test

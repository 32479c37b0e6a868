#include "agents/assessment/recovery.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::recovery_steps_test {

constexpr PlanKind kinds[] = {
    PlanKind::operate_with_delay, PlanKind::swap_aircraft,   PlanKind::change_crew, PlanKind::reroute,
    PlanKind::cancel_and_rebook,  PlanKind::continue_flight, PlanKind::divert};

TEST(RecoverySteps, EveryStepCanBeDoneAfterThoseItDependsOn) {
  const Situation situation =
      test::situation_of("EY283 BKK-AUH hydraulic fault, 286 passengers, 3 hours delay");
  for (const PlanKind kind : kinds) {
    Plan plan;
    plan.kind = kind;
    plan.replacement_registration = "A6-BND";
    const auto steps = recovery_steps(situation, plan);
    ASSERT_GE(steps.size(), 4U) << name_of(kind);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      EXPECT_EQ(steps[i].step, static_cast<std::int32_t>(i) + 1);
      EXPECT_FALSE(steps[i].who.empty());
      EXPECT_FALSE(steps[i].what.empty());
      EXPECT_FALSE(steps[i].success_criterion.empty());
      EXPECT_GT(steps[i].minutes, 0);
      for (const std::int32_t before : steps[i].depends_on) {
        EXPECT_GE(before, 1);
        EXPECT_LT(before, steps[i].step);
      }
    }
  }
}

TEST(RecoverySteps, ADefectIsMendedBeforeTheReleaseAndTheRepairTimeIsTheStatedOne) {
  const auto steps = recovery_steps(
      test::situation_of("EY283 BKK-AUH hydraulic fault, repair takes 2 to 3 hours, 4 hours delay"), Plan{});
  const auto repair = std::find_if(steps.begin(), steps.end(), [](const RecoveryStep& step) {
    return step.what.starts_with("Mend or defer");
  });
  ASSERT_NE(repair, steps.end());
  EXPECT_EQ(repair->minutes, 180);
  EXPECT_EQ(std::next(repair)->depends_on, std::vector<std::int32_t>{repair->step});
  const auto without = recovery_steps(test::situation_of("EY283 BKK-AUH fog, 4 hours delay"), Plan{});
  EXPECT_LT(without.size(), steps.size());
}

TEST(RecoverySteps, TheRepairTimeOfTheItemHelpsOut) {
  Situation situation = test::situation_of("EY283 BKK-AUH hydraulic fault, 4 hours delay");
  ops::MaintenanceItem item;
  item.ata_chapter = 29;
  item.repair_minutes = 150;
  situation.items.push_back(item);
  const auto steps = recovery_steps(situation, Plan{});
  EXPECT_TRUE(
      std::any_of(steps.begin(), steps.end(), [](const RecoveryStep& step) { return step.minutes == 150; }));
}

TEST(RecoverySteps, TheCriticalPathIsTheLongestChain) {
  EXPECT_EQ(critical_path_minutes({}), 0);
  EXPECT_EQ(critical_path_minutes({{1, "a", "a", {}, 10, "a"},
                                   {2, "b", "b", {}, 40, "b"},
                                   {3, "c", "c", {1}, 25, "c"},
                                   {4, "d", "d", {2, 3}, 5, "d"}}),
            45);
}

TEST(RecoverySteps, ASwapFindsAnAircraftForWhatItTakesAway) {
  const Situation situation = test::situation_of("EY283 BKK-AUH hydraulic fault, 3 hours delay");
  SwapCandidate candidate;
  candidate.aircraft.registration = "A6-BND";
  candidate.own_flights.push_back(
      test::flight("EY407", "BKK", "AUH", "2026-06-15T11:15Z", "2026-06-15T17:40Z", "A6-BND"));
  Plan plan;
  plan.kind = PlanKind::swap_aircraft;
  plan.replacement = &candidate;
  plan.replacement_registration = "A6-BND";
  const auto steps = recovery_steps(situation, plan);
  EXPECT_EQ(critical_path_minutes(steps), swap_minutes) << "the plan reckons with what its steps take";
  EXPECT_TRUE(std::any_of(steps.begin(), steps.end(), [](const RecoveryStep& step) {
    return step.what.find("EY407") != std::string::npos;
  }));
}

}  // namespace skymarshal::agents::assessment::recovery_steps_test

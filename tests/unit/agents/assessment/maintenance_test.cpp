#include "agents/assessment/agent.hpp"
#include "unit/agents/assessment/crew_day.hpp"
#include "unit/agents/assessment/explained_numbers.hpp"
#include "unit/agents/assessment/what_is_said.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::maintenance_test {

using namespace test;

/// The planned aircraft's day, D-AINA, with these open items.
Situation day_with(std::vector<ops::MaintenanceItem> items) {
  Situation situation = crew_day();
  situation.items = std::move(items);
  return situation;
}

ops::MaintenanceItem deferred_item(char category, std::string_view discovered) {
  ops::MaintenanceItem item;
  item.registration = "D-AINA";
  item.reference = "29-11-01";
  item.ata_chapter = 29;
  item.description = "hydraulic pump";
  item.mel_category = category;
  item.discovered = reference::parse_date(discovered).value();
  return item;
}

ops::MaintenanceItem open_defect(std::int32_t repair_minutes) {
  ops::MaintenanceItem item = deferred_item(0, "2026-06-15");
  item.reference.clear();
  item.repair_minutes = repair_minutes;
  return item;
}

AgentAssessment assess(std::string_view prompt) {
  const Situation situation = situation_of(prompt);
  return assess_maintenance(situation, plan_in_question(situation));
}

TEST(Maintenance, ApprovesAnAircraftWithoutOpenItems) {
  const AgentAssessment said = assess_maintenance(day_with({}), delayed(60));
  EXPECT_EQ(said.status, Verdict::approved);
  EXPECT_TRUE(says(said, "no open maintenance items"));
}

TEST(Maintenance, ApprovesAnItemOnTheLastDayOfItsInterval) {
  const AgentAssessment said = assess_maintenance(day_with({deferred_item('B', "2026-06-12")}), delayed(60));
  EXPECT_EQ(said.status, Verdict::approved);
  EXPECT_TRUE(says(said, "on its last day, 2026-06-15"));
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

TEST(Maintenance, RejectsAnItemADayAfterItsInterval) {
  const AgentAssessment said = assess_maintenance(day_with({deferred_item('B', "2026-06-11")}), delayed(60));
  EXPECT_EQ(said.status, Verdict::rejected);
  EXPECT_EQ(said.constraints[0],
            "D-AINA must not be dispatched: the category B interval of MEL item 29-11-01 (hydraulic pump) is "
            "over by "
            "1 day.");
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

TEST(Maintenance, ADelayOverMidnightAtTheOriginEndsTheInterval) {
  const Situation situation = day_with({deferred_item('B', "2026-06-12")});
  // Departure at 07:00 local: 16 h 59 min later it is 23:59, a minute more and it is the next day.
  EXPECT_EQ(assess_maintenance(situation, delayed(16 * 60 + 59)).status, Verdict::approved);
  EXPECT_EQ(assess_maintenance(situation, delayed(17 * 60)).status, Verdict::rejected);
}

TEST(Maintenance, TheWorstOfSeveralItemsHolds) {
  const AgentAssessment said =
      assess_maintenance(day_with({deferred_item('C', "2026-06-14"), deferred_item('B', "2026-06-01"),
                                   deferred_item('D', "2026-06-14")}),
                         delayed(0));
  EXPECT_EQ(said.status, Verdict::rejected);
  EXPECT_NE(said.constraints[0].find("category B"), std::string::npos);
}

TEST(Maintenance, TheBindingConstraintStandsFirst) {
  ops::MaintenanceItem conditional = deferred_item('C', "2026-06-14");
  conditional.conditions = "flight level 350 at most";
  const AgentAssessment said =
      assess_maintenance(day_with({conditional, deferred_item('B', "2026-06-01")}), delayed(0));
  EXPECT_NE(said.constraints[0].find("must not be dispatched"), std::string::npos);
}

TEST(Maintenance, AGroundingItemWithoutATimeToRepairBarsTheFlight) {
  ops::MaintenanceItem item = deferred_item('B', "2026-06-15");
  item.grounding = true;
  const AgentAssessment said = assess_maintenance(day_with({item}), delayed(600));
  EXPECT_EQ(said.status, Verdict::rejected);
  EXPECT_TRUE(says(said, "it is grounding"));
  EXPECT_EQ(assess_maintenance(day_with({open_defect(0)}), delayed(600)).status, Verdict::rejected);
}

TEST(Maintenance, ARepairMustFitIntoTheDelay) {
  const Situation situation = day_with({open_defect(180)});
  EXPECT_EQ(assess_maintenance(situation, delayed(180)).status, Verdict::conditional);
  const AgentAssessment said = assess_maintenance(situation, delayed(179));
  EXPECT_EQ(said.status, Verdict::rejected);
  EXPECT_NE(said.constraints[0].find("earliest 2026-06-15T08:00Z"), std::string::npos);
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

TEST(Maintenance, ARangeOfRepairTimesMayOrMayNotFit) {
  Situation situation = day_with({});
  situation.repair = {Delay{120, 240}, "prompt"};
  EXPECT_EQ(assess_maintenance(situation, delayed(119)).status, Verdict::rejected);
  EXPECT_EQ(assess_maintenance(situation, delayed(120)).status, Verdict::conditional);
  EXPECT_TRUE(says(assess_maintenance(situation, delayed(120)), "may still be under repair"));
  EXPECT_FALSE(says(assess_maintenance(situation, delayed(240)), "may still be under repair"));
}

TEST(Maintenance, ASwapCountsByTheItemsOfTheReplacement) {
  const Situation situation = day_with({open_defect(0)});
  SwapCandidate candidate;
  candidate.aircraft.registration = "D-AINB";
  candidate.aircraft.type = "A20N";
  Plan plan = delayed(30);
  plan.kind = PlanKind::swap_aircraft;
  plan.replacement = &candidate;
  EXPECT_EQ(assess_maintenance(situation, plan).status, Verdict::approved);
  candidate.items = {deferred_item('B', "2026-06-01")};
  const AgentAssessment said = assess_maintenance(situation, plan);
  EXPECT_EQ(said.status, Verdict::rejected);
  EXPECT_EQ(said.constraints[0].substr(0, 6), "D-AINB");
}

TEST(Maintenance, OfAReplacementThatIsKnownByNameAloneTheItemsAreMissing) {
  Plan plan = delayed(30);
  plan.kind = PlanKind::swap_aircraft;
  plan.replacement_registration = "D-AINC";
  const AgentAssessment said = assess_maintenance(day_with({}), plan);
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.missing_facts, std::vector<std::string>{"open maintenance items of D-AINC"});
}

TEST(Maintenance, AReplacementWithLessEtopsNeedsARouteThatAllowsIt) {
  Situation situation = day_with({});
  situation.aircraft->value.etops_minutes = 180;
  SwapCandidate candidate;
  candidate.aircraft.registration = "D-AINB";
  candidate.aircraft.type = "A20N";
  Plan plan = delayed(30);
  plan.kind = PlanKind::swap_aircraft;
  plan.replacement = &candidate;
  const AgentAssessment said = assess_maintenance(situation, plan);
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
  candidate.aircraft.etops_minutes = 180;
  EXPECT_EQ(assess_maintenance(situation, plan).status, Verdict::approved);
}

TEST(Maintenance, WhereNothingIsFlownNoDefectStandsAgainstIt) {
  Plan plan;
  plan.kind = PlanKind::cancel_and_rebook;
  EXPECT_EQ(assess_maintenance(day_with({open_defect(0)}), plan).status, Verdict::approved);
}

TEST(Maintenance, InFlightTheAbnormalProceduresDecide) {
  const AgentAssessment said = assess("engine failure on A6-BNC in flight");
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_TRUE(says(said, "no longer decides after take-off"));
  EXPECT_TRUE(says(said, "commander decides"));
}

TEST(Maintenance, AStatedDefectNeedsAReleaseOrADeferral) {
  const AgentAssessment said = assess("hydraulic fault on A6-BNC before departure");
  EXPECT_EQ(said.status, Verdict::conditional);
  ASSERT_FALSE(said.constraints.empty());
  EXPECT_NE(said.constraints[0].find("A6-BNC"), std::string::npos);
  EXPECT_NE(said.constraints[0].find("ATA chapter 29"), std::string::npos);
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

TEST(Maintenance, AStatedDefectThatIsOnFileIsThatItem) {
  Situation situation = day_with({deferred_item('C', "2026-06-14")});
  situation.facts.causes.push_back({{facts::CauseKind::technical, "hydraulic", 29}, {}});
  EXPECT_EQ(assess_maintenance(situation, delayed(0)).status, Verdict::approved);
  situation.facts.causes[0].value.ata_chapter = 32;
  EXPECT_EQ(assess_maintenance(situation, delayed(0)).status, Verdict::conditional);
}

TEST(Maintenance, AReleasedAircraftIsApproved) {
  EXPECT_EQ(assess("hydraulic fault on A6-BNC before departure, now released to service").status,
            Verdict::approved);
}

TEST(Maintenance, AGroundedAircraftIsRejected) {
  EXPECT_EQ(assess("hydraulic fault on A6-BNC before departure, aircraft AOG").status, Verdict::rejected);
  EXPECT_EQ(assess("A6-BNC is grounded").status, Verdict::rejected);
}

TEST(Maintenance, AStatedIntervalEndsWithItsLastDay) {
  const std::string item = "hydraulic leak on A6-BNC before departure, MEL category ";
  EXPECT_EQ(assess(item + "B, open 2 days").status, Verdict::conditional);
  EXPECT_TRUE(says(assess(item + "B, open 3 days"), "last day"));
  EXPECT_EQ(assess(item + "B, open 4 days").status, Verdict::rejected);
  EXPECT_EQ(assess(item + "C, open 11 days").status, Verdict::rejected);
  EXPECT_EQ(assess(item + "D, open 121 days").status, Verdict::rejected);
  EXPECT_EQ(assess(item + "A, open 50 days").status, Verdict::conditional);
}

TEST(Maintenance, AStrikeByBirdOrLightningNeedsAnInspection) {
  EXPECT_TRUE(says(assess("bird strike on A6-BNC"), "must be inspected"));
  EXPECT_TRUE(says(assess("lightning strike on A6-BNC"), "must be inspected"));
  Situation situation = day_with({});
  situation.facts.causes.push_back({{facts::CauseKind::bird_strike, {}, 0}, {}});
  EXPECT_EQ(assess_maintenance(situation, delayed(0)).status, Verdict::conditional);
}

TEST(Maintenance, FromThePromptAloneTheOpenItemsAreMissing) {
  const AgentAssessment said = assess("fog around A6-BNC");
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.missing_facts, std::vector<std::string>{"open maintenance items of A6-BNC"});
}

RC_GTEST_PROP(MaintenanceProperty, TheSameInputGivesTheSameAnswerWithEveryNumberExplained, ()) {
  std::vector<ops::MaintenanceItem> items;
  const auto count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    ops::MaintenanceItem item = deferred_item(*rc::gen::element('A', 'B', 'C', 'D', '\0'), "2026-06-15");
    const auto ago = std::chrono::days(*rc::gen::inRange(0, 130));
    item.discovered = Date(std::chrono::sys_days(item.discovered) - ago);
    item.interval_days = *rc::gen::inRange(0, 3);
    item.repair_minutes = *rc::gen::element(0, 45, 600);
    item.bars_etops = *rc::gen::arbitrary<bool>();
    item.grounding = *rc::gen::arbitrary<bool>();
    items.push_back(item);
  }
  Situation situation = day_with(items);
  situation.aircraft->value.etops_minutes = *rc::gen::element(0, 120);
  const Plan plan = delayed(*rc::gen::inRange(0, 2000));
  const AgentAssessment said = assess_maintenance(situation, plan);
  const AgentAssessment again = assess_maintenance(situation, plan);
  RC_ASSERT(said.reasoning == again.reasoning);
  RC_ASSERT(said.constraints == again.constraints);
  RC_ASSERT(unexplained_numbers(said) == std::vector<std::string>{});
  if (said.status == Verdict::rejected) RC_ASSERT(!said.constraints.empty());
}

TEST(Maintenance, NobodyFliesADamagedAircraftBeforeItIsReleased) {
  const AgentAssessment said = assess("EY283 BKK-AUH, A6-BNC, aircraft damaged by a truck, 3 hours delay");
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_TRUE(says(said, "before it is cured of damage to the airframe"));
}

}  // namespace skymarshal::agents::assessment::maintenance_test

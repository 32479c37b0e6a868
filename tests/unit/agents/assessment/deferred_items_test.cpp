#include "agents/assessment/deferred_items.hpp"

#include "unit/agents/assessment/crew_day.hpp"
#include "unit/agents/assessment/explained_numbers.hpp"

#include <utility>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::deferred_items_test {

using namespace test;

ops::MaintenanceItem item_of(char category, std::string_view discovered) {
  ops::MaintenanceItem item;
  item.reference = "24-11-01";
  item.ata_chapter = 24;
  item.description = "generator";
  item.mel_category = category;
  item.discovered = reference::parse_date(discovered).value();
  return item;
}

AgentAssessment judge(const Situation& situation, const ops::MaintenanceItem& item,
                      const Plan& plan = delayed(0)) {
  Opinion opinion("maintenance");
  use_item(opinion, item);
  judge_deferred(opinion, technical_case(situation, plan), item);
  return std::move(opinion).finish();
}

TEST(DeferredItems, EachCategoryEndsWithItsLastDay) {
  // The flight leaves on 2026-06-15.
  EXPECT_EQ(judge(crew_day(), item_of('B', "2026-06-12")).status, Verdict::approved);
  EXPECT_EQ(judge(crew_day(), item_of('B', "2026-06-11")).status, Verdict::rejected);
  EXPECT_EQ(judge(crew_day(), item_of('C', "2026-06-05")).status, Verdict::approved);
  EXPECT_EQ(judge(crew_day(), item_of('C', "2026-06-04")).status, Verdict::rejected);
  EXPECT_EQ(judge(crew_day(), item_of('D', "2026-02-15")).status, Verdict::approved);
  EXPECT_EQ(judge(crew_day(), item_of('D', "2026-02-14")).status, Verdict::rejected);
}

TEST(DeferredItems, CategoryAGoesByTheDaysThatTheMelStates) {
  ops::MaintenanceItem item = item_of('A', "2026-06-13");
  EXPECT_EQ(judge(crew_day(), item).missing_facts.size(), 1U);
  item.interval_days = 2;
  EXPECT_EQ(judge(crew_day(), item).status, Verdict::approved);
  item.interval_days = 1;
  EXPECT_EQ(judge(crew_day(), item).status, Verdict::rejected);
}

TEST(DeferredItems, ConditionsMustBeMet) {
  ops::MaintenanceItem item = item_of('C', "2026-06-14");
  item.conditions = "APU running throughout the flight, 2 generators";
  const AgentAssessment said = judge(crew_day(), item);
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.constraints[0],
            "MEL item 24-11-01 (generator): APU running throughout the flight, 2 generators.");
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

TEST(DeferredItems, WhatBarsEtopsLimitsTheRouteOfATwinThatIsApprovedForIt) {
  ops::MaintenanceItem item = item_of('C', "2026-06-14");
  item.bars_etops = true;
  Situation situation = crew_day();
  EXPECT_EQ(judge(situation, item).status, Verdict::approved);
  situation.aircraft->value.etops_minutes = 180;
  const AgentAssessment said = judge(situation, item);
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_NE(said.reasoning.find("not on file"), std::string::npos);
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
  situation.aircraft_type = {reference::find_aircraft_type("A388"), "test"};
  EXPECT_EQ(judge(situation, item).status, Verdict::approved);
}

TEST(DeferredItems, WithoutADelayTheDateOfDepartureIsMissing) {
  EXPECT_EQ(judge(crew_day(), item_of('C', "2026-06-14"), Plan{}).missing_facts.size(), 1U);
}

TEST(DeferredItems, TheCaseIsAboutTheAircraftThatFlies) {
  SwapCandidate candidate;
  candidate.aircraft.registration = "D-AINB";
  candidate.aircraft.type = "A388";
  candidate.aircraft.etops_minutes = 90;
  Plan plan = delayed(0);
  plan.replacement = &candidate;
  const Situation situation = crew_day();
  const TechnicalCase replaced = technical_case(situation, plan);
  EXPECT_EQ(replaced.name, "D-AINB");
  EXPECT_EQ(replaced.engines, 4);
  EXPECT_EQ(replaced.items, &candidate.items);
  const Plan as_planned = delayed(0);
  const TechnicalCase planned = technical_case(situation, as_planned);
  EXPECT_EQ(planned.name, "D-AINA");
  EXPECT_EQ(planned.engines, 2);
  EXPECT_EQ(planned.items, &situation.items);
}

TEST(DeferredItems, AnItemIsTheDefectOfItsChapter) {
  Situation situation = crew_day();
  situation.items = {item_of('C', "2026-06-14")};
  const Plan plan = delayed(0);
  const TechnicalCase of = technical_case(situation, plan);
  EXPECT_TRUE(on_file(of, {facts::CauseKind::technical, "electrical", 24}));
  EXPECT_FALSE(on_file(of, {facts::CauseKind::technical, "hydraulic", 29}));
  EXPECT_FALSE(on_file(of, {facts::CauseKind::technical, "", 0}));
}

TEST(DeferredItems, AStatedDeferralCountsItsDays) {
  Situation situation = crew_day();
  situation.facts.mel_category = {'B', {}};
  situation.facts.mel_open_days = {4, {}};
  const Plan plan = delayed(0);
  Opinion opinion("maintenance");
  judge_stated_deferral(opinion, technical_case(situation, plan));
  const AgentAssessment said = std::move(opinion).finish();
  EXPECT_EQ(said.status, Verdict::rejected);
  EXPECT_EQ(said.constraints[0],
            "D-AINA must not be dispatched: the category B interval of the MEL item is over by 1 day.");
}

TEST(DeferredItems, WithoutADelayItIsTheDelayThatIsMissing) {
  Situation situation = crew_day();
  ops::MaintenanceItem item;
  item.mel_category = 'C';
  item.discovered = reference::parse_date("2026-06-12").value();
  const Plan plan;
  Opinion opinion("maintenance");
  judge_deferred(opinion, technical_case(situation, plan), item);
  EXPECT_EQ(std::move(opinion).finish().missing_facts, std::vector<std::string>{"delay"});
}

}  // namespace skymarshal::agents::assessment::deferred_items_test

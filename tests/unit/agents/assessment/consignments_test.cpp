#include "agents/assessment/consignments.hpp"

#include "unit/agents/assessment/explained_numbers.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::consignments_test {

using test::at;
using test::delayed;

Situation timetable() {
  Situation situation;
  situation.departure = Known<UtcMinutes>{at("2026-06-15T02:00Z"), "test"};
  situation.arrival = Known<UtcMinutes>{at("2026-06-15T09:00Z"), "test"};
  return situation;
}

ops::Consignment pharma(std::string_view good_until) {
  ops::Consignment made;
  made.waybill = "W1";
  made.kind = "pharma";
  made.weight_kg = 100;
  made.celsius_min = 2;
  made.celsius_max = 8;
  made.good_until = at(good_until);
  return made;
}

AgentAssessment judge(const Situation& situation, const Plan& plan, const ops::Consignment& consignment) {
  Opinion opinion("cargo");
  judge_consignment(opinion, transport_of(situation, plan), consignment);
  return std::move(opinion).finish();
}

AgentAssessment judge_stated(std::string_view prompt) {
  const Situation situation = test::situation_of(prompt);
  const Plan plan = plan_in_question(situation);
  Opinion opinion("cargo");
  for (const auto& kind : situation.facts.cargo)
    judge_stated_cargo(opinion, transport_of(situation, plan), kind);
  return std::move(opinion).finish();
}

bool says(const std::vector<std::string>& texts, std::string_view part) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

TEST(Consignments, PharmaAtItsLimitIsGoodAndAMinuteLaterIsNot) {
  const auto in_time = judge(timetable(), delayed(180), pharma("2026-06-15T12:00Z"));
  EXPECT_EQ(in_time.status, Verdict::approved) << in_time.reasoning;
  EXPECT_TRUE(says(in_time.recommendations, "2 to 8 °C"));
  EXPECT_EQ(test::unexplained_numbers(in_time), std::vector<std::string>{});
  const auto late = judge(timetable(), delayed(181), pharma("2026-06-15T12:00Z"));
  EXPECT_EQ(late.status, Verdict::conditional);
  EXPECT_TRUE(says(late.constraints, "good until 2026-06-15T12:00Z and would arrive at 2026-06-15T12:01Z"));
  EXPECT_EQ(test::unexplained_numbers(late), std::vector<std::string>{});
}

TEST(Consignments, WhatSpoilsMovesToTheFirstFlightThatIsInTime) {
  Situation situation = timetable();
  situation.later_flights = {
      {test::flight("XX3", "BKK", "AUH", "2026-06-15T05:00Z", "2026-06-15T12:01Z"), 5},
      {test::flight("XX5", "BKK", "AUH", "2026-06-15T05:10Z", "2026-06-15T12:00Z"), 5}};
  const auto late = judge(situation, delayed(300), pharma("2026-06-15T12:00Z"));
  EXPECT_TRUE(says(late.recommendations, "Move pharma W1 to XX5"));
  EXPECT_EQ(test::unexplained_numbers(late), std::vector<std::string>{});
  situation.later_flights.pop_back();
  EXPECT_TRUE(
      says(judge(situation, delayed(300), pharma("2026-06-15T12:00Z")).recommendations, "no later flight"));
}

TEST(Consignments, MissingLimitsAreNamed) {
  ops::Consignment unknown = pharma("2026-06-15T12:00Z");
  unknown.good_until.reset();
  unknown.celsius_min.reset();
  const auto said = judge(timetable(), delayed(180), unknown);
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.missing_facts.size(), 2U);
  unknown.kind = "live_animals";
  EXPECT_EQ(judge(timetable(), delayed(180), unknown).missing_facts.size(), 1U);
}

ops::Consignment dangerous(std::string un_number) {
  ops::Consignment made;
  made.waybill = "W2";
  made.kind = "dangerous_goods";
  made.weight_kg = 40;
  made.un_number = std::move(un_number);
  made.hazard_class = "9";
  return made;
}

TEST(Consignments, DangerousGoodsAreNotifiedAnewOnAnotherAircraft) {
  EXPECT_EQ(judge(timetable(), delayed(180), dangerous("UN1845")).status, Verdict::approved);
  Plan swap = delayed(0);
  swap.kind = PlanKind::swap_aircraft;
  swap.replacement_registration = "A6-BND";
  const auto said = judge(timetable(), swap, dangerous("UN1845"));
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_TRUE(says(said.constraints, "NOTOC"));
}

TEST(Consignments, CargoAircraftOnlyNeverFliesWithPassengers) {
  const auto banned = judge(timetable(), delayed(0), dangerous("UN3480"));
  EXPECT_EQ(banned.status, Verdict::conditional);
  EXPECT_TRUE(says(banned.constraints, "not carried on passenger aircraft"));
  EXPECT_EQ(test::unexplained_numbers(banned), std::vector<std::string>{});
  ops::Consignment labelled = dangerous("UN1263");
  EXPECT_EQ(judge(timetable(), delayed(0), labelled).status, Verdict::approved);
  labelled.cargo_aircraft_only = true;
  EXPECT_TRUE(says(judge(timetable(), delayed(0), labelled).constraints, "cargo aircraft only"));
}

TEST(Consignments, PartsThatAnAircraftWaitsForTakeTheSoonerFlight) {
  ops::Consignment parts;
  parts.waybill = "W3";
  parts.kind = "aog_parts";
  parts.weight_kg = 310;
  parts.for_registration = "A6-ETC";
  Situation situation = timetable();
  situation.later_flights = {
      {test::flight("XX3", "BKK", "AUH", "2026-06-15T05:00Z", "2026-06-15T12:00Z"), 5}};
  EXPECT_EQ(judge(situation, delayed(0), parts).status, Verdict::approved);
  const auto sooner = judge(situation, delayed(181), parts);
  EXPECT_EQ(sooner.status, Verdict::conditional);
  EXPECT_NE(sooner.reasoning.find("A6-ETC waits"), std::string::npos);
  EXPECT_TRUE(says(sooner.recommendations, "Move the aog parts W3 to XX3"));
  EXPECT_TRUE(says(judge(situation, delayed(180), parts).recommendations, "new arrival"));
}

TEST(Consignments, ACancelledFlightMovesEverything) {
  Plan cancelled;
  cancelled.kind = PlanKind::cancel_and_rebook;
  const auto said = judge(timetable(), cancelled, pharma("2026-06-15T12:00Z"));
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_TRUE(says(said.recommendations, "no later flight"));
}

TEST(Consignments, StatedLimitsAreKeptToTheMinute) {
  const std::string flight =
      "EY283 from BKK to AUH on 2026-06-15, departure 09:30 local, arrival 12:55 local, ";
  // 385 min of flight and 180 of delay are 565.
  const auto fits = judge_stated(flight + "3 hours delay, vaccines at 2-8 °C, max 565 minutes transit");
  EXPECT_EQ(fits.status, Verdict::approved) << fits.reasoning;
  const auto late = judge_stated(flight + "3 hours delay, vaccines at 2-8 °C, max 564 minutes transit");
  EXPECT_EQ(late.status, Verdict::conditional);
  EXPECT_TRUE(says(late.constraints, "565 min, 1 min more"));
  EXPECT_EQ(test::unexplained_numbers(late), std::vector<std::string>{});
}

TEST(Consignments, StatedCargoWithoutLimitsAsksForThem) {
  EXPECT_EQ(judge_stated("vaccines on board, 3 hours delay").missing_facts.size(), 2U);
  EXPECT_EQ(judge_stated("perishables on board, 3 hours delay").missing_facts.size(), 1U);
  EXPECT_EQ(judge_stated("live animals on board, 3 hours delay").missing_facts.size(), 1U);
  EXPECT_EQ(judge_stated("dangerous goods on board, 3 hours delay").missing_facts.size(), 1U);
  EXPECT_TRUE(says(judge_stated("dangerous goods UN3480 on board, 3 hours delay").constraints, "UN3480"));
}

ops::Consignment consignment(std::string waybill, std::string kind, std::int32_t weight_kg) {
  ops::Consignment made;
  made.waybill = std::move(waybill);
  made.kind = std::move(kind);
  made.weight_kg = weight_kg;
  return made;
}

std::vector<std::string> names(const std::vector<const ops::Consignment*>& order) {
  std::vector<std::string> waybills;
  for (const ops::Consignment* one : order) waybills.push_back(one->waybill);
  return waybills;
}

const std::vector<ops::Consignment> mixed = {
    consignment("W1", "pharma", 1'000), consignment("W2", "general", 500),
    consignment("W3", "general", 2'000), consignment("W4", "perishables", 3'000),
    consignment("W5", "general", 500)};

TEST(Offload, NothingGoesAtTheLimit) {
  EXPECT_EQ(weight_of(mixed), 7'000);
  EXPECT_TRUE(offload_order(mixed, 7'000).empty());
}

TEST(Offload, TheHeaviestOfTheLeastPriorityGoesFirst) {
  EXPECT_EQ(names(offload_order(mixed, 6'999)), (std::vector<std::string>{"W3"}));
  EXPECT_EQ(names(offload_order(mixed, 4'400)), (std::vector<std::string>{"W3", "W2", "W5"}));
  EXPECT_EQ(names(offload_order(mixed, 3'999)), (std::vector<std::string>{"W3", "W2", "W5", "W4"}));
  EXPECT_EQ(offload_order(mixed, 0).size(), 5U);
}

RC_GTEST_PROP(Offload, WhatStaysFitsAndTheLastOneWasNeeded, ()) {
  std::vector<ops::Consignment> cargo;
  const auto weights = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 5'000));
  for (std::size_t i = 0; i < weights.size(); ++i)
    cargo.push_back(consignment("W" + std::to_string(i), i % 2 == 0 ? "general" : "pharma", weights[i]));
  const auto kg_max = *rc::gen::inRange(0, 20'000);
  std::int64_t left = weight_of(cargo);
  for (const ops::Consignment* gone : offload_order(cargo, kg_max)) {
    RC_ASSERT(left > kg_max);
    left -= gone->weight_kg;
  }
  RC_ASSERT(left <= kg_max);
}

}  // namespace skymarshal::agents::assessment::consignments_test

#include "agents/assessment/costs.hpp"

#include "unit/agents/assessment/passenger_flight.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::costs_test {

const CostLine* find(const CostEstimate& estimate, std::string_view item) {
  const auto found = std::find_if(estimate.lines.begin(), estimate.lines.end(),
                                  [&](const CostLine& line) { return line.item == item; });
  return found != estimate.lines.end() ? &*found : nullptr;
}

template <typename Add>
CostEstimate sheet(const Situation& situation, const Plan& plan, Add add) {
  CostSheet made(situation, plan);
  (made.*add)();
  return std::move(made).take();
}

TEST(PlanCosts, AMinuteCostsByAircraftAndPhase) {
  const Situation situation =
      situation_of({"FRA", "JFK", "DE", "2026-06-15T08:00Z", "2026-06-15T16:30Z", 200, "A320"});
  const CostEstimate gate = sheet(situation, delayed_by(100), &CostSheet::add_delay);
  EXPECT_EQ(gate.lines.at(0).eur_cents, 87'200);
  EXPECT_EQ(gate.lines.at(0).expression, "100 min x 8.72 EUR");
  Plan flying = delayed_by(100);
  flying.kind = PlanKind::continue_flight;
  EXPECT_EQ(sheet(situation, flying, &CostSheet::add_delay).lines.at(0).eur_cents, 121'500);
}

TEST(PlanCosts, EveryLineIsWholeEuros) {
  const Situation situation =
      situation_of({"FRA", "JFK", "DE", "2026-06-15T08:00Z", "2026-06-15T16:30Z", 200, "A320"});
  // 8.72 and 17.44 EUR.
  EXPECT_EQ(sheet(situation, delayed_by(1), &CostSheet::add_delay).lines.at(0).eur_cents, 900);
  EXPECT_EQ(sheet(situation, delayed_by(2), &CostSheet::add_delay).lines.at(0).eur_cents, 1700);
}

TEST(PlanCosts, CompensationBecomesEuros) {
  const CostEstimate pounds =
      sheet(situation_of({"LHR", "JFK", "GB"}), delayed_by(240), &CostSheet::add_compensation);
  // 200 x 520 GBP / 0.86979
  EXPECT_EQ(pounds.lines.at(0).eur_cents, 11'956'900);
  EXPECT_EQ(pounds.lines.at(0).expression, "200 passengers x 520 GBP / 0.86979");
}

TEST(PlanCosts, CareAndTheNightAreTwoLines) {
  const Situation evening = situation_of({"FRA", "ATH", "DE", "2026-06-15T19:00Z", "2026-06-15T22:00Z"});
  const CostEstimate care = sheet(evening, delayed_by(300), &CostSheet::add_care);
  EXPECT_EQ(find(care, "care")->eur_cents, 200 * 2300);
  EXPECT_EQ(find(care, "hotel")->eur_cents, 200 * 6700);
  EXPECT_EQ(find(sheet(situation_of({"FRA", "ATH"}), delayed_by(300), &CostSheet::add_care), "hotel"),
            nullptr);
}

TEST(PlanCosts, ARelievedCrewCostsItsCallOut) {
  Plan plan = delayed_by(60);
  plan.kind = PlanKind::change_crew;
  const Situation situation =
      situation_of({"FRA", "JFK", "DE", "2026-06-15T08:00Z", "2026-06-15T16:30Z", 200, "A320"});
  EXPECT_EQ(sheet(situation, plan, &CostSheet::add_crew).unknown.at(0), "crew: which crew is called out");
  ops::CrewDuty crew;
  crew.duty.call_out_minutes = 90;
  plan.relief_crew = &crew;
  EXPECT_EQ(sheet(situation, plan, &CostSheet::add_crew).lines.at(0).eur_cents, 78'500);
}

TEST(PlanCosts, ASmallerAircraftLeavesPassengersBehind) {
  SwapCandidate candidate;
  candidate.aircraft.registration = "XX-SML";
  candidate.aircraft.type = "A320";
  candidate.aircraft.seats_economy = 180;
  Plan plan = delayed_by(0);
  plan.kind = PlanKind::swap_aircraft;
  plan.replacement = &candidate;
  const CostEstimate swap = sheet(situation_of({}), plan, &CostSheet::add_swap);
  // 20 passengers: 600 EUR each for denied boarding and 74 EUR to carry them on.
  EXPECT_EQ(swap.lines.at(0).eur_cents, 20 * 67'400);
  EXPECT_EQ(swap.lines.at(0).expression, "(200 passengers - 180 seats) x 674.00 EUR");
  candidate.aircraft.seats_economy = 200;
  EXPECT_TRUE(sheet(situation_of({}), plan, &CostSheet::add_swap).lines.empty());
}

TEST(PlanCosts, WhatIsOwedForTheDelayIsNotPaidTwice) {
  SwapCandidate candidate;
  candidate.aircraft.type = "A320";
  candidate.aircraft.seats_economy = 180;
  Plan plan = delayed_by(240);
  plan.kind = PlanKind::swap_aircraft;
  plan.replacement = &candidate;
  EXPECT_EQ(sheet(situation_of({}), plan, &CostSheet::add_swap).lines.at(0).eur_cents, 20 * 7400);
}

TEST(PlanCosts, CancellationFollowsTheSeats) {
  EXPECT_EQ(sheet(situation_of({}), cancelled(), &CostSheet::add_cancellation).lines.at(0).eur_cents,
            4'507'000);
  Situation unknown = situation_of({});
  unknown.aircraft.reset();
  unknown.passengers.reset();
  EXPECT_EQ(sheet(unknown, cancelled(), &CostSheet::add_cancellation).unknown.size(), 1U);
  EXPECT_TRUE(sheet(situation_of({}), cancelled(), &CostSheet::add_delay).lines.empty());
}

TEST(PlanCosts, AnotherAirportCostsByDistance) {
  Plan plan = delayed_by(60);
  plan.kind = PlanKind::divert;
  EXPECT_EQ(sheet(situation_of({}), plan, &CostSheet::add_diversion).lines.at(0).eur_cents, 700'000);
  EXPECT_TRUE(sheet(situation_of({}), delayed_by(60), &CostSheet::add_diversion).lines.empty());
}

TEST(PlanCosts, NamesTheFactThatAnItemLacks) {
  Situation unknown = situation_of({});
  unknown.aircraft.reset();
  unknown.connecting_passengers = {51, test_source};
  EXPECT_EQ(sheet(unknown, delayed_by(60), &CostSheet::add_delay).unknown.at(0), "delay: aircraft type");
  EXPECT_EQ(sheet(unknown, Plan{}, &CostSheet::add_delay).unknown.at(0), "delay: minutes of delay");
  EXPECT_EQ(sheet(unknown, Plan{}, &CostSheet::add_compensation).unknown.size(), 1U);
}

}  // namespace skymarshal::agents::assessment::costs_test

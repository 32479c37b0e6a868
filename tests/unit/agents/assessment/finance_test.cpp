#include "agents/assessment/agent.hpp"
#include "agents/assessment/costs.hpp"
#include "unit/agents/assessment/explained_numbers.hpp"
#include "unit/agents/assessment/passenger_flight.hpp"

#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::finance_test {

/// With one later flight of the same aircraft, far enough away to be met, so that its rotation is known.
Situation with_rotation(const FlightInTest& flight) {
  Situation situation = situation_of(flight);
  ops::Flight next = *situation.record;
  next.number = "XX2";
  next.origin = flight.to;
  next.destination = flight.from;
  next.scheduled_departure = situation.arrival->value + std::chrono::hours(30);
  next.scheduled_arrival = next.scheduled_departure + std::chrono::hours(8);
  situation.onward_flights = {next};
  situation.aircraft->value.turnaround_minutes_min = 90;
  return situation;
}

TEST(Finance, ApprovesWhereEverythingIsKnownAndNothingIsOwed) {
  const AgentAssessment said = assess_finance(with_rotation({"AUH", "SIN", "AE"}), delayed_by(20));
  EXPECT_EQ(said.missing_facts, std::vector<std::string>());
  EXPECT_EQ(said.status, Verdict::approved);
}

TEST(Finance, ShowsItsArithmetic) {
  const AgentAssessment said = assess_finance(with_rotation({}), delayed_by(300));
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_TRUE(says(said, "compensation 120,000 EUR"));
  EXPECT_TRUE(says(said, "care 4,600 EUR"));
  EXPECT_TRUE(says(said, "4,600 EUR must be spent on: care"));
  EXPECT_TRUE(std::any_of(
      said.explanation.arithmetic.begin(), said.explanation.arithmetic.end(), [](const auto& step) {
        return step.expression == "200 passengers x 600 EUR" && step.result == "120,000 EUR";
      }));
  EXPECT_TRUE(std::any_of(said.explanation.arithmetic.begin(), said.explanation.arithmetic.end(),
                          [](const auto& step) { return step.what == "total"; }));
}

TEST(Finance, RoundsAsPeopleDo) {
  EXPECT_EQ(euros(0), "0 EUR");
  EXPECT_EQ(euros(49), "0 EUR");
  EXPECT_EQ(euros(50), "1 EUR");
  EXPECT_EQ(euros(123'456'749), "1,234,567 EUR");
}

TEST(Finance, SaysThatTheCircumstancesMayExcuse) {
  Situation fog = with_rotation({});
  add_cause(fog, facts::CauseKind::weather);
  EXPECT_TRUE(says(assess_finance(fog, delayed_by(300)), "may prove to excuse it"));
}

TEST(Finance, WithoutFactsNothingIsReckoned) {
  const AgentAssessment said = assess_finance(Situation{}, Plan{});
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_TRUE(says(said, "Nothing of the cost could be reckoned"));
  // Each fact once, and the rotation that only the database can tell.
  EXPECT_EQ(said.missing_facts.size(), 7U);
}

TEST(Finance, ACancellationHasItsOwnItems) {
  const CostEstimate estimate = cost_of(with_rotation({}), cancelled());
  std::vector<std::string_view> items;
  for (const CostLine& line : estimate.lines) items.push_back(line.item);
  EXPECT_EQ(items, (std::vector<std::string_view>{"compensation", "care", "hotel", "cancellation"}));
}

FlightInTest some_flight() {
  const auto airport = rc::gen::element<std::string>("FRA", "LHR", "BKK", "YYZ", "JFK", "ATH", "AUH", "HKT");
  FlightInTest flight;
  flight.from = *airport;
  flight.to = *rc::gen::suchThat(airport, [&](const std::string& iata) { return iata != flight.from; });
  flight.carrier_state = *rc::gen::element<std::string>("DE", "GB", "TH", "CA", "AE");
  flight.type = *rc::gen::element<std::string>("A320", "B789", "A388", "AT76", "C172");
  flight.passengers = *rc::gen::inRange(1, 500);
  return flight;
}

RC_GTEST_PROP(FinanceProperty, LongerDelayNeverCostsLess, ()) {
  const Situation situation = with_rotation(some_flight());
  SwapCandidate candidate;
  candidate.aircraft.type = "A320";
  candidate.aircraft.seats_economy = *rc::gen::inRange(1, 300);
  const bool swapped = *rc::gen::arbitrary<bool>();
  const auto plan = [&](int minutes) {
    Plan made = delayed_by(minutes);
    if (swapped) made.kind = PlanKind::swap_aircraft;
    if (swapped) made.replacement = &candidate;
    return made;
  };
  const int delay = *rc::gen::inRange(0, 1500);
  const int longer = delay + *rc::gen::inRange(0, 1500);
  RC_ASSERT(cost_of(situation, plan(delay)).total_eur_cents() <=
            cost_of(situation, plan(longer)).total_eur_cents());
}

RC_GTEST_PROP(FinanceProperty, TheTotalIsTheSumOfTheShownLines, ()) {
  const Situation situation = with_rotation(some_flight());
  const CostEstimate estimate = cost_of(situation, delayed_by(*rc::gen::inRange(0, 1500)));
  std::int64_t sum = 0;
  for (const CostLine& line : estimate.lines) {
    RC_ASSERT(line.eur_cents % 100 == 0);
    RC_ASSERT(line.eur_cents >= 0);
    sum += line.eur_cents;
  }
  RC_ASSERT(sum == estimate.total_eur_cents());
}

RC_GTEST_PROP(FinanceProperty, EveryNumberIsExplained, ()) {
  const Situation situation = with_rotation(some_flight());
  const Plan plan = *rc::gen::arbitrary<bool>() ? cancelled() : delayed_by(*rc::gen::inRange(0, 1500));
  RC_ASSERT(test::unexplained_numbers(assess_finance(situation, plan)) == std::vector<std::string>{});
}

}  // namespace skymarshal::agents::assessment::finance_test

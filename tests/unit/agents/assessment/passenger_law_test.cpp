#include "agents/assessment/passenger_law.hpp"

#include "unit/agents/assessment/passenger_flight.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment {
namespace {

using rules::PassengerRegime;

TEST(PassengerLaw, AsksTheRulesWithRouteAndCarrier) {
  EXPECT_EQ(rights_of(situation_of({}))->regime, PassengerRegime::eu261);
  EXPECT_EQ(rights_of(situation_of({"JFK", "FRA", "US"}))->regime, PassengerRegime::none);
  EXPECT_EQ(rights_of(situation_of({"JFK", "LHR", "GB"}))->regime, PassengerRegime::uk261);
}

TEST(PassengerLaw, AnUnknownCarrierMattersOnlyInbound) {
  Situation outbound = situation_of({});
  outbound.airline.reset();
  EXPECT_TRUE(rights_of(outbound));
  Situation inbound = situation_of({"JFK", "FRA", "DE"});
  inbound.airline.reset();
  EXPECT_FALSE(rights_of(inbound));
  inbound.origin.reset();
  EXPECT_FALSE(rights_of(inbound));
}

TEST(PassengerLaw, AWaitOverMidnightIsOvernight) {
  // 20:00 in Frankfurt.
  const Situation evening = situation_of({"FRA", "JFK", "DE", "2026-06-15T18:00Z", "2026-06-16T02:30Z"});
  EXPECT_EQ(wait_of(evening, delayed_by(239))->overnight, false);
  EXPECT_EQ(wait_of(evening, delayed_by(240))->overnight, true);
  EXPECT_EQ(wait_of(evening, delayed_by(240))->minutes, 240);
}

TEST(PassengerLaw, WithoutATimetableOnlyAWholeDayIsSurelyOvernight) {
  Situation unknown = situation_of({});
  unknown.departure.reset();
  unknown.local_departure.reset();
  EXPECT_EQ(wait_of(unknown, delayed_by(300))->overnight, std::nullopt);
  EXPECT_EQ(wait_of(unknown, delayed_by(1440))->overnight, true);
  EXPECT_FALSE(wait_of(unknown, Plan{}));
}

TEST(PassengerLaw, ACancelledPassengerWaitsForTheSeatThatTakesTheLast) {
  Situation situation = situation_of({});
  situation.later_flights = {later_flight("XX3", "2026-06-15T12:00Z", 150),
                             later_flight("XX5", "2026-06-15T15:00Z", 60)};
  const auto wait = wait_of(situation, cancelled());
  EXPECT_EQ(wait->minutes, 7 * 60);
  EXPECT_EQ(wait->overnight, false);
  EXPECT_EQ(wait->without_seat, 0);
  situation.later_flights.pop_back();
  EXPECT_EQ(wait_of(situation, cancelled())->without_seat, 50);
  EXPECT_EQ(wait_of(situation, cancelled())->overnight, true);
  situation.later_flights.clear();
  EXPECT_EQ(wait_of(situation, cancelled())->minutes, 1440);
  // Nobody knows how many seats are needed: the longest wait is reckoned with.
  situation.later_flights = {later_flight("XX3", "2026-06-15T12:00Z", 150)};
  situation.passengers.reset();
  EXPECT_EQ(wait_of(situation, cancelled())->minutes, 1440);
}

TEST(PassengerLaw, NamesTheJudgmentOnEachCause) {
  Situation situation = situation_of({});
  add_cause(situation, facts::CauseKind::weather);
  Opinion weather("test");
  say_excuses(weather, situation, *rights_of(situation));
  const AgentAssessment alone = std::move(weather).finish();
  EXPECT_TRUE(says(alone, "may excuse the carrier"));
  EXPECT_FALSE(says(alone, "C-315/15"));
  add_cause(situation, facts::CauseKind::technical);
  Opinion both("test");
  say_excuses(both, situation, *rights_of(situation));
  const AgentAssessment mixed = std::move(both).finish();
  EXPECT_TRUE(says(mixed, "C-549/07 Wallentin-Hermann"));
  EXPECT_TRUE(says(mixed, "not excused by the other (CJEU C-315/15"));
}

TEST(PassengerLaw, KnowsEveryCause) {
  for (const facts::CauseKind kind :
       {facts::CauseKind::technical, facts::CauseKind::weather, facts::CauseKind::crew, facts::CauseKind::atc,
        facts::CauseKind::airport_closure, facts::CauseKind::security, facts::CauseKind::medical,
        facts::CauseKind::bird_strike, facts::CauseKind::strike}) {
    Situation situation = situation_of({});
    add_cause(situation, kind);
    EXPECT_EQ(static_cast<int>(legal_causes(situation).at(0)), static_cast<int>(kind));
  }
}

RC_GTEST_PROP(PassengerLawProperty, AWaitNeverShrinksWhenTheDelayGrows, ()) {
  const Situation situation = situation_of({"FRA", "JFK", "DE", "2026-06-15T18:00Z", "2026-06-16T02:30Z"});
  const int delay = *rc::gen::inRange(0, 2000);
  const auto less = wait_of(situation, delayed_by(delay));
  const auto more = wait_of(situation, delayed_by(delay + *rc::gen::inRange(0, 2000)));
  RC_ASSERT(less->minutes <= more->minutes);
  RC_ASSERT(!*less->overnight || *more->overnight);
}

}  // namespace
}  // namespace skymarshal::agents::assessment

#include "agents/assessment/passengers.hpp"

#include "unit/agents/assessment/explained_numbers.hpp"
#include "unit/agents/assessment/passenger_flight.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::passengers_test {

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

template <typename Speak>
AgentAssessment heard(Speak speak) {
  Opinion opinion("test");
  speak(opinion);
  return std::move(opinion).finish();
}

TEST(Rebooking, ServesWhoCannotWaitFirst) {
  Situation situation = situation_of({});
  situation.special_passengers = {{{facts::SpecialNeed::vip, 2}, test_source},
                                  {{facts::SpecialNeed::wheelchair, 4}, test_source},
                                  {{facts::SpecialNeed::unaccompanied_minor, 0}, test_source}};
  const auto said = heard([&](Opinion& opinion) { serve_special_passengers(opinion, situation); });
  const std::string& order = said.recommendations.at(0);
  EXPECT_LT(order.find("unaccompanied minors"), order.find("4 wheelchair passengers"));
  EXPECT_LT(order.find("wheelchair"), order.find("2 guests of honour"));
  EXPECT_NE(order.find("1107/2006"), std::string::npos);
  EXPECT_EQ(test::unexplained_numbers(said), std::vector<std::string>{});
}

TEST(Rebooking, CitesTheLawOnlyWhereItBinds) {
  Situation situation = situation_of({"AUH", "SIN", "AE"});
  situation.special_passengers = {{{facts::SpecialNeed::medical, 1}, test_source}};
  const auto said = heard([&](Opinion& opinion) { serve_special_passengers(opinion, situation); });
  EXPECT_TRUE(says(said, "by need: 1 medical passenger ("));
  EXPECT_TRUE(said.explanation.rules.empty());
}

TEST(Rebooking, SaysNothingOfSpecialPassengersWhereThereAreNone) {
  EXPECT_TRUE(heard([](Opinion& opinion) {
                serve_special_passengers(opinion, situation_of({}));
              }).recommendations.empty());
}

TEST(Rebooking, FillsLaterFlightsInOrderAndCountsWhoIsLeft) {
  Situation situation = situation_of({});
  situation.later_flights = {later_flight("XX3", "2026-06-15T12:00Z", 150),
                             later_flight("XX5", "2026-06-15T15:00Z", 20)};
  const auto said = heard([&](Opinion& opinion) { offer_later_flights(opinion, situation, cancelled()); });
  EXPECT_TRUE(says(said, "150 on XX3 at 2026-06-15T12:00Z, 20 on XX5"));
  EXPECT_TRUE(says(said, "30 passengers find no seat"));
  EXPECT_EQ(test::unexplained_numbers(said), std::vector<std::string>{});
}

TEST(Rebooking, ADelayedPassengerIsOfferedOnlyWhatLeavesEarlier) {
  Situation situation = situation_of({});
  situation.later_flights = {later_flight("XX3", "2026-06-15T11:59Z", 10),
                             later_flight("XX5", "2026-06-15T12:00Z", 10)};
  const auto said =
      heard([&](Opinion& opinion) { offer_later_flights(opinion, situation, delayed_by(240)); });
  EXPECT_TRUE(says(said, "XX3"));
  EXPECT_FALSE(says(said, "XX5"));
}

TEST(Rebooking, WithoutSeatsOnFileItSaysWhatToLookFor) {
  const Situation situation = situation_of({});
  EXPECT_TRUE(says(heard([&](Opinion& opinion) { offer_later_flights(opinion, situation, cancelled()); }),
                   "other carriers"));
  EXPECT_TRUE(heard([&](Opinion& opinion) {
                offer_later_flights(opinion, situation, delayed_by(240));
              }).recommendations.empty());
}

TEST(Rebooking, AsksToCheckConnectionsThatAreOnlyCounted) {
  Situation situation = situation_of({});
  situation.connecting_passengers = {51, test_source};
  situation.bookings_known = false;
  const auto said = heard([&](Opinion& opinion) { rebook_connections(opinion, situation, delayed_by(60)); });
  EXPECT_TRUE(says(said, "51 connecting passengers"));
  EXPECT_EQ(said.status, Verdict::approved);
}

TEST(Rebooking, TakesThoseWhoMissTheirConnectionOn) {
  Situation situation = situation_of({});
  Connection connection;
  connection.onward = later_flight("XX9", "2026-06-15T18:00Z", 0).flight;
  connection.onward.destination = "SFO";
  connection.passengers = 12;
  connection.connecting_minutes_min = 60;
  connection.final_destination = "SFO";
  connection.later = {later_flight("XX11", "2026-06-15T22:00Z", 8)};
  situation.connections = {connection};
  const auto said = heard([&](Opinion& opinion) { rebook_connections(opinion, situation, delayed_by(180)); });
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_TRUE(says(said, "8 on XX11"));
  EXPECT_TRUE(says(said, "4 passengers miss XX9"));
  EXPECT_EQ(test::unexplained_numbers(said), std::vector<std::string>{});
}

TEST(Rebooking, ChecksNoConnectionsWhereNobodyConnects) {
  Situation situation = situation_of({});
  situation.connecting_passengers = Known<std::int32_t>{0, test_source};
  EXPECT_TRUE(heard([&](Opinion& opinion) {
                rebook_connections(opinion, situation, delayed_by(60));
              }).recommendations.empty());
}

}  // namespace skymarshal::agents::assessment::passengers_test

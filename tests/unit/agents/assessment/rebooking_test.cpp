#include "agents/assessment/rebooking.hpp"

#include "unit/agents/assessment/explained_numbers.hpp"
#include "unit/agents/assessment/passenger_flight.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment {
namespace {

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

}  // namespace
}  // namespace skymarshal::agents::assessment

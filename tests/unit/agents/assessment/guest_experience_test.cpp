#include "agents/assessment/agent.hpp"
#include "agents/assessment/passengers.hpp"
#include "unit/agents/assessment/explained_numbers.hpp"
#include "unit/agents/assessment/passenger_flight.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::guest_experience_test {

TEST(GuestExperience, ApprovesWhereEverythingIsKnownAndNothingIsOwed) {
  const AgentAssessment said = assess_guest_experience(situation_of({"AUH", "SIN", "AE"}), delayed_by(120));
  EXPECT_EQ(said.status, Verdict::approved);
  EXPECT_TRUE(said.missing_facts.empty());
  EXPECT_EQ(assess_guest_experience(situation_of({}), delayed_by(60)).status, Verdict::approved);
}

TEST(GuestExperience, OwesByDistanceAndDelay) {
  const Situation long_haul = situation_of({});
  EXPECT_EQ(passenger_dues(long_haul, delayed_by(179)).compensation_per_passenger, 0);
  EXPECT_EQ(passenger_dues(long_haul, delayed_by(180)).compensation_per_passenger, 300);
  const PassengerDues full = passenger_dues(long_haul, delayed_by(240));
  EXPECT_EQ(full.compensation_per_passenger, 600);
  EXPECT_EQ(full.currency, "EUR");
  EXPECT_EQ(full.compensation_total(), 120'000);
  EXPECT_TRUE(full.known);
  EXPECT_TRUE(says(assess_guest_experience(long_haul, delayed_by(240)), "may come to 120,000 EUR"));
}

TEST(GuestExperience, ReckonsWithTheMostOfARange) {
  Plan plan = delayed_by(200);
  plan.departure_delay = plan.arrival_delay = Delay{120, 240};
  EXPECT_EQ(passenger_dues(situation_of({}), plan).compensation_per_passenger, 600);
}

TEST(GuestExperience, ACancellationIsPaidAndCaredFor) {
  const PassengerDues dues = passenger_dues(situation_of({}), cancelled());
  EXPECT_TRUE(dues.known);
  EXPECT_EQ(dues.compensation_per_passenger, 600);
  EXPECT_TRUE(dues.meals);
  EXPECT_TRUE(dues.hotel);
  EXPECT_TRUE(says(assess_guest_experience(situation_of({}), cancelled()), "fare back"));
}

TEST(GuestExperience, CareComesWithTheWaitAndAHotelWithTheNight) {
  const Situation evening = situation_of({"FRA", "ATH", "DE", "2026-06-15T19:00Z", "2026-06-15T22:00Z"});
  EXPECT_FALSE(passenger_dues(evening, delayed_by(179)).meals);
  const PassengerDues tonight = passenger_dues(evening, delayed_by(180));
  EXPECT_TRUE(tonight.meals);
  // 21:00 in Frankfurt and three hours make midnight.
  EXPECT_TRUE(tonight.hotel);
  const Situation morning = situation_of({"FRA", "ATH", "DE"});
  EXPECT_FALSE(passenger_dues(morning, delayed_by(180)).hotel);
  EXPECT_TRUE(says(assess_guest_experience(evening, delayed_by(180)), "hotel and transfers are owed"));
}

TEST(GuestExperience, AsksForTheHourWhereOnlyItTellsOfTheNight) {
  Situation unknown = situation_of({});
  unknown.departure.reset();
  unknown.local_departure.reset();
  EXPECT_TRUE(
      contains_text(assess_guest_experience(unknown, delayed_by(300)).missing_facts, "planned departure"));
  EXPECT_TRUE(assess_guest_experience(unknown, delayed_by(60)).missing_facts.empty());
}

TEST(GuestExperience, TheFareComesBackFromFiveHours) {
  EXPECT_FALSE(says(assess_guest_experience(situation_of({"FRA", "ATH"}), delayed_by(299)), "fare back"));
  EXPECT_TRUE(says(assess_guest_experience(situation_of({"FRA", "ATH"}), delayed_by(300)), "fare back"));
  EXPECT_FALSE(
      says(assess_guest_experience(situation_of({"JFK", "LAX", "US"}), delayed_by(179)), "fare back"));
  EXPECT_TRUE(
      says(assess_guest_experience(situation_of({"JFK", "LAX", "US"}), delayed_by(180)), "fare back"));
}

TEST(GuestExperience, KeepsTheExtraordinaryOpen) {
  Situation fog = situation_of({});
  add_cause(fog, facts::CauseKind::weather);
  EXPECT_TRUE(passenger_dues(fog, delayed_by(300)).may_be_excused);
  EXPECT_TRUE(
      says(assess_guest_experience(fog, delayed_by(300)), "unless the circumstances prove to excuse"));
  add_cause(fog, facts::CauseKind::technical);
  EXPECT_FALSE(passenger_dues(fog, delayed_by(300)).may_be_excused);
  EXPECT_FALSE(passenger_dues(situation_of({}), delayed_by(300)).may_be_excused);
}

TEST(GuestExperience, CanadaOwesCareOnlyForWhatIsInTheCarriersControl) {
  Situation situation = situation_of({"YYZ", "YVR", "CA"});
  EXPECT_TRUE(passenger_dues(situation, delayed_by(120)).meals);
  EXPECT_EQ(passenger_dues(situation, delayed_by(180)).currency, "CAD");
  add_cause(situation, facts::CauseKind::weather);
  EXPECT_FALSE(passenger_dues(situation, delayed_by(120)).meals);
  EXPECT_TRUE(passenger_dues(situation, delayed_by(180)).may_be_excused);
}

TEST(GuestExperience, KnowsThailandsRules) {
  const Situation situation = situation_of({"BKK", "AUH", "AE"});
  EXPECT_FALSE(passenger_dues(situation, delayed_by(120)).meals);
  EXPECT_TRUE(passenger_dues(situation, delayed_by(121)).meals);
  EXPECT_EQ(passenger_dues(situation, delayed_by(301)).compensation_per_passenger, 1500);
  const AgentAssessment said = assess_guest_experience(situation, delayed_by(301));
  EXPECT_TRUE(says(said, "1,500 THB"));
  EXPECT_TRUE(std::any_of(said.explanation.rules.begin(), said.explanation.rules.end(), [](const auto& used) {
    return used.rule.find("communication over 2 h of waiting") != std::string::npos;
  }));
}

TEST(GuestExperience, WhoFliesIsNotCaredForAtAnAirport) {
  Plan plan = delayed_by(300);
  plan.kind = PlanKind::continue_flight;
  const PassengerDues dues = passenger_dues(situation_of({}), plan);
  EXPECT_EQ(dues.compensation_per_passenger, 600);
  EXPECT_FALSE(dues.meals);
}

TEST(GuestExperience, WhoMissesAConnectionCountsByTheEndOfTheJourney) {
  Situation situation = situation_of({});
  Connection connection;
  connection.onward = later_flight("XX9", "2026-06-15T18:00Z", 0).flight;
  connection.passengers = 12;
  connection.final_destination = "SFO";
  situation.connections = {connection};
  EXPECT_FALSE(says(assess_guest_experience(situation, delayed_by(60)), "Folkerts"));
  const AgentAssessment missed = assess_guest_experience(situation, delayed_by(120));
  EXPECT_TRUE(says(missed, "lateness at the final destination"));
  EXPECT_EQ(missed.status, Verdict::conditional);
  EXPECT_EQ(test::unexplained_numbers(missed), std::vector<std::string>{});
}

TEST(GuestExperience, WhatNobodyCanTellIsNotKnown) {
  Situation situation = situation_of({});
  EXPECT_FALSE(passenger_dues(situation, Plan{}).known);
  situation.passengers.reset();
  EXPECT_FALSE(passenger_dues(situation, delayed_by(300)).known);
  EXPECT_TRUE(passenger_dues(situation, delayed_by(10)).known);
  situation.origin.reset();
  EXPECT_FALSE(passenger_dues(situation, delayed_by(10)).known);
  // Nothing is owed there to anybody, however many they are.
  Situation elsewhere = situation_of({"AUH", "SIN", "AE"});
  elsewhere.passengers.reset();
  EXPECT_TRUE(passenger_dues(elsewhere, Plan{}).known);
}

TEST(GuestExperience, NamesWhatItLacks) {
  EXPECT_EQ(assess_guest_experience(Situation{}, Plan{}).missing_facts.size(), 6U);
}

RC_GTEST_PROP(GuestExperienceProperty, DuesNeverFallWhenTheDelayGrows, ()) {
  const auto airport = rc::gen::element<std::string>("FRA", "LHR", "BKK", "YYZ", "JFK", "ATH", "AUH", "HKT");
  const std::string from = *airport;
  const std::string to = *rc::gen::suchThat(airport, [&](const std::string& iata) { return iata != from; });
  Situation situation =
      situation_of({from, to, *rc::gen::element<std::string>("DE", "GB", "TH", "CA", "AE")});
  if (*rc::gen::arbitrary<bool>()) add_cause(situation, facts::CauseKind::weather);
  const int delay = *rc::gen::inRange(0, 1500);
  const PassengerDues less = passenger_dues(situation, delayed_by(delay));
  const PassengerDues more = passenger_dues(situation, delayed_by(delay + *rc::gen::inRange(0, 1500)));
  RC_ASSERT(less.compensation_total() <= more.compensation_total());
  RC_ASSERT(less.meals <= more.meals);
  RC_ASSERT(less.hotel <= more.hotel);
}

RC_GTEST_PROP(GuestExperienceProperty, EveryNumberIsExplained, ()) {
  const auto airport = rc::gen::element<std::string>("FRA", "LHR", "BKK", "YYZ", "JFK", "ATH", "AUH", "HKT");
  const std::string from = *airport;
  const std::string to = *rc::gen::suchThat(airport, [&](const std::string& iata) { return iata != from; });
  Situation situation =
      situation_of({from, to, *rc::gen::element<std::string>("DE", "GB", "TH", "CA", "AE")});
  situation.later_flights = {later_flight("XX3", "2026-06-15T11:00Z", *rc::gen::inRange(0, 300))};
  situation.special_passengers = {{{facts::SpecialNeed::wheelchair, 4}, test_source}};
  add_cause(situation, *rc::gen::element(facts::CauseKind::weather, facts::CauseKind::technical));
  const Plan plan = *rc::gen::arbitrary<bool>() ? cancelled() : delayed_by(*rc::gen::inRange(0, 1500));
  RC_ASSERT(test::unexplained_numbers(assess_guest_experience(situation, plan)) ==
            std::vector<std::string>{});
}

}  // namespace skymarshal::agents::assessment::guest_experience_test

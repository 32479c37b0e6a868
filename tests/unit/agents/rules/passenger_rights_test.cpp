#include "agents/rules/passenger_rights.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::rules::passenger_rights_test {

RouteRights rights(std::string_view from, std::string_view to, std::string_view carrier, std::int32_t km) {
  return *passenger_rights({from, to, carrier, km});
}

TEST(PassengerRights, EveryFlightFromAnAirportOfTheAreaIsCovered) {
  EXPECT_EQ(rights("DE", "US", "US", 6200).regime, PassengerRegime::eu261);
  EXPECT_EQ(rights("CH", "AE", "AE", 4800).regime, PassengerRegime::eu261);
  EXPECT_EQ(rights("NO", "TH", "TH", 8600).regime, PassengerRegime::eu261);
  EXPECT_EQ(rights("GB", "SG", "SG", 10900).regime, PassengerRegime::uk261);
}

TEST(PassengerRights, InboundFlightsAreCoveredForTheCarriersSake) {
  EXPECT_EQ(rights("US", "DE", "DE", 6200).regime, PassengerRegime::eu261);
  EXPECT_EQ(rights("US", "DE", "US", 6200).regime, PassengerRegime::none);
  EXPECT_EQ(rights("US", "GB", "GB", 5500).regime, PassengerRegime::uk261);
  EXPECT_EQ(rights("US", "GB", "IE", 5500).regime, PassengerRegime::uk261);
  EXPECT_EQ(rights("US", "GB", "US", 5500).regime, PassengerRegime::none);
  // A UK carrier is no Community carrier: into the EU its own state's law follows it.
  EXPECT_EQ(rights("US", "DE", "GB", 6200).regime, PassengerRegime::uk261);
}

TEST(PassengerRights, BetweenUkAndEuTheLawOfDepartureComesFirst) {
  EXPECT_EQ(rights("DE", "GB", "GB", 650).regime, PassengerRegime::eu261);
  EXPECT_EQ(rights("DE", "GB", "GB", 650).also, PassengerRegime::uk261);
  EXPECT_EQ(rights("GB", "DE", "DE", 650).regime, PassengerRegime::uk261);
  EXPECT_EQ(rights("GB", "DE", "DE", 650).also, PassengerRegime::eu261);
  EXPECT_EQ(rights("GB", "DE", "GB", 650).also, PassengerRegime::none);
  EXPECT_EQ(rights("DE", "GB", "US", 650).also, PassengerRegime::none);
}

TEST(PassengerRights, CanadaAndThailandStandBehindTheEuropeanRegulations) {
  EXPECT_EQ(rights("CA", "JP", "CA", 7500).regime, PassengerRegime::appr);
  EXPECT_EQ(rights("DE", "CA", "CA", 6300).regime, PassengerRegime::eu261);
  EXPECT_EQ(rights("DE", "CA", "CA", 6300).also, PassengerRegime::appr);
  EXPECT_EQ(rights("TH", "AE", "AE", 4960).regime, PassengerRegime::thailand);
  EXPECT_EQ(rights("AE", "TH", "AE", 4960).regime, PassengerRegime::none);
  EXPECT_EQ(rights("TH", "DE", "DE", 9000).regime, PassengerRegime::eu261);
  EXPECT_EQ(rights("TH", "DE", "DE", 9000).also, PassengerRegime::thailand);
}

TEST(PassengerRights, AnUnknownCarrierMattersOnlyWhereItDecides) {
  EXPECT_FALSE(passenger_rights({"US", "DE", std::nullopt, 6200}));
  EXPECT_FALSE(passenger_rights({"US", "GB", std::nullopt, 6200}));
  EXPECT_EQ(passenger_rights({"DE", "US", std::nullopt, 6200})->regime, PassengerRegime::eu261);
  EXPECT_EQ(passenger_rights({"AE", "SG", std::nullopt, 5900})->regime, PassengerRegime::none);
}

TEST(PassengerRights, EveryAnswerHasItsGround) {
  for (const auto* from : {"DE", "GB", "CA", "TH", "US"}) {
    for (const auto* to : {"DE", "GB", "CA", "TH", "US"}) {
      for (const auto* carrier : {"DE", "GB", "US"}) {
        const RouteRights found = rights(from, to, carrier, 1000);
        EXPECT_FALSE(found.ground.empty());
        EXPECT_EQ(found.regime == PassengerRegime::none, name_of(found.regime).empty());
        EXPECT_NE(found.regime == PassengerRegime::none ? PassengerRegime::eu261 : found.regime, found.also);
      }
    }
  }
}

TEST(PassengerRights, PaysByDistanceAtTheVeryEdges) {
  const auto paid = [](std::int32_t km) {
    return compensation_for_delay(rights("DE", "TR", "DE", km), 240).per_passenger;
  };
  EXPECT_EQ(paid(1500), 250);
  EXPECT_EQ(paid(1501), 400);
  EXPECT_EQ(paid(3500), 400);
  EXPECT_EQ(paid(3501), 600);
  const auto uk = [](std::int32_t km) { return compensation_for_delay(rights("GB", "TR", "TR", km), 240); };
  EXPECT_EQ(uk(1500), (Compensation{220, "GBP"}));
  EXPECT_EQ(uk(3500), (Compensation{350, "GBP"}));
  EXPECT_EQ(uk(3501), (Compensation{520, "GBP"}));
}

TEST(PassengerRights, WithinTheAreaTheLongestBandDoesNotApply) {
  const RouteRights within = rights("FI", "ES", "FI", 4300);
  EXPECT_EQ(compensation_for_delay(within, 180).per_passenger, 400);
  EXPECT_EQ(care_after_minutes(within), 180);
  EXPECT_EQ(compensation_for_delay(rights("FI", "GB", "FI", 4300), 240).per_passenger, 600);
}

TEST(PassengerRights, PaysFromThreeHoursAndHalfInTheLongestBandBelowFour) {
  const RouteRights shorter = rights("DE", "ES", "DE", 1100);
  EXPECT_EQ(compensation_for_delay(shorter, 179), Compensation{});
  EXPECT_EQ(compensation_for_delay(shorter, 180), (Compensation{250, "EUR"}));
  const RouteRights longer = rights("DE", "US", "DE", 6200);
  EXPECT_EQ(compensation_for_delay(longer, 180), (Compensation{300, "EUR"}));
  EXPECT_EQ(compensation_for_delay(longer, 239).per_passenger, 300);
  EXPECT_EQ(compensation_for_delay(longer, 240).per_passenger, 600);
}

TEST(PassengerRights, CanadaPaysByTheLengthOfTheDelay) {
  const RouteRights canada = rights("CA", "CA", "CA", 3300);
  EXPECT_EQ(compensation_for_delay(canada, 179), Compensation{});
  EXPECT_EQ(compensation_for_delay(canada, 180), (Compensation{400, "CAD"}));
  EXPECT_EQ(compensation_for_delay(canada, 359).per_passenger, 400);
  EXPECT_EQ(compensation_for_delay(canada, 360).per_passenger, 700);
  EXPECT_EQ(compensation_for_delay(canada, 539).per_passenger, 700);
  EXPECT_EQ(compensation_for_delay(canada, 540).per_passenger, 1000);
}

TEST(PassengerRights, ThailandPaysOverFiveAndTenHours) {
  const RouteRights abroad = rights("TH", "AE", "AE", 4960);
  EXPECT_EQ(compensation_for_delay(abroad, 300), Compensation{});
  EXPECT_EQ(compensation_for_delay(abroad, 301), (Compensation{1500, "THB"}));
  EXPECT_EQ(compensation_for_delay(abroad, 601).per_passenger, 4500);
  EXPECT_EQ(compensation_for_delay(rights("TH", "VN", "VN", 1500), 601).per_passenger, 2000);
  EXPECT_EQ(compensation_for_delay(rights("TH", "VN", "VN", 1501), 601).per_passenger, 3500);
  const RouteRights home = rights("TH", "TH", "TH", 690);
  EXPECT_EQ(compensation_for_delay(home, 601).per_passenger, 1200);
  EXPECT_EQ(compensation_for_cancellation(home).per_passenger, 1500);
  EXPECT_EQ(compensation_for_cancellation(abroad).per_passenger, 4500);
}

TEST(PassengerRights, ACancellationOnTheDayIsPaidInFull) {
  EXPECT_EQ(compensation_for_cancellation(rights("DE", "US", "DE", 6200)), (Compensation{600, "EUR"}));
  EXPECT_EQ(compensation_for_cancellation(rights("CA", "US", "CA", 600)), (Compensation{1000, "CAD"}));
  EXPECT_EQ(compensation_for_cancellation(rights("AE", "US", "AE", 6200)), Compensation{});
}

TEST(PassengerRights, CareIsOwedByDistance) {
  EXPECT_EQ(care_after_minutes(rights("DE", "ES", "DE", 1500)), 120);
  EXPECT_EQ(care_after_minutes(rights("DE", "TR", "DE", 3500)), 180);
  EXPECT_EQ(care_after_minutes(rights("DE", "US", "DE", 6200)), 240);
  EXPECT_EQ(care_after_minutes(rights("TH", "AE", "AE", 4960)), 121);
  EXPECT_EQ(care_after_minutes(rights("AE", "US", "AE", 4960)), std::nullopt);
  EXPECT_EQ(hotel_after_minutes(rights("DE", "US", "DE", 6200)), 240);
  EXPECT_EQ(hotel_after_minutes(rights("TH", "AE", "AE", 4960)), 301);
  EXPECT_EQ(refund_after_minutes(rights("DE", "US", "DE", 6200)), 300);
}

RC_GTEST_PROP(PassengerRightsProperty, LongerDelayNeverPaysLess, ()) {
  const auto state = rc::gen::element<std::string>("DE", "CH", "GB", "CA", "TH", "US", "AE");
  const std::string from = *state;
  const std::string to = *state;
  const std::string carrier = *state;
  const RouteRights found = rights(from, to, carrier, *rc::gen::inRange(1, 15000));
  const int delay = *rc::gen::inRange(0, 1500);
  const int longer = delay + *rc::gen::inRange(0, 1500);
  const Compensation less = compensation_for_delay(found, delay);
  RC_ASSERT(less.per_passenger <= compensation_for_delay(found, longer).per_passenger);
  RC_ASSERT(less.per_passenger <= compensation_for_cancellation(found).per_passenger);
}

}  // namespace skymarshal::agents::rules::passenger_rights_test

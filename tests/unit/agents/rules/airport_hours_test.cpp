#include "agents/rules/airport_hours.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::rules::airport_hours_test {

constexpr std::int32_t at(std::int32_t hour, std::int32_t minute = 0) { return hour * 60 + minute; }

TEST(AirportHours, OneMinuteDecides) {
  const NightHours& sydney = find_airport_hours("SYD")->arrivals;
  EXPECT_FALSE(contains(sydney, at(22, 59)));
  EXPECT_TRUE(contains(sydney, at(23)));
  EXPECT_TRUE(contains(sydney, at(0)));
  EXPECT_TRUE(contains(sydney, at(5, 59)));
  EXPECT_FALSE(contains(sydney, at(6)));
  EXPECT_FALSE(allows_late(sydney, at(23)));
}

TEST(AirportHours, HoursAfterMidnightDoNotReachBack) {
  const NightHours& budapest = find_airport_hours("BUD")->departures;
  EXPECT_FALSE(contains(budapest, at(23, 59)));
  EXPECT_TRUE(contains(budapest, at(0)));
  EXPECT_FALSE(contains(budapest, at(5)));
}

TEST(AirportHours, FrankfurtLetsLateFlightsLandUntilMidnightButNotTakeOff) {
  const AirportHours* frankfurt = find_airport_hours("FRA");
  EXPECT_TRUE(allows_late(frankfurt->arrivals, at(23)));
  EXPECT_TRUE(allows_late(frankfurt->arrivals, at(23, 59)));
  EXPECT_FALSE(allows_late(frankfurt->arrivals, at(0)));
  EXPECT_TRUE(contains(frankfurt->arrivals, at(0)));
  EXPECT_FALSE(allows_late(frankfurt->departures, at(23)));
  EXPECT_FALSE(contains(frankfurt->departures, at(5)));
}

TEST(AirportHours, SwissAirportsWaitForLateFlights) {
  const NightHours& zurich = find_airport_hours("ZRH")->departures;
  EXPECT_TRUE(allows_late(zurich, at(23, 29)));
  EXPECT_FALSE(allows_late(zurich, at(23, 30)));
  EXPECT_TRUE(contains(zurich, at(23, 30)));
  const AirportHours* geneva = find_airport_hours("GVA");
  EXPECT_TRUE(allows_late(geneva->arrivals, at(0, 29)));
  EXPECT_TRUE(contains(geneva->departures, at(5, 59)));
  EXPECT_FALSE(contains(geneva->arrivals, at(5)));
}

TEST(AirportHours, OrlyKeepsTakeOffsAndLandingsApart) {
  const AirportHours* orly = find_airport_hours("ORY");
  EXPECT_TRUE(contains(orly->departures, at(23, 15)));
  EXPECT_FALSE(contains(orly->arrivals, at(23, 29)));
  EXPECT_TRUE(contains(orly->arrivals, at(23, 30)));
  EXPECT_FALSE(contains(orly->departures, at(6)));
  EXPECT_TRUE(contains(orly->arrivals, at(6, 14)));
  EXPECT_FALSE(contains(orly->arrivals, at(6, 15)));
}

TEST(AirportHours, HamburgAndNaritaWaitForLateFlights) {
  EXPECT_TRUE(allows_late(find_airport_hours("HAM")->departures, at(23, 59)));
  EXPECT_FALSE(allows_late(find_airport_hours("HAM")->departures, at(0)));
  EXPECT_TRUE(allows_late(find_airport_hours("NRT")->arrivals, at(0, 29)));
  EXPECT_FALSE(allows_late(find_airport_hours("NRT")->arrivals, at(0, 30)));
  EXPECT_FALSE(contains(find_airport_hours("NRT")->arrivals, at(23, 59)));
}

TEST(AirportHours, KnowsWhatIsNotOnFile) {
  EXPECT_EQ(find_airport_hours("AUH"), nullptr);
  EXPECT_EQ(find_airport_hours(""), nullptr);
}

TEST(AirportHours, NoHoursAreNoHours) { EXPECT_FALSE(contains({at(1), at(1), at(1)}, at(1))); }

}  // namespace skymarshal::agents::rules::airport_hours_test

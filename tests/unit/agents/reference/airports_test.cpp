#include "agents/reference/airports.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::reference::airports_test {

TEST(Airports, FindsByIataAndIcaoCode) {
  const Airport* bangkok = find_airport("BKK");
  ASSERT_NE(bangkok, nullptr);
  EXPECT_EQ(bangkok->icao, "VTBS");
  EXPECT_EQ(bangkok->country, "TH");
  EXPECT_EQ(bangkok->time_zone, "Asia/Bangkok");
  EXPECT_EQ(find_airport_by_icao("OMAA"), find_airport("AUH"));
}

TEST(Airports, FindsTheFirstAndTheLastOfTheTable) {
  EXPECT_NE(find_airport("ADD"), nullptr);
  EXPECT_NE(find_airport("ZRH"), nullptr);
}

TEST(Airports, KnowsNoUnknownOrSmallLetterCode) {
  EXPECT_EQ(find_airport("XXX"), nullptr);
  EXPECT_EQ(find_airport("bkk"), nullptr);
  EXPECT_EQ(find_airport(""), nullptr);
  EXPECT_EQ(find_airport_by_icao("XXXX"), nullptr);
}

TEST(Airports, MeasuresGreatCircles) {
  const auto km = [](std::string_view from, std::string_view to) {
    return great_circle_km(*find_airport(from), *find_airport(to));
  };
  // Published great-circle distances, within half a per cent of the ellipsoid.
  EXPECT_NEAR(km("BKK", "AUH"), 4966, 25);
  EXPECT_NEAR(km("LHR", "JFK"), 5540, 28);
  EXPECT_NEAR(km("SYD", "SCL"), 11346, 57);
  EXPECT_EQ(km("AUH", "AUH"), 0);
  EXPECT_EQ(km("LHR", "SIN"), km("SIN", "LHR"));
}

TEST(Airports, KnowsAirlinesByBothDesignators) {
  ASSERT_NE(find_airline("EY"), nullptr);
  EXPECT_EQ(find_airline("EY"), find_airline("ETD"));
  EXPECT_EQ(find_airline("EY")->country, "AE");
  EXPECT_EQ(find_airline("Q0"), nullptr);
}

TEST(Airports, TellsWhereEu261Holds) {
  EXPECT_TRUE(is_eu261_state("DE"));
  EXPECT_TRUE(is_eu261_state("NO"));
  EXPECT_TRUE(is_eu261_state("CH"));
  EXPECT_FALSE(is_eu261_state("GB"));
  EXPECT_FALSE(is_eu261_state("TR"));
  EXPECT_FALSE(is_eu_state("CH"));
}

}  // namespace skymarshal::agents::reference::airports_test

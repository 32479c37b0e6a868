#include "agents/prompt_flight.hpp"

#include "agents/prompt_facts.hpp"

#include <string>

#include <gtest/gtest.h>

namespace skymarshal::agents {
namespace {

std::string value_of(const Facts::Maybe<std::string>& fact) { return fact ? fact->value : "-"; }

TEST(PromptFlight, ReadsFlightNumbersAsPeopleWriteThem) {
  EXPECT_EQ(value_of(read_facts("Flight EY283 is late").flight), "EY283");
  EXPECT_EQ(value_of(read_facts("flight ey283 is late").flight), "EY283");
  EXPECT_EQ(value_of(read_facts("flight EY 283 is late").flight), "EY283");
  EXPECT_EQ(value_of(read_facts("ETD283 is late").flight), "EY283");
  EXPECT_EQ(value_of(read_facts("LH0400 is late").flight), "LH400");
  EXPECT_EQ(value_of(read_facts("flight ZZ12 is late").flight), "ZZ12");
}

TEST(PromptFlight, TakesNoAircraftTypeOrMeasureForAFlight) {
  EXPECT_EQ(value_of(read_facts("the A320 is late").flight), "-");
  EXPECT_EQ(value_of(read_facts("AT 45 minutes past").flight), "-");
  EXPECT_EQ(value_of(read_facts("we need N1 above 20").flight), "-");
}

TEST(PromptFlight, TheFirstFlightIsTheOneInTrouble) {
  const Facts facts = read_facts("EY283 is late, passengers connecting onto EY11");
  EXPECT_EQ(value_of(facts.flight), "EY283");
  ASSERT_EQ(facts.other_flights.size(), 1U);
  EXPECT_EQ(facts.other_flights[0].value, "EY11");
  EXPECT_EQ(value_of(read_facts("can we rebook them onto EY11?").flight), "-");
}

TEST(PromptFlight, ReadsRoutes) {
  for (const std::string route : {"from BKK to AUH", "BKK-AUH", "BKK/AUH", "BKK -> AUH", "BKK \u2192 AUH",
                                  "BKK to AUH", "VTBS-OMAA", "from bkk to auh"}) {
    const Facts facts = read_facts("EY283 " + route + " delayed");
    EXPECT_EQ(value_of(facts.origin), "BKK") << route;
    EXPECT_EQ(value_of(facts.destination), "AUH") << route;
  }
}

TEST(PromptFlight, KeepsACodeThatIsNotInTheTableBesideOneThatIs) {
  const Facts facts = read_facts("from XQX to AUH");
  EXPECT_EQ(value_of(facts.origin), "XQX");
  EXPECT_EQ(value_of(facts.destination), "AUH");
}

TEST(PromptFlight, TakesNoAbbreviationForAnAirport) {
  EXPECT_EQ(value_of(read_facts("STD to AUH").origin), "-");
  EXPECT_EQ(value_of(read_facts("deferred to MEL category C").destination), "-");
  EXPECT_EQ(value_of(read_facts("ask the man to per se").origin), "-");
}

TEST(PromptFlight, ReadsDiversions) {
  const Facts facts = read_facts("EY283 BKK-AUH diverted to MCT").flight
                          ? read_facts("EY283 BKK-AUH diverted to DXB")
                          : Facts{};
  EXPECT_EQ(value_of(facts.origin), "BKK");
  EXPECT_EQ(value_of(facts.destination), "AUH");
  EXPECT_EQ(value_of(facts.diversion_airport), "DXB");
  const Facts between = read_facts("diverted from AUH to DXB");
  EXPECT_EQ(value_of(between.destination), "AUH");
  EXPECT_EQ(value_of(between.diversion_airport), "DXB");
}

TEST(PromptFlight, ReadsSingleAirportsByTheirPreposition) {
  const Facts facts = read_facts("departing BKK, bound for AUH");
  EXPECT_EQ(value_of(facts.origin), "BKK");
  EXPECT_EQ(value_of(facts.destination), "AUH");
  EXPECT_EQ(value_of(read_facts("fog at LHR").origin), "-");
}

TEST(PromptFlight, ReadsRegistrations) {
  for (const std::string registration :
       {"A6-BNC", "G-XWBA", "D-AIHA", "9V-SMF", "N801AA", "N12345", "JA801A", "B-1234", "HS-TKX"}) {
    EXPECT_EQ(value_of(read_facts("aircraft " + registration + " has a fault").registration), registration);
  }
  EXPECT_EQ(value_of(read_facts("a6-bnc has a fault").registration), "A6-BNC");
}

TEST(PromptFlight, TakesNoHyphenatedWordForARegistration) {
  EXPECT_EQ(value_of(read_facts("a C-check and a d-date and N2 high").registration), "-");
  EXPECT_EQ(value_of(read_facts("A6- BNC").registration), "-");
}

TEST(PromptFlight, TellsTheReplacementFromTheAircraft) {
  const Facts facts = read_facts("swap A6-BNC for A6-BND");
  EXPECT_EQ(value_of(facts.registration), "A6-BNC");
  EXPECT_EQ(value_of(facts.replacement_registration), "A6-BND");
  EXPECT_EQ(value_of(read_facts("and if we swap to A6-BND?").replacement_registration), "A6-BND");
  EXPECT_EQ(value_of(read_facts("and if we swap to A6-BND?").registration), "-");
}

TEST(PromptFlight, ReadsAircraftTypes) {
  EXPECT_EQ(value_of(read_facts("a 787-9").aircraft_type), "787-9");
  EXPECT_EQ(value_of(read_facts("a Boeing 787").aircraft_type), "787");
  EXPECT_EQ(value_of(read_facts("a B777-300ER").aircraft_type), "777-300ER");
  EXPECT_EQ(value_of(read_facts("an A350-1000").aircraft_type), "A350-1000");
  EXPECT_EQ(value_of(read_facts("an A320neo").aircraft_type), "A320neo");
  EXPECT_EQ(value_of(read_facts("787 passengers").aircraft_type), "-");
}

}  // namespace
}  // namespace skymarshal::agents

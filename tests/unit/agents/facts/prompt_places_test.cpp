#include "agents/facts/prompt_facts.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::prompt_places_test {

std::string value_of(const Facts::Maybe<std::string>& fact) { return fact ? fact->value : "-"; }

TEST(PromptPlaces, ReadsRoutes) {
  for (const std::string route : {"from BKK to AUH", "BKK-AUH", "BKK/AUH", "BKK -> AUH", "BKK \u2192 AUH",
                                  "BKK to AUH", "VTBS-OMAA", "from bkk to auh"}) {
    const Facts facts = read_facts("EY283 " + route + " delayed");
    EXPECT_EQ(value_of(facts.origin), "BKK") << route;
    EXPECT_EQ(value_of(facts.destination), "AUH") << route;
  }
}

TEST(PromptPlaces, KeepsACodeThatIsNotInTheTableBesideOneThatIs) {
  const Facts facts = read_facts("from XQX to AUH");
  EXPECT_EQ(value_of(facts.origin), "XQX");
  EXPECT_EQ(value_of(facts.destination), "AUH");
}

TEST(PromptPlaces, TakesNoAbbreviationForAnAirport) {
  EXPECT_EQ(value_of(read_facts("STD to AUH").origin), "-");
  EXPECT_EQ(value_of(read_facts("deferred to MEL category C").destination), "-");
  EXPECT_EQ(value_of(read_facts("ask the man to per se").origin), "-");
}

TEST(PromptPlaces, ReadsDiversions) {
  const Facts facts = read_facts("EY283 BKK-AUH diverted to DXB");
  EXPECT_EQ(value_of(facts.origin), "BKK");
  EXPECT_EQ(value_of(facts.destination), "AUH");
  EXPECT_EQ(value_of(facts.diversion_airport), "DXB");
  EXPECT_EQ(value_of(read_facts("diverted to MCT").diversion_airport), "MCT");
  const Facts between = read_facts("diverted from AUH to DXB");
  EXPECT_EQ(value_of(between.destination), "AUH");
  EXPECT_EQ(value_of(between.diversion_airport), "DXB");
}

TEST(PromptPlaces, ReadsSingleAirportsByTheirPreposition) {
  const Facts facts = read_facts("departing BKK, bound for AUH");
  EXPECT_EQ(value_of(facts.origin), "BKK");
  EXPECT_EQ(value_of(facts.destination), "AUH");
  EXPECT_EQ(value_of(read_facts("fog at LHR").origin), "-");
}

TEST(PromptPlaces, ReadsNames) {
  for (const std::string route :
       {"Bangkok to Abu Dhabi", "from Bangkok to Abu Dhabi", "from bangkok to abu dhabi",
        "Bangkok (BKK) to Abu Dhabi (AUH)", "von Bangkok nach Abu Dhabi", "de Bangkok \u00E0 Abou Dabi",
        "de Bangkok a Abu Dabi", "Bangkok-AUH"}) {
    const Facts facts = read_facts("EY283 " + route + " delayed");
    EXPECT_EQ(value_of(facts.origin), "BKK") << route;
    EXPECT_EQ(value_of(facts.destination), "AUH") << route;
  }
  EXPECT_EQ(value_of(read_facts("from London Heathrow").origin), "LHR");
  EXPECT_EQ(value_of(read_facts("from London LGW").origin), "LGW");
  EXPECT_EQ(value_of(read_facts("from Heathrow to Tokyo Narita").destination), "NRT");
}

TEST(PromptPlaces, LeavesOutACityWithSeveralAirports) {
  for (const std::string city : {"London", "Paris", "Tokyo", "New York", "Londres"}) {
    const Facts facts = read_facts("EY283 from " + city + " to AUH");
    EXPECT_EQ(value_of(facts.origin), "-") << city;
    EXPECT_EQ(value_of(facts.destination), "AUH") << city;
  }
}

TEST(PromptPlaces, TakesNoOrdinaryWordForAPlace) {
  EXPECT_EQ(value_of(read_facts("it is kind to nice people").destination), "-");
  EXPECT_EQ(value_of(read_facts("from Nice to AUH").origin), "NCE");
  EXPECT_EQ(value_of(read_facts("retard\u00E9 \u00E0 Bangkok").destination), "-");
}

TEST(PromptPlaces, TheWayOfOthersIsNotThatOfTheFlight) {
  const Facts facts = read_facts("EY283 BKK-AUH-LHR, 51 connecting AUH-LHR, rebooked DOH-LHR");
  EXPECT_EQ(value_of(facts.origin), "BKK");
  EXPECT_EQ(value_of(facts.destination), "AUH");
  EXPECT_TRUE(facts.contradictions.empty());
}

TEST(PromptPlaces, ReportsTwoRoutesAsAContradiction) {
  const Facts facts = read_facts("EY283 from BKK to AUH, that is from BKK to DXB");
  EXPECT_EQ(value_of(facts.origin), "BKK");
  EXPECT_TRUE(facts.contradicts("destination"));
}

TEST(PromptPlaces, ReadsDiversionsInOtherLanguages) {
  for (const std::string text :
       {"umgeleitet nach Maskat", "d\u00E9rout\u00E9 vers Mascate", "desviado a Mascate"}) {
    EXPECT_EQ(value_of(read_facts(text).diversion_airport), "MCT") << text;
  }
}

}  // namespace skymarshal::agents::facts::prompt_places_test

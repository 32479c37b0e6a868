#include "agents/facts/prompt_facts.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::prompt_aircraft_test {

std::string value_of(const Facts::Maybe<std::string>& fact) { return fact ? fact->value : "-"; }

TEST(PromptAircraft, ReadsRegistrations) {
  for (const std::string registration :
       {"A6-BNC", "G-XWBA", "D-AIHA", "9V-SMF", "N801AA", "N12345", "JA801A", "B-1234", "HS-TKX"}) {
    EXPECT_EQ(value_of(read_facts("aircraft " + registration + " has a fault").registration), registration);
  }
  EXPECT_EQ(value_of(read_facts("a6-bnc has a fault").registration), "A6-BNC");
}

TEST(PromptAircraft, TakesNoHyphenatedWordForARegistration) {
  EXPECT_EQ(value_of(read_facts("a C-check and a d-date and N2 high").registration), "-");
  EXPECT_EQ(value_of(read_facts("A6- BNC").registration), "-");
}

TEST(PromptAircraft, TellsTheReplacementFromTheAircraft) {
  const Facts facts = read_facts("swap A6-BNC for A6-BND");
  EXPECT_EQ(value_of(facts.registration), "A6-BNC");
  EXPECT_EQ(value_of(facts.replacement_registration), "A6-BND");
  EXPECT_EQ(value_of(read_facts("and if we swap to A6-BND?").replacement_registration), "A6-BND");
  EXPECT_EQ(value_of(read_facts("and if we swap to A6-BND?").registration), "-");
}

TEST(PromptAircraft, ReadsAircraftTypes) {
  EXPECT_EQ(value_of(read_facts("a 787-9").aircraft_type), "787-9");
  EXPECT_EQ(value_of(read_facts("a Boeing 787").aircraft_type), "787");
  EXPECT_EQ(value_of(read_facts("a B777-300ER").aircraft_type), "777-300ER");
  EXPECT_EQ(value_of(read_facts("an A350-1000").aircraft_type), "A350-1000");
  EXPECT_EQ(value_of(read_facts("an A320neo").aircraft_type), "A320neo");
  EXPECT_EQ(value_of(read_facts("787 passengers").aircraft_type), "-");
}

TEST(PromptAircraft, ReadsTypesByDesignatorAndModel) {
  EXPECT_EQ(value_of(read_facts("a B789").aircraft_type), "787-9");
  EXPECT_EQ(value_of(read_facts("an A388").aircraft_type), "A380-800");
  EXPECT_EQ(value_of(read_facts("a 737 MAX 8").aircraft_type), "737 MAX 8");
  EXPECT_EQ(value_of(read_facts("an A321 neo").aircraft_type), "A321neo");
}

TEST(PromptAircraft, TheCloserTypeHolds) {
  EXPECT_EQ(value_of(read_facts("a Boeing 787, a 787-9").aircraft_type), "787-9");
  EXPECT_EQ(value_of(read_facts("a 787-9, the Boeing 787").aircraft_type), "787-9");
  EXPECT_TRUE(read_facts("a 787-9 or a 787-10").contradicts("aircraft_type"));
}

TEST(PromptAircraft, TellsTheTypeOfTheReplacement) {
  const Facts facts = read_facts("swap A6-BNC (787-9) for A6-BND (787-10)");
  EXPECT_EQ(value_of(facts.aircraft_type), "787-9");
  EXPECT_EQ(value_of(facts.replacement_type), "787-10");
  EXPECT_EQ(value_of(facts.replacement_registration), "A6-BND");
  EXPECT_EQ(value_of(read_facts("what if we swap to an A320?").replacement_type), "A320");
  EXPECT_EQ(value_of(read_facts("use A6-BND instead").replacement_registration), "A6-BND");
}

TEST(PromptAircraft, ReportsTwoAircraftAsAContradiction) {
  EXPECT_TRUE(read_facts("A6-BNC or A6-BND").contradicts("registration"));
}

}  // namespace skymarshal::agents::facts::prompt_aircraft_test

#include "agents/facts/prompt_facts.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::prompt_flight_test {

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

TEST(PromptFlight, ReadsTheNameOfTheAirline) {
  for (const std::string text : {"flight 283 of Etihad", "Etihad 283", "Etihad Airways flight 283",
                                 "Flug 283 der Etihad", "vol 283 d'Etihad", "vuelo 283 de Etihad"}) {
    EXPECT_EQ(value_of(read_facts(text + " is late").flight), "EY283") << text;
  }
  EXPECT_EQ(value_of(read_facts("flight 283 is late").flight), "-");
  EXPECT_EQ(value_of(read_facts("Delta 3 hours delay").flight), "-");
  EXPECT_EQ(value_of(read_facts("Swiss 286 passengers").flight), "-");
}

TEST(PromptFlight, WhatIsSaidOfAnotherFlightIsSetAside) {
  const Facts facts = read_facts(
      "EY283 is delayed 3 hours and EY407 is delayed 1 hour with 120 passengers. "
      "EY283 has 286 passengers.");
  EXPECT_EQ(facts.delay->value.most_minutes, 180);
  EXPECT_EQ(facts.passengers->value, 286);
  ASSERT_EQ(facts.other_flights.size(), 1U);
  EXPECT_TRUE(facts.contradictions.empty());
}

TEST(PromptFlight, AMereReferenceToAnotherFlightSetsNothingAside) {
  for (const std::string text :
       {"EY283, 51 connecting to EY11, EY15 and EY19, 3 hours delay", "EY283 (AF1234) 3 hours delay",
        "EY283/EY284 3 hours delay", "EY283: rebook on EY407, 3 hours delay"}) {
    const Facts facts = read_facts(text);
    EXPECT_TRUE(facts.delay.has_value()) << text;
    EXPECT_EQ(value_of(facts.flight), "EY283") << text;
  }
}

}  // namespace skymarshal::agents::facts::prompt_flight_test

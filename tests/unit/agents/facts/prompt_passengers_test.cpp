#include "agents/facts/prompt_facts.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::prompt_passengers_test {

TEST(PromptPassengers, ReadsPassengersAndConnections) {
  for (const std::string text : {"286 passengers, 51 connecting", "286 pax with 51 connections",
                                 "51 connecting passengers of 286 passengers",
                                 "passengers: 286, connecting: 51", "286 guests, 51 of them connecting",
                                 "286 booked passengers and 51 passengers with tight connections"}) {
    const Facts facts = read_facts(text);
    ASSERT_TRUE(facts.passengers && facts.connecting_passengers) << text;
    EXPECT_EQ(facts.passengers->value, 286) << text;
    EXPECT_EQ(facts.connecting_passengers->value, 51) << text;
  }
}

TEST(PromptPassengers, TakesNoOtherNumberForPassengers) {
  EXPECT_FALSE(read_facts("we wait for 3 hours with passengers").passengers.has_value());
  EXPECT_FALSE(read_facts("99999 passengers").passengers.has_value());
  EXPECT_FALSE(read_facts("0 passengers").passengers.has_value());
}

TEST(PromptPassengers, ReadsOtherLanguages) {
  for (const std::string text :
       {"286 Passagiere, davon 51 Umsteiger", "286 passagers dont 51 en correspondance",
        "286 pasajeros, 51 en conexi\u00F3n"}) {
    const Facts facts = read_facts(text);
    ASSERT_TRUE(facts.passengers && facts.connecting_passengers) << text;
    EXPECT_EQ(facts.passengers->value, 286) << text;
    EXPECT_EQ(facts.connecting_passengers->value, 51) << text;
  }
}

TEST(PromptPassengers, TakesNoPartForTheWhole) {
  for (const std::string text : {"2 passengers in wheelchairs", "1 passenger is sick",
                                 "12 passengers in business", "connections for 51 passengers"}) {
    EXPECT_FALSE(read_facts(text).passengers.has_value()) << text;
  }
}

TEST(PromptPassengers, ReadsConnectingTimes) {
  for (const std::string text : {"connection time 45 minutes", "45-minute connections",
                                 "45 minutes to connect", "connection of 45 minutes"}) {
    const Facts facts = read_facts(text);
    ASSERT_TRUE(facts.connection_minutes.has_value()) << text;
    EXPECT_EQ(facts.connection_minutes->value, 45) << text;
  }
  EXPECT_FALSE(read_facts("minimum connection time 60 minutes").connection_minutes.has_value());
  EXPECT_FALSE(read_facts("51 connecting, 3 hours delay").connection_minutes.has_value());
  EXPECT_TRUE(
      read_facts("connection of 45 minutes, connection of 50 minutes").contradicts("connection_minutes"));
}

TEST(PromptPassengers, ReadsCabins) {
  for (const std::string text :
       {"8 first, 32 business and 246 economy", "8 in first, 32 in business, 246 in economy", "F8 J32 Y246",
        "8F/32J/246Y", "first: 8, business: 32, economy: 246",
        "8 first class, 32 business class, 246 passengers in economy class"}) {
    const Facts facts = read_facts(text);
    ASSERT_EQ(facts.cabins.size(), 3U) << text;
    EXPECT_EQ(facts.cabins[0].value, (CabinCount{Cabin::first, 8})) << text;
    EXPECT_EQ(facts.cabins[1].value, (CabinCount{Cabin::business, 32})) << text;
    EXPECT_EQ(facts.cabins[2].value, (CabinCount{Cabin::economy, 246})) << text;
  }
  EXPECT_EQ(read_facts("24 premium economy").cabins.front().value, (CabinCount{Cabin::premium_economy, 24}));
}

TEST(PromptPassengers, TakesNoOtherNumberForACabin) {
  for (const std::string text : {"the first 3 hours", "2 first officers", "J32 alone",
                                 "12 business seats free", "in 2 business days"}) {
    EXPECT_TRUE(read_facts(text).cabins.empty()) << text;
  }
}

TEST(PromptPassengers, ReportsTwoNumbersOfACabinAsAContradiction) {
  const Facts facts = read_facts("32 business, 246 economy. No: 30 business");
  ASSERT_EQ(facts.cabins.size(), 1U);
  EXPECT_EQ(facts.cabins[0].value.cabin, Cabin::economy);
  EXPECT_TRUE(facts.contradicts("business passengers"));
}

TEST(PromptPassengers, ReadsSpecialNeeds) {
  const std::vector<std::pair<std::string, SpecialPassengers>> cases = {
      {"2 wheelchairs", {SpecialNeed::wheelchair, 2}},
      {"3 WCHR", {SpecialNeed::wheelchair, 3}},
      {"a wheelchair passenger", {SpecialNeed::wheelchair, 0}},
      {"2 passengers in wheelchairs", {SpecialNeed::wheelchair, 2}},
      {"one stretcher", {SpecialNeed::stretcher, 1}},
      {"3 unaccompanied minors", {SpecialNeed::unaccompanied_minor, 3}},
      {"2 UM on board", {SpecialNeed::unaccompanied_minor, 2}},
      {"4 infants", {SpecialNeed::infant, 4}},
      {"1 MEDA case", {SpecialNeed::medical, 1}},
      {"a deaf traveller", {SpecialNeed::sensory, 0}},
      {"1 deportee", {SpecialNeed::deportee, 1}},
      {"a VIP on board", {SpecialNeed::vip, 0}},
      {"2 Rollst\u00FChle", {SpecialNeed::wheelchair, 2}},
      {"2 sillas de ruedas", {SpecialNeed::wheelchair, 2}},
      {"3 mineurs non accompagn\u00E9s", {SpecialNeed::unaccompanied_minor, 3}},
  };
  for (const auto& [text, expected] : cases) {
    const Facts facts = read_facts(text);
    ASSERT_EQ(facts.special_passengers.size(), 1U) << text;
    EXPECT_EQ(facts.special_passengers[0].value, expected) << text;
  }
  EXPECT_TRUE(read_facts("um 3 Uhr").special_passengers.empty());
  EXPECT_TRUE(read_facts("no wheelchairs").special_passengers.empty());
  EXPECT_EQ(read_facts("wheelchairs on board, 2 wheelchairs").special_passengers.front().value.count, 2);
  EXPECT_TRUE(read_facts("2 wheelchairs, 3 wheelchairs").contradicts("wheelchair passengers"));
}

}  // namespace skymarshal::agents::facts::prompt_passengers_test

#include "agents/facts.hpp"

#include "agents/prompt_facts.hpp"

#include <string>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace skymarshal::agents {
namespace {

Facts two_turns(std::string_view first, std::string_view second) {
  return merge_facts(read_facts(first, 1), read_facts(second, 2));
}

TEST(Facts, NewerWordsWin) {
  const Facts facts = two_turns("EY283 BKK-AUH 3 hours delay", "now a delay of 5 hours");
  EXPECT_EQ(facts.flight->value, "EY283");
  EXPECT_EQ(facts.delay->value.most_minutes, 300);
  EXPECT_EQ(facts.delay->words.turn, 2);
  EXPECT_EQ(facts.turns, 2);
}

TEST(Facts, WhatWasNotMentionedAgainStays) {
  const Facts facts = two_turns("286 passengers, 51 connecting", "what about the connecting passengers?");
  EXPECT_EQ(facts.passengers->value, 286);
  EXPECT_EQ(facts.connecting_passengers->value, 51);
}

TEST(Facts, AnotherFlightStartsAfresh) {
  const Facts facts =
      two_turns("EY283 BKK-AUH 3 hours delay, 286 passengers", "Flight EY407 from BKK to AUH");
  EXPECT_EQ(facts.flight->value, "EY407");
  EXPECT_FALSE(facts.delay.has_value());
  EXPECT_FALSE(facts.passengers.has_value());
  EXPECT_EQ(facts.turns, 2);
}

TEST(Facts, ANewerContradictionRemovesWhatWasKnown) {
  const Facts facts = two_turns("3 hours delay", "2 hours delay or 5 hours delay");
  EXPECT_FALSE(facts.delay.has_value());
  EXPECT_TRUE(facts.contradicts("delay_minutes"));
}

TEST(Facts, ANewerWordSettlesAContradiction) {
  const Facts facts = two_turns("2 hours delay, no, 5 hours delay", "it is a 4 hours delay");
  ASSERT_TRUE(facts.delay.has_value());
  EXPECT_EQ(facts.delay->value.most_minutes, 240);
  EXPECT_FALSE(facts.contradicts("delay_minutes"));
}

TEST(Facts, NoCargoAndCargoExcludeEachOther) {
  EXPECT_EQ(two_turns("no cargo", "there are vaccines").cargo.size(), 1U);
  EXPECT_EQ(two_turns("vaccines on board", "no cargo on board").cargo.front().value, CargoKind::none);
}

TEST(Facts, KeepsAtMostSeveralValues) {
  Facts facts;
  for (int i = 0; i < 40; ++i) {
    Facts newer = read_facts("EY283 and rebooking onto EY" + std::to_string(100 + i), i + 1);
    facts = merge_facts(std::move(facts), std::move(newer));
  }
  EXPECT_EQ(facts.other_flights.size(), Facts::several_max);
}

TEST(Facts, WritesEachFactWithItsWords) {
  std::string text;
  JsonWriter json(text);
  write_facts(json, read_facts("EY283: 2-3 hours delay"));
  const auto value = boost::json::parse(text);
  ASSERT_EQ(value.as_array().size(), 2U);
  EXPECT_EQ(value.at(0).at("name"), "flight");
  EXPECT_EQ(value.at(0).at("words"), "EY283");
  EXPECT_EQ(value.at(1).at("value"), boost::json::parse("[120,180]"));
  EXPECT_EQ(value.at(1).at("offset"), 7);
  EXPECT_EQ(value.at(1).at("turn"), 1);
}

TEST(Facts, SpellsValues) {
  EXPECT_EQ(duration_text(45), "45 min");
  EXPECT_EQ(duration_text(180), "3 h");
  EXPECT_EQ(duration_text(150), "2 h 30 min");
  EXPECT_EQ(delay_text({120, 180}), "2 h to 3 h");
  EXPECT_EQ(time_text({365, false}), "06:05");
  EXPECT_EQ(time_text({365, true}), "06:05 UTC");
  EXPECT_EQ(cause_text({CauseKind::technical, "hydraulic", 29}), "technical (hydraulic, ATA 29)");
  EXPECT_EQ(cause_text({CauseKind::bird_strike, {}, 0}), "bird strike");
}

}  // namespace
}  // namespace skymarshal::agents

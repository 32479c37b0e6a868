#include "agents/facts/facts.hpp"

#include "agents/facts/prompt_facts.hpp"

#include <string>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace skymarshal::agents::facts::facts_test {

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

TEST(Facts, ANewerWordOnHowLateReplacesTheOlderWay) {
  const Facts hours = two_turns("delayed until 14:30, new ETA 18:00", "what if the delay is 5 hours?");
  EXPECT_EQ(hours.delay->value.most_minutes, 300);
  EXPECT_FALSE(hours.estimated_departure.has_value());
  EXPECT_FALSE(hours.estimated_arrival.has_value());
  const Facts clock = two_turns("3 hours delay", "now delayed until 14:30");
  EXPECT_FALSE(clock.delay.has_value());
  EXPECT_EQ(clock.estimated_departure->value.minute, 870);
}

TEST(Facts, FollowUpsBuildOnWhatIsKnown) {
  const Facts facts =
      two_turns("EY283 BKK-AUH on A6-BNC, 3 hours delay, 51 connecting", "and if we swap to A6-BND?");
  EXPECT_EQ(facts.flight->value, "EY283");
  EXPECT_EQ(facts.registration->value, "A6-BNC");
  EXPECT_EQ(facts.replacement_registration->value, "A6-BND");
  EXPECT_EQ(facts.replacement_registration->words.turn, 2);
  EXPECT_EQ(facts.delay->value.most_minutes, 180);
}

TEST(Facts, ANewerNumberOfACabinOrANeedReplacesTheOlder) {
  const Facts facts =
      two_turns("32 business, 246 economy, 2 wheelchairs", "30 business, 3 wheelchairs, UN3480");
  ASSERT_EQ(facts.cabins.size(), 2U);
  EXPECT_EQ(facts.cabins[0].value, (CabinCount{Cabin::business, 30}));
  ASSERT_EQ(facts.special_passengers.size(), 1U);
  EXPECT_EQ(facts.special_passengers[0].value.count, 3);
  EXPECT_EQ(facts.un_numbers.size(), 1U);
}

TEST(Facts, ANewerContradictionRemovesTheNumberOfACabin) {
  const Facts facts = two_turns("32 business, 246 economy", "30 business or 31 business");
  ASSERT_EQ(facts.cabins.size(), 1U);
  EXPECT_TRUE(facts.contradicts("business passengers"));
  EXPECT_FALSE(merge_facts(facts, read_facts("29 business", 3)).contradicts("business passengers"));
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

TEST(Facts, WritesEveryKindOfFact) {
  const std::string_view prompt =
      "EY283 from BKK to AUH on 15 June 2026, a 787-9, swap A6-BNC to the 787-10 A6-BND, diverted to MCT. "
      "STD 08:30, "
      "STA 12:15, ETD 11:30, ETA 15:15, delay 3 hours, repair takes 2 hours. MEL 29-11-01 (B) open for 2 "
      "days, AOG. "
      "286 passengers, 51 connecting, connection time 45 minutes, 32 business, 2 wheelchairs. Crew reported "
      "at 07:00, "
      "3 pilots, 10 cabin crew, 2 sectors, class 1 rest facility, FDP 11 hours, on duty for 2 hours, "
      "augmented, "
      "12 hours rest, split duty with a break of 4 hours. Pharma at 2-8 \u00B0C, max 24 hours transit, "
      "UN3480. "
      "Hydraulic fault. Rebook onto EY407.";
  std::string text;
  JsonWriter json(text);
  write_facts(json, read_facts(prompt));
  const auto value = boost::json::parse(text);
  std::string names;
  for (const auto& fact : value.as_array()) names += std::string(fact.at("name").as_string()) + " ";
  EXPECT_EQ(
      names,
      "flight origin destination diversion_airport registration replacement_registration aircraft_type "
      "replacement_type phase date delay_minutes passengers connecting_passengers connection_minutes "
      "scheduled_departure scheduled_arrival estimated_departure estimated_arrival repair_minutes "
      "crew_report "
      "sectors pilots cabin_crew rest_facility split_duty_break_minutes rest_minutes planned_fdp_minutes "
      "crew_on_duty_minutes augmented_crew mel_category mel_open_days mel_reference maintenance_state "
      "cargo_temperature cargo_hold_minutes other_flight cause cabin special_passengers un_number cargo "
      "cargo ");
}

TEST(Facts, SpellsValues) {
  EXPECT_EQ(duration_text(45), "45 min");
  EXPECT_EQ(duration_text(180), "3 h");
  EXPECT_EQ(duration_text(150), "2 h 30 min");
  EXPECT_EQ(delay_text({120, 180}), "2 h to 3 h");
  EXPECT_EQ(time_text({365}), "06:05");
  EXPECT_EQ(time_text({365, 0}), "06:05 UTC");
  EXPECT_EQ(time_text({365, 330}), "06:05 UTC+5:30");
  EXPECT_EQ(time_text({365, -180}), "06:05 UTC-3");
  EXPECT_EQ(time_text({365, {}, 1}), "06:05 (+1)");
  EXPECT_EQ(cause_text({CauseKind::technical, "hydraulic", 29}), "technical (hydraulic, ATA 29)");
  EXPECT_EQ(cause_text({CauseKind::bird_strike, {}, 0}), "bird strike");
}

}  // namespace skymarshal::agents::facts::facts_test

#include "agents/prompt_quantities.hpp"

#include "agents/prompt_facts.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents {
namespace {

using Cases = std::vector<std::pair<std::string, std::int32_t>>;

TEST(PromptQuantities, ReadsDurations) {
  const Cases cases = {{"3 hours", 180},
                       {"3-hour", 180},
                       {"90 minutes", 90},
                       {"2h30", 150},
                       {"2h30m", 150},
                       {"2h", 120},
                       {"2 h 15 min", 135},
                       {"1.5 hours", 90},
                       {"2 hours and 20 minutes", 140},
                       {"three hours", 180},
                       {"two and a half hours", 150},
                       {"an hour", 60},
                       {"half an hour", 30},
                       {"an hour and a half", 90},
                       {"45min", 45},
                       {"2h 10m", 130}};
  for (const auto& [text, minutes] : cases) {
    const PromptTokens tokens(text);
    const auto duration = read_duration(tokens, 0);
    ASSERT_TRUE(duration.has_value()) << text;
    EXPECT_EQ(duration->length.most_minutes, minutes) << text;
    EXPECT_EQ(duration->length.least_minutes, minutes) << text;
    EXPECT_EQ(duration->last, tokens.size() - 1) << text;
  }
}

TEST(PromptQuantities, ReadsRanges) {
  for (const std::string text : {"2-3 hours", "2 to 3 hours", "120-180 minutes"}) {
    const auto duration = read_duration(PromptTokens(text), 0);
    ASSERT_TRUE(duration.has_value()) << text;
    EXPECT_EQ(duration->length, (Delay{120, 180})) << text;
  }
}

TEST(PromptQuantities, TakesNoBareNumberOrEndlessTimeForADuration) {
  for (const std::string text : {"3", "3 passengers", "hours", "9999 hours", "3 to hours", "5-2 hours"}) {
    EXPECT_FALSE(read_duration(PromptTokens(text), 0).has_value()) << text;
  }
}

TEST(PromptQuantities, ReadsDelays) {
  const Cases cases = {
      {"3 hours delay", 180},           {"delayed by 90 minutes", 90},  {"3-hour delay", 180},
      {"delay of about 2h30", 150},     {"delay: 4 hours", 240},        {"2 hours late", 120},
      {"3 hours departure delay", 180}, {"will be delayed 40 min", 40}, {"half an hour late", 30}};
  for (const auto& [text, minutes] : cases) {
    const Facts facts = read_facts(text);
    ASSERT_TRUE(facts.delay.has_value()) << text;
    EXPECT_EQ(facts.delay->value.most_minutes, minutes) << text;
  }
}

TEST(PromptQuantities, TakesNoOtherDurationForADelay) {
  EXPECT_FALSE(read_facts("the flight takes 6 hours").delay.has_value());
  EXPECT_FALSE(read_facts("crew on duty for 9 hours").delay.has_value());
  EXPECT_FALSE(read_facts("the delay is not known").delay.has_value());
}

TEST(PromptQuantities, ReportsTwoDelaysAsAContradiction) {
  const Facts facts = read_facts("3 hours delay, then again 5 hours delay");
  EXPECT_FALSE(facts.delay.has_value());
  ASSERT_EQ(facts.contradictions.size(), 1U);
  EXPECT_EQ(facts.contradictions[0].fact, "delay_minutes");
  ASSERT_EQ(facts.contradictions[0].statements.size(), 2U);
  EXPECT_EQ(facts.contradictions[0].statements[1].text, "5 hours delay");
  EXPECT_TRUE(read_facts("3 hours delay, I repeat: 3-hour delay").delay.has_value());
}

TEST(PromptQuantities, ReadsPassengersAndConnections) {
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

TEST(PromptQuantities, TakesNoOtherNumberForPassengers) {
  EXPECT_FALSE(read_facts("we wait for 3 hours with passengers").passengers.has_value());
  EXPECT_FALSE(read_facts("99999 passengers").passengers.has_value());
  EXPECT_FALSE(read_facts("0 passengers").passengers.has_value());
}

TEST(PromptQuantities, ReadsLabelledTimes) {
  const Facts facts = read_facts("STD 08:30, STA 2210Z, crew reported at 06:05");
  EXPECT_EQ(facts.scheduled_departure->value, (TimeOfDay{510, false}));
  EXPECT_EQ(facts.scheduled_arrival->value, (TimeOfDay{1330, true}));
  EXPECT_EQ(facts.crew_report->value, (TimeOfDay{365, false}));
  EXPECT_EQ(read_facts("scheduled to depart at 8:30 pm").scheduled_departure->value.minute, 1230);
  EXPECT_EQ(read_facts("report time 0530").crew_report->value.minute, 330);
}

TEST(PromptQuantities, TakesNoImpossibleOrUnlabelledTime) {
  EXPECT_FALSE(read_facts("STD 25:00").scheduled_departure.has_value());
  EXPECT_FALSE(read_facts("STD 0875").scheduled_departure.has_value());
  EXPECT_FALSE(read_facts("at 08:30 something happened").scheduled_departure.has_value());
  EXPECT_FALSE(read_facts("the pilots reported a leak at 08:30").crew_report.has_value());
}

TEST(PromptQuantities, ReadsCrewDuty) {
  const Facts facts = read_facts("planned FDP of 11 hours over 2 sectors, crew on duty for 4h30, augmented");
  EXPECT_EQ(facts.planned_fdp_minutes->value, 660);
  EXPECT_EQ(facts.sectors->value, 2);
  EXPECT_EQ(facts.crew_on_duty_minutes->value, 270);
  EXPECT_TRUE(facts.augmented_crew->value);
  EXPECT_EQ(read_facts("FDP 12:30").planned_fdp_minutes->value, 750);
}

}  // namespace
}  // namespace skymarshal::agents

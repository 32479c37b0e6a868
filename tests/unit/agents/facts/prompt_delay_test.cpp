#include "agents/facts/prompt_facts.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::prompt_delay_test {

using Cases = std::vector<std::pair<std::string, std::int32_t>>;

TEST(PromptDelay, ReadsDelays) {
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

TEST(PromptDelay, TakesNoOtherDurationForADelay) {
  EXPECT_FALSE(read_facts("the flight takes 6 hours").delay.has_value());
  EXPECT_FALSE(read_facts("crew on duty for 9 hours").delay.has_value());
  EXPECT_FALSE(read_facts("the delay is not known").delay.has_value());
}

TEST(PromptDelay, ReportsTwoDelaysAsAContradiction) {
  const Facts facts = read_facts("3 hours delay, then again 5 hours delay");
  EXPECT_FALSE(facts.delay.has_value());
  ASSERT_EQ(facts.contradictions.size(), 1U);
  EXPECT_EQ(facts.contradictions[0].fact, "delay_minutes");
  ASSERT_EQ(facts.contradictions[0].statements.size(), 2U);
  EXPECT_EQ(facts.contradictions[0].statements[1].text, "5 hours delay");
  EXPECT_TRUE(read_facts("3 hours delay, I repeat: 3-hour delay").delay.has_value());
}

TEST(PromptDelay, ReadsManyWordings) {
  const Cases cases = {{"running 2 hours behind schedule", 120},
                       {"pushed back by 40 min", 40},
                       {"DLA 120 min", 120},
                       {"delay +180 min", 180},
                       {"late by 3 hours", 180},
                       {"what if the delay is 5 hours?", 300},
                       {"3 hours ATC delay", 180},
                       {"the delay has increased to 4 hours", 240},
                       {"Versp\u00E4tung von 3 Stunden", 180},
                       {"3 Stunden Verspaetung", 180},
                       {"um 2 Stunden verschoben", 120},
                       {"retard de 3 heures", 180},
                       {"3 heures de retard", 180},
                       {"retraso de 3 horas", 180},
                       {"3 horas de retraso", 180},
                       {"retras\u00F3, retraso de dos horas", 120}};
  for (const auto& [text, minutes] : cases) {
    const Facts facts = read_facts(text);
    ASSERT_TRUE(facts.delay.has_value()) << text;
    EXPECT_EQ(facts.delay->value.most_minutes, minutes) << text;
  }
}

TEST(PromptDelay, UpToIsARangeFromZero) {
  for (const std::string text :
       {"a delay of up to 3 hours", "up to 3 hours late", "Versp\u00E4tung bis zu 3 Stunden",
        "retard jusqu'\u00E0 3 heures", "retraso de hasta 3 horas"}) {
    const Facts facts = read_facts(text);
    ASSERT_TRUE(facts.delay.has_value()) << text;
    EXPECT_EQ(facts.delay->value, (Delay{0, 180})) << text;
  }
}

TEST(PromptDelay, TakesNothingThatIsTakenBack) {
  EXPECT_EQ(read_facts("the delay is 5 hours, not 3 hours").delay->value.most_minutes, 300);
  EXPECT_FALSE(read_facts("it is not delayed by 3 hours").delay.has_value());
}

TEST(PromptDelay, ReadsTheTimeOfTheRepair) {
  const Cases cases = {{"repair takes 2 to 3 hours", 180},  {"estimated back in service in 90 minutes", 90},
                       {"engineers need 2 hours", 120},     {"3 hours to fix", 180},
                       {"Reparatur dauert 2 Stunden", 120}, {"r\u00E9paration de 2 heures", 120},
                       {"reparaci\u00F3n de 2 horas", 120}};
  for (const auto& [text, minutes] : cases) {
    const Facts facts = read_facts(text);
    ASSERT_TRUE(facts.repair_minutes.has_value()) << text;
    EXPECT_EQ(facts.repair_minutes->value.most_minutes, minutes) << text;
    EXPECT_FALSE(facts.delay.has_value()) << text;
  }
  EXPECT_TRUE(read_facts("repair takes 2 hours, no, repair takes 4 hours").contradicts("repair_minutes"));
}

TEST(PromptDelay, SingaporeTakesNothingBack) {
  for (const std::string text : {"BA15 LHR-SIN delayed 5 hours", "EY470 from AUH to SIN delayed 5 hours"}) {
    ASSERT_TRUE(read_facts(text).delay.has_value()) << text;
    EXPECT_EQ(read_facts(text).delay->value, (Delay{300, 300})) << text;
  }
  EXPECT_FALSE(read_facts("SIN RETRASO de 3 horas").delay.has_value());
}

TEST(PromptDelay, ReadsDays) {
  const std::vector<std::pair<std::string, Delay>> cases = {
      {"delayed 7 days", {10'080, 10'080}},
      {"delayed by 1 day 3 hours", {1'620, 1'620}},
      {"2 Tage Versp\u00E4tung", {2'880, 2'880}},
  };
  for (const auto& [text, delay] : cases) {
    ASSERT_TRUE(read_facts(text).delay.has_value()) << text;
    EXPECT_EQ(read_facts(text).delay->value, delay) << text;
  }
  EXPECT_EQ(read_facts("MEL category B, open for 4 days, 1 hour delay").delay->value, (Delay{60, 60}));
}

}  // namespace skymarshal::agents::facts::prompt_delay_test

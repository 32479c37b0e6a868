#include "agents/facts/prompt_durations.hpp"

#include "agents/facts/prompt_facts.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::prompt_durations_test {

using Cases = std::vector<std::pair<std::string, std::int32_t>>;

TEST(PromptDurations, ReadsDurations) {
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

TEST(PromptDurations, ReadsRanges) {
  for (const std::string text : {"2-3 hours", "2 to 3 hours", "120-180 minutes"}) {
    const auto duration = read_duration(PromptTokens(text), 0);
    ASSERT_TRUE(duration.has_value()) << text;
    EXPECT_EQ(duration->length, (Delay{120, 180})) << text;
  }
}

TEST(PromptDurations, TakesNoBareNumberOrEndlessTimeForADuration) {
  for (const std::string text : {"3", "3 passengers", "hours", "9999 hours", "3 to hours", "5-2 hours"}) {
    EXPECT_FALSE(read_duration(PromptTokens(text), 0).has_value()) << text;
  }
}

TEST(PromptDurations, ReadsOtherLanguages) {
  const Cases cases = {{"3 Stunden", 180},           {"anderthalb Stunden", 90},
                       {"eine halbe Stunde", 30},    {"zwei Stunden 30 Minuten", 150},
                       {"deux heures", 120},         {"une heure et demie", 90},
                       {"3 heures 15 minutes", 195}, {"dos horas y media", 150},
                       {"media hora", 30},           {"\u0663 \u0633\u0627\u0639\u0627\u062A", 180}};
  for (const auto& [text, minutes] : cases) {
    const PromptTokens tokens(text);
    const auto duration = read_duration(tokens, 0);
    ASSERT_TRUE(duration.has_value()) << text;
    EXPECT_EQ(duration->length, (Delay{minutes, minutes})) << text;
    EXPECT_EQ(duration->last, tokens.size() - 1) << text;
  }
}

TEST(PromptDurations, ReadsRangesAcrossUnits) {
  for (const std::string text : {"90 minutes to 3 hours", "2h-3h", "2 bis 3 Stunden", "2 \u00E0 3 heures",
                                 "2 o 3 horas", "2 \u2013 3 hours"}) {
    const auto duration = read_duration(PromptTokens(text), 0);
    ASSERT_TRUE(duration.has_value()) << text;
    EXPECT_EQ(duration->length.most_minutes, 180) << text;
    EXPECT_LT(duration->length.least_minutes, 180) << text;
  }
  EXPECT_EQ(read_duration(PromptTokens("between 2 and 3 hours"), 1)->length, (Delay{120, 180}));
}

TEST(PromptDurations, HoldsAtMostSevenDays) {
  EXPECT_EQ(read_duration(PromptTokens("168 hours"), 0)->length.most_minutes, 10'080);
  EXPECT_FALSE(read_duration(PromptTokens("169 hours"), 0).has_value());
  EXPECT_FALSE(read_duration(PromptTokens("99999999 hours"), 0).has_value());
  EXPECT_FALSE(read_duration(PromptTokens("99999999h"), 0).has_value());
}

TEST(PromptDurations, FindsAllInOrder) {
  const auto found = read_durations(PromptTokens("2 hours late, repair 90 min, 3 pilots, half an hour"));
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].length.most_minutes, 120);
  EXPECT_EQ(found[1].length.most_minutes, 90);
  EXPECT_EQ(found[2].length.most_minutes, 30);
  EXPECT_LT(found[0].last, found[1].first);
}

TEST(PromptDurations, FindsTheDurationBehindSmallWords) {
  EXPECT_EQ(duration_after(PromptTokens("is about 2 hours"), 0, 2)->length.most_minutes, 120);
  EXPECT_FALSE(duration_after(PromptTokens("is about 2 hours"), 0, 1).has_value());
  EXPECT_FALSE(duration_after(PromptTokens("cats 2 hours"), 0, 3).has_value());
}

}  // namespace skymarshal::agents::facts::prompt_durations_test

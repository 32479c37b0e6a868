#include "agents/facts/prompt_facts.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::prompt_times_test {

using Cases = std::vector<std::pair<std::string, std::int32_t>>;

TEST(PromptTimes, ReadsLabelledTimes) {
  const Facts facts = read_facts("STD 08:30, STA 2210Z, crew reported at 06:05");
  EXPECT_EQ(facts.scheduled_departure->value, (TimeOfDay{510}));
  EXPECT_EQ(facts.scheduled_arrival->value, (TimeOfDay{1330, 0}));
  EXPECT_EQ(facts.crew_report->value, (TimeOfDay{365}));
  EXPECT_EQ(read_facts("scheduled to depart at 8:30 pm").scheduled_departure->value.minute, 1230);
  EXPECT_EQ(read_facts("report time 0530").crew_report->value.minute, 330);
}

TEST(PromptTimes, TakesNoImpossibleOrUnlabelledTime) {
  EXPECT_FALSE(read_facts("STD 25:00").scheduled_departure.has_value());
  EXPECT_FALSE(read_facts("STD 0875").scheduled_departure.has_value());
  EXPECT_FALSE(read_facts("at 08:30 something happened").scheduled_departure.has_value());
  EXPECT_FALSE(read_facts("the pilots reported a leak at 08:30").crew_report.has_value());
}

TEST(PromptTimes, ReadsZones) {
  const Cases cases = {{"STD 14:00 CET", 60},       {"STD 09:00 UTC+4", 240},    {"STD 0900 UTC-03", -180},
                       {"STD 09:00 UTC+5:30", 330}, {"STD 09:00 GMT+0530", 330}, {"STD 0830Z", 0},
                       {"STD 08:30 zulu", 0},       {"STD 8:30 am JST", 540}};
  for (const auto& [text, offset] : cases) {
    const Facts facts = read_facts(text);
    ASSERT_TRUE(facts.scheduled_departure.has_value()) << text;
    EXPECT_EQ(facts.scheduled_departure->value.utc_offset_minutes, offset) << text;
  }
}

TEST(PromptTimes, LeavesOutATimeWhoseZoneMeansSeveral) {
  for (const std::string text :
       {"STD 08:30 IST", "STD 08:30 CST", "STD 08:30 BST", "STD 08:30 UTC +1", "STD 08:30 UTC+15"}) {
    EXPECT_FALSE(read_facts(text).scheduled_departure.has_value()) << text;
  }
  EXPECT_TRUE(read_facts("STD 08:30 est la nouvelle heure").scheduled_departure.has_value());
}

TEST(PromptTimes, ReadsTheNextDay) {
  for (const std::string text :
       {"STA 06:15+1", "STA 06:15 (+1)", "STA 06:15 the next day", "STA 06:15 am n\u00E4chsten Tag",
        "STA 06:15 le lendemain", "STA 06:15Z+1"}) {
    const Facts facts = read_facts(text);
    ASSERT_TRUE(facts.scheduled_arrival.has_value()) << text;
    EXPECT_EQ(facts.scheduled_arrival->value.minute, 375) << text;
    EXPECT_EQ(facts.scheduled_arrival->value.days_later, 1) << text;
  }
  EXPECT_EQ(read_facts("STA 06:15 + 1 hour").scheduled_arrival->value.days_later, 0);
}

TEST(PromptTimes, TellsEstimatesFromTheTimetable) {
  for (const std::string text :
       {"ETD 14:30", "new ETD 14:30", "delayed until 14:30", "estimated departure 14:30",
        "new departure time is 14:30", "postponed to 14:30", "retard\u00E9 jusqu'\u00E0 14h30",
        "verschoben bis 14.30 Uhr", "retrasado hasta las 14:30"}) {
    const Facts facts = read_facts(text);
    ASSERT_TRUE(facts.estimated_departure.has_value()) << text;
    EXPECT_EQ(facts.estimated_departure->value.minute, 870) << text;
    EXPECT_FALSE(facts.scheduled_departure.has_value()) << text;
  }
  EXPECT_EQ(read_facts("ETA 14:30").estimated_arrival->value.minute, 870);
  EXPECT_EQ(read_facts("Abflug um 14 Uhr 30").scheduled_departure->value.minute, 870);
  EXPECT_EQ(read_facts("d\u00E9part pr\u00E9vu \u00E0 14h30").scheduled_departure->value.minute, 870);
}

TEST(PromptTimes, TakesNoHopeOrRelativeTimeForTheTimetable) {
  for (const std::string text : {"it leaves in 2 hours", "it will depart at 14:30", "latest departure 23:00",
                                 "departure 2026-06-15"}) {
    EXPECT_FALSE(read_facts(text).scheduled_departure.has_value()) << text;
    EXPECT_FALSE(read_facts(text).estimated_departure.has_value()) << text;
  }
}

TEST(PromptTimes, ReportsTwoTimesAsAContradiction) {
  const Facts facts = read_facts("STD 08:30 and STD 09:30, ETD 10:00, ETD 11:00, ETA 12:00, ETA 13:00");
  EXPECT_TRUE(facts.contradicts("scheduled_departure"));
  EXPECT_TRUE(facts.contradicts("estimated_departure"));
  EXPECT_TRUE(facts.contradicts("estimated_arrival"));
}

TEST(PromptTimes, AReportAfterTheCrewIsTheCrews) {
  for (const std::string text :
       {"crew of 2 pilots reported 20:00 local", "3 pilots class 1 rest, report 20:00"}) {
    ASSERT_TRUE(read_facts(text).crew_report.has_value()) << text;
    EXPECT_EQ(read_facts(text).crew_report->value.minute, 20 * 60) << text;
  }
  EXPECT_FALSE(read_facts("weather report 20:00").crew_report.has_value());
  EXPECT_FALSE(read_facts("The crew is there. Damage report 20:00").crew_report.has_value());
}

}  // namespace skymarshal::agents::facts::prompt_times_test

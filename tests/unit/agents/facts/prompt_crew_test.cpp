#include "agents/facts/prompt_facts.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::prompt_crew_test {

TEST(PromptCrew, ReadsCrewDuty) {
  const Facts facts = read_facts("planned FDP of 11 hours over 2 sectors, crew on duty for 4h30, augmented");
  EXPECT_EQ(facts.planned_fdp_minutes->value, 660);
  EXPECT_EQ(facts.sectors->value, 2);
  EXPECT_EQ(facts.crew_on_duty_minutes->value, 270);
  EXPECT_TRUE(facts.augmented_crew->value);
  EXPECT_EQ(read_facts("FDP 12:30").planned_fdp_minutes->value, 750);
}

TEST(PromptCrew, ReadsNumbers) {
  const Facts facts = read_facts("3 pilots, ten cabin crew, sectors: none, two sectors");
  EXPECT_EQ(facts.pilots->value, 3);
  EXPECT_EQ(facts.cabin_crew->value, 10);
  EXPECT_EQ(facts.sectors->value, 2);
  EXPECT_EQ(read_facts("a 4-pilot crew").pilots->value, 4);
  EXPECT_EQ(read_facts("12 flight attendants").cabin_crew->value, 12);
  EXPECT_EQ(read_facts("drei Piloten").pilots->value, 3);
  EXPECT_TRUE(read_facts("3 pilots, 4 pilots").contradicts("pilots"));
}

TEST(PromptCrew, CountsNoAbsentCrew) {
  EXPECT_FALSE(read_facts("two pilots are sick").pilots.has_value());
  EXPECT_FALSE(read_facts("2 cabin crew missing").cabin_crew.has_value());
}

TEST(PromptCrew, ReadsRestFacilities) {
  EXPECT_EQ(read_facts("class 1 rest facility").rest_facility->value, RestFacility::class_1);
  EXPECT_EQ(read_facts("rest facility class 2").rest_facility->value, RestFacility::class_2);
  EXPECT_EQ(read_facts("a class-3 bunk").rest_facility->value, RestFacility::class_3);
  EXPECT_FALSE(read_facts("class 4 rest facility").rest_facility.has_value());
  EXPECT_FALSE(read_facts("business class 2 seats").rest_facility.has_value());
}

TEST(PromptCrew, ReadsRestAndSplitDuty) {
  const Facts facts =
      read_facts("crew rest of 10 hours before this duty, split duty with a break of 4 hours");
  EXPECT_EQ(facts.rest_minutes->value, 600);
  EXPECT_EQ(facts.split_duty_break_minutes->value, 240);
  EXPECT_EQ(read_facts("12 hours rest").rest_minutes->value, 720);
  EXPECT_FALSE(read_facts("a break of 4 hours").split_duty_break_minutes.has_value());
}

TEST(PromptCrew, TakesNoRuleForThisCrew) {
  EXPECT_FALSE(read_facts("minimum rest 12 hours").rest_minutes.has_value());
  EXPECT_FALSE(read_facts("max FDP 13 hours").planned_fdp_minutes.has_value());
  EXPECT_FALSE(read_facts("in-flight rest 3 hours").rest_minutes.has_value());
}

TEST(PromptCrew, ReadsThatACrewIsNotAugmented) {
  EXPECT_FALSE(read_facts("the crew is not augmented").augmented_crew->value);
  EXPECT_TRUE(read_facts("with a relief pilot").augmented_crew->value);
  EXPECT_TRUE(read_facts("augmented crew, not augmented").contradicts("augmented_crew"));
}

}  // namespace skymarshal::agents::facts::prompt_crew_test

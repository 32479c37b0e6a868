#include "agents/rules/flight_duty_easa.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::rules::flight_duty_easa_test {

constexpr std::int32_t at(std::int32_t hour, std::int32_t minute = 0) { return hour * 60 + minute; }
constexpr std::int32_t not_allowed = 0;

TEST(FlightDutyEasa, AgreesWithEveryCellOfTable2) {
  struct Row {
    std::int32_t from;
    std::int32_t last;
    std::int32_t limits[9];
  };
  // Columns: 1 to 2, 3, 4, … 10 sectors.
  const Row table[] = {
      {at(6), at(13, 29), {1300, 1230, 1200, 1130, 1100, 1030, 1000, 930, 900}},
      {at(13, 30), at(13, 59), {1245, 1215, 1145, 1115, 1045, 1015, 945, 915, 900}},
      {at(14), at(14, 29), {1230, 1200, 1130, 1100, 1030, 1000, 930, 900, 900}},
      {at(14, 30), at(14, 59), {1215, 1145, 1115, 1045, 1015, 945, 915, 900, 900}},
      {at(15), at(15, 29), {1200, 1130, 1100, 1030, 1000, 930, 900, 900, 900}},
      {at(15, 30), at(15, 59), {1145, 1115, 1045, 1015, 945, 915, 900, 900, 900}},
      {at(16), at(16, 29), {1130, 1100, 1030, 1000, 930, 900, 900, 900, 900}},
      {at(16, 30), at(16, 59), {1115, 1045, 1015, 945, 915, 900, 900, 900, 900}},
      {at(17), at(23, 59), {1100, 1030, 1000, 930, 900, 900, 900, 900, 900}},
      {at(0), at(4, 59), {1100, 1030, 1000, 930, 900, 900, 900, 900, 900}},
      {at(5), at(5, 14), {1200, 1130, 1100, 1030, 1000, 930, 900, 900, 900}},
      {at(5, 15), at(5, 29), {1215, 1145, 1115, 1045, 1015, 945, 915, 900, 900}},
      {at(5, 30), at(5, 44), {1230, 1200, 1130, 1100, 1030, 1000, 930, 900, 900}},
      {at(5, 45), at(5, 59), {1245, 1215, 1145, 1115, 1045, 1015, 945, 915, 900}},
  };
  for (const Row& row : table) {
    for (std::int32_t sectors = 1; sectors <= 10; ++sectors) {
      const std::int32_t printed = row.limits[sectors <= 2 ? 0 : sectors - 2];
      const std::int32_t limit = at(printed / 100, printed % 100);
      EXPECT_EQ(easa_basic_fdp(row.from, sectors), limit) << row.from << ", " << sectors << " sectors";
      EXPECT_EQ(easa_basic_fdp(row.last, sectors), limit) << row.last << ", " << sectors << " sectors";
    }
  }
}

TEST(FlightDutyEasa, AgreesWithTable3ForAnUnknownStateOfAcclimatisation) {
  const std::int32_t table[] = {at(11), at(11), at(10, 30), at(10), at(9, 30), at(9), at(9), at(9)};
  for (std::int32_t sectors = 1; sectors <= 8; ++sectors) {
    EXPECT_EQ(easa_unacclimatised_fdp(sectors), table[sectors - 1]) << sectors;
  }
}

TEST(FlightDutyEasa, AgreesWithEveryCellOfTheExtensionTable) {
  struct Row {
    std::int32_t from;
    std::int32_t last;
    std::int32_t limits[4];
  };
  // Columns: 1 to 2, 3, 4, 5 sectors.
  const Row table[] = {
      {at(0), at(6, 14), {0, 0, 0, 0}},
      {at(6, 15), at(6, 29), {1315, 1245, 1215, 1145}},
      {at(6, 30), at(6, 44), {1330, 1300, 1230, 1200}},
      {at(6, 45), at(6, 59), {1345, 1315, 1245, 1215}},
      {at(7), at(13, 29), {1400, 1330, 1300, 1230}},
      {at(13, 30), at(13, 59), {1345, 1315, 1245, 0}},
      {at(14), at(14, 29), {1330, 1300, 1230, 0}},
      {at(14, 30), at(14, 59), {1315, 1245, 1215, 0}},
      {at(15), at(15, 29), {1300, 1230, 1200, 0}},
      {at(15, 30), at(15, 59), {1245, 0, 0, 0}},
      {at(16), at(16, 29), {1230, 0, 0, 0}},
      {at(16, 30), at(16, 59), {1215, 0, 0, 0}},
      {at(17), at(17, 29), {1200, 0, 0, 0}},
      {at(17, 30), at(17, 59), {1145, 0, 0, 0}},
      {at(18), at(18, 29), {1130, 0, 0, 0}},
      {at(18, 30), at(18, 59), {1115, 0, 0, 0}},
      {at(19), at(23, 59), {0, 0, 0, 0}},
  };
  for (const Row& row : table) {
    for (std::int32_t sectors = 1; sectors <= 5; ++sectors) {
      const std::int32_t printed = row.limits[sectors <= 2 ? 0 : sectors - 2];
      const std::int32_t limit = at(printed / 100, printed % 100);
      EXPECT_EQ(easa_extended_fdp(row.from, sectors).value_or(not_allowed), limit)
          << row.from << "," << sectors;
      EXPECT_EQ(easa_extended_fdp(row.last, sectors).value_or(not_allowed), limit)
          << row.last << "," << sectors;
    }
    EXPECT_EQ(easa_extended_fdp(row.from, 6), std::nullopt);
  }
}

TEST(FlightDutyEasa, AugmentedCrewsGoByFacilityAndPilots) {
  EXPECT_EQ(easa_augmented_fdp(3, 1, 1, 0), at(16));
  EXPECT_EQ(easa_augmented_fdp(3, 2, 1, 0), at(15));
  EXPECT_EQ(easa_augmented_fdp(3, 3, 1, 0), at(14));
  EXPECT_EQ(easa_augmented_fdp(4, 1, 3, 0), at(17));
  EXPECT_EQ(easa_augmented_fdp(4, 2, 3, 0), at(16));
  EXPECT_EQ(easa_augmented_fdp(5, 3, 3, 0), at(15));
  EXPECT_EQ(easa_augmented_fdp(2, 1, 1, 0), std::nullopt);
  EXPECT_EQ(easa_augmented_fdp(3, 0, 1, 0), std::nullopt);
  EXPECT_EQ(easa_augmented_fdp(3, 1, 4, 0), std::nullopt);
}

TEST(FlightDutyEasa, ASectorOfMoreThanNineHoursAddsAnHourOnTwoSectorsAtMost) {
  EXPECT_EQ(easa_augmented_fdp(3, 1, 2, at(9)), at(16));
  EXPECT_EQ(easa_augmented_fdp(3, 1, 2, at(9, 1)), at(17));
  EXPECT_EQ(easa_augmented_fdp(4, 1, 1, at(13)), at(18));
  EXPECT_EQ(easa_augmented_fdp(4, 1, 3, at(13)), at(17));
}

TEST(FlightDutyEasa, HalfOfABreakOfThreeHoursCountsAndOfSixAtMost) {
  EXPECT_EQ(easa_split_duty_increase(at(2, 59)), 0);
  EXPECT_EQ(easa_split_duty_increase(at(3)), 90);
  EXPECT_EQ(easa_split_duty_increase(at(4)), 120);
  EXPECT_EQ(easa_split_duty_increase(at(8)), 180);
}

TEST(FlightDutyEasa, TheCommanderAddsTwoHoursOrThreeToAnAugmentedCrew) {
  EXPECT_EQ(easa_limit({.start_minute = at(7)}).stretched_minutes, at(15));
  const DutyLimit augmented = easa_limit({.start_minute = at(7), .pilots = 3, .rest_facility = 1});
  EXPECT_EQ(augmented.minutes, at(16));
  EXPECT_EQ(augmented.stretched_minutes, at(19));
}

TEST(FlightDutyEasa, DiscretionOverAPlannedExtensionCountsFromTheBasicLimit) {
  const DutyLimit extended = easa_limit({.start_minute = at(7), .planned_extension = true});
  EXPECT_EQ(extended.minutes, at(14));
  EXPECT_EQ(extended.stretched_minutes, at(15));
  EXPECT_EQ(extended.citation.source, easa_extension_citation.source);
  EXPECT_EQ(easa_limit({.start_minute = at(20), .planned_extension = true}).minutes, at(11));
}

TEST(FlightDutyEasa, ExtensionsAreNeverCombined) {
  const DutyLimit split =
      easa_limit({.start_minute = at(7), .planned_extension = true, .split_break_minutes = at(4)});
  EXPECT_EQ(split.minutes, at(15));
  EXPECT_EQ(split.stretched_minutes, at(17));
  const DutyLimit augmented =
      easa_limit({.start_minute = at(7), .pilots = 3, .rest_facility = 3, .split_break_minutes = at(4)});
  EXPECT_EQ(augmented.minutes, at(14));
}

TEST(FlightDutyEasa, AnUnknownStateOfAcclimatisationHasNoExtension) {
  EXPECT_EQ(easa_limit({.start_minute = at(8), .acclimatised = false}).minutes, at(11));
  EXPECT_EQ(easa_limit({.start_minute = at(8), .acclimatised = false, .planned_extension = true}).minutes,
            at(11));
  EXPECT_EQ(easa_limit({.start_minute = at(8), .acclimatised = false, .split_break_minutes = at(4)}).minutes,
            at(11));
}

TEST(FlightDutyEasa, ADelayedReportKeepsTheLimitBelowFourHoursAndTakesTheTighterFromThere) {
  const EasaDuty duty{.start_minute = at(6)};
  EXPECT_EQ(easa_limit_delayed(duty, at(3)).minutes, at(13));
  EXPECT_EQ(easa_limit_delayed({.start_minute = at(13)}, at(3, 59)).minutes, at(13));
  EXPECT_EQ(easa_limit_delayed({.start_minute = at(13)}, at(4)).minutes, at(11));
  EXPECT_EQ(easa_limit_delayed(duty, at(8)).minutes, at(12, 30));
  EXPECT_EQ(easa_limit_delayed({.start_minute = at(2)}, at(5)).minutes, at(11));
  EXPECT_EQ(easa_limit_delayed({.start_minute = at(22)}, at(9)).minutes, at(11));
}

TEST(FlightDutyEasa, TheTighterOfTwoLimitsIsTheSmaller) {
  const DutyLimit a{600, 720, {}};
  const DutyLimit b{600, 700, {}};
  EXPECT_EQ(tighter(a, b).stretched_minutes, 700);
  EXPECT_EQ(tighter(a, {540, 900, {}}).minutes, 540);
}

EasaDuty any_duty() {
  return {.start_minute = *rc::gen::inRange(0, 1440),
          .sectors = *rc::gen::inRange(1, 11),
          .acclimatised = *rc::gen::arbitrary<bool>(),
          .planned_extension = *rc::gen::arbitrary<bool>(),
          .pilots = *rc::gen::inRange(2, 5),
          .rest_facility = *rc::gen::inRange(0, 4),
          .longest_sector_minutes = *rc::gen::inRange(30, 1000),
          .split_break_minutes = *rc::gen::element(0, 120, 180, 240, 600)};
}

RC_GTEST_PROP(FlightDutyEasaProperty, MoreSectorsNeverBringALargerLimit, ()) {
  EasaDuty duty = any_duty();
  const DutyLimit before = easa_limit(duty);
  duty.sectors += *rc::gen::inRange(0, 5);
  RC_ASSERT(easa_limit(duty).minutes <= before.minutes);
  RC_ASSERT(easa_limit(duty).stretched_minutes <= before.stretched_minutes);
}

RC_GTEST_PROP(FlightDutyEasaProperty, TheStretchedLimitIsNeverBelowTheLimit, ()) {
  const DutyLimit limit = easa_limit(any_duty());
  RC_ASSERT(limit.stretched_minutes >= limit.minutes);
  RC_ASSERT(limit.minutes >= at(9));
  RC_ASSERT(!limit.citation.source.empty());
}

RC_GTEST_PROP(FlightDutyEasaProperty, ADelayedReportNeverBringsALargerLimit, ()) {
  const EasaDuty duty = any_duty();
  RC_ASSERT(easa_limit_delayed(duty, *rc::gen::inRange(0, 1500)).minutes <= easa_limit(duty).minutes);
}

}  // namespace skymarshal::agents::rules::flight_duty_easa_test

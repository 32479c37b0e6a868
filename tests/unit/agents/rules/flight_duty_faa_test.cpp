#include "agents/rules/flight_duty_faa.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::rules::flight_duty_faa_test {

constexpr std::int32_t at(std::int32_t hour, std::int32_t minute = 0) { return hour * 60 + minute; }
std::int32_t minutes_of(double hours) { return static_cast<std::int32_t>(hours * 60); }

TEST(FlightDutyFaa, AgreesWithEveryCellOfTableB) {
  struct Row {
    std::int32_t from;
    std::int32_t last;
    double hours[7];
  };
  const Row table[] = {
      {at(0), at(3, 59), {9, 9, 9, 9, 9, 9, 9}},
      {at(4), at(4, 59), {10, 10, 10, 10, 9, 9, 9}},
      {at(5), at(5, 59), {12, 12, 12, 12, 11.5, 11, 10.5}},
      {at(6), at(6, 59), {13, 13, 12, 12, 11.5, 11, 10.5}},
      {at(7), at(11, 59), {14, 14, 13, 13, 12.5, 12, 11.5}},
      {at(12), at(12, 59), {13, 13, 13, 13, 12.5, 12, 11.5}},
      {at(13), at(16, 59), {12, 12, 12, 12, 11.5, 11, 10.5}},
      {at(17), at(21, 59), {12, 12, 11, 11, 10, 9, 9}},
      {at(22), at(22, 59), {11, 11, 10, 10, 9, 9, 9}},
      {at(23), at(23, 59), {10, 10, 10, 9, 9, 9, 9}},
  };
  for (const Row& row : table) {
    for (std::int32_t segments = 1; segments <= 8; ++segments) {
      const std::int32_t limit = minutes_of(row.hours[segments < 7 ? segments - 1 : 6]);
      EXPECT_EQ(faa_unaugmented_fdp(row.from, segments), limit) << row.from << ", " << segments;
      EXPECT_EQ(faa_unaugmented_fdp(row.last, segments), limit) << row.last << ", " << segments;
    }
  }
}

TEST(FlightDutyFaa, AgreesWithEveryCellOfTableC) {
  struct Row {
    std::int32_t from;
    std::int32_t last;
    /// Class 1 with three and four pilots, class 2, class 3.
    double hours[6];
  };
  const Row table[] = {
      {at(0), at(5, 59), {15, 17, 14, 15.5, 13, 13.5}},
      {at(6), at(6, 59), {16, 18.5, 15, 16.5, 14, 14.5}},
      {at(7), at(12, 59), {17, 19, 16.5, 18, 15, 15.5}},
      {at(13), at(16, 59), {16, 18.5, 15, 16.5, 14, 14.5}},
      {at(17), at(23, 59), {15, 17, 14, 15.5, 13, 13.5}},
  };
  for (const Row& row : table) {
    for (std::int32_t facility = 1; facility <= 3; ++facility) {
      for (std::int32_t pilots = 3; pilots <= 4; ++pilots) {
        const std::int32_t limit = minutes_of(row.hours[(facility - 1) * 2 + pilots - 3]);
        EXPECT_EQ(faa_augmented_fdp(row.from, 1, pilots, facility), limit) << row.from << facility << pilots;
        EXPECT_EQ(faa_augmented_fdp(row.last, 3, pilots, facility), limit) << row.last << facility << pilots;
      }
    }
  }
}

TEST(FlightDutyFaa, TableCNeedsAFacilityAThirdPilotAndThreeSegmentsAtMost) {
  EXPECT_EQ(faa_augmented_fdp(at(8), 4, 4, 1), std::nullopt);
  EXPECT_EQ(faa_augmented_fdp(at(8), 1, 2, 1), std::nullopt);
  EXPECT_EQ(faa_augmented_fdp(at(8), 1, 3, 0), std::nullopt);
  EXPECT_EQ(faa_limit({.start_minute = at(8), .segments = 4, .pilots = 4, .rest_facility = 1}).minutes,
            at(13));
}

TEST(FlightDutyFaa, TableAGoesByTheReport) {
  EXPECT_EQ(faa_flight_time_max(at(4, 59), 2), at(8));
  EXPECT_EQ(faa_flight_time_max(at(5), 2), at(9));
  EXPECT_EQ(faa_flight_time_max(at(19, 59), 2), at(9));
  EXPECT_EQ(faa_flight_time_max(at(20), 2), at(8));
  EXPECT_EQ(faa_flight_time_max(at(20), 3), at(13));
  EXPECT_EQ(faa_flight_time_max(at(20), 4), at(17));
}

TEST(FlightDutyFaa, AnUnacclimatedCrewHasHalfAnHourLess) {
  EXPECT_EQ(faa_limit({.start_minute = at(8)}).minutes, at(14));
  EXPECT_EQ(faa_limit({.start_minute = at(8), .acclimated = false}).minutes, at(13, 30));
  EXPECT_EQ(faa_limit({.start_minute = at(8), .acclimated = false, .pilots = 4, .rest_facility = 1}).minutes,
            at(18, 30));
}

TEST(FlightDutyFaa, BeforeTakeOffTwoHoursMayBeAdded) {
  EXPECT_EQ(faa_limit({.start_minute = at(8)}).stretched_minutes, at(16));
  EXPECT_EQ(faa_limit({.start_minute = at(8)}).citation.source, faa_unaugmented_citation.source);
}

RC_GTEST_PROP(FlightDutyFaaProperty, MoreSegmentsNeverBringALargerLimit, ()) {
  FaaDuty duty{.start_minute = *rc::gen::inRange(0, 1440),
               .segments = *rc::gen::inRange(1, 9),
               .acclimated = *rc::gen::arbitrary<bool>(),
               .pilots = *rc::gen::inRange(2, 5),
               .rest_facility = *rc::gen::inRange(0, 4)};
  const std::int32_t before = faa_limit(duty).minutes;
  duty.segments += *rc::gen::inRange(0, 5);
  RC_ASSERT(faa_limit(duty).minutes <= before);
}

}  // namespace skymarshal::agents::rules::flight_duty_faa_test

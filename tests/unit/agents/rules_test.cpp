#include "agents/rules.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::rules {
namespace {

constexpr std::int32_t at(std::int32_t hour, std::int32_t minute = 0) { return hour * 60 + minute; }

TEST(Rules, FlightDutyTableReadsAsPublished) {
  // ORO.FTL.205(b)(1) Table 2: both ends of each row looked at, and the columns' ends.
  EXPECT_EQ(max_daily_fdp_minutes(at(6), 1), at(13));
  EXPECT_EQ(max_daily_fdp_minutes(at(13, 29), 2), at(13));
  EXPECT_EQ(max_daily_fdp_minutes(at(13, 30), 2), at(12, 45));
  EXPECT_EQ(max_daily_fdp_minutes(at(13, 59), 9), at(9, 15));
  EXPECT_EQ(max_daily_fdp_minutes(at(14), 3), at(12));
  EXPECT_EQ(max_daily_fdp_minutes(at(14, 30), 9), at(9));
  EXPECT_EQ(max_daily_fdp_minutes(at(15), 7), at(9, 30));
  EXPECT_EQ(max_daily_fdp_minutes(at(16, 59), 2), at(11, 15));
  EXPECT_EQ(max_daily_fdp_minutes(at(17), 2), at(11));
  EXPECT_EQ(max_daily_fdp_minutes(at(23, 59), 4), at(10));
  EXPECT_EQ(max_daily_fdp_minutes(at(0), 2), at(11));
  EXPECT_EQ(max_daily_fdp_minutes(at(4, 59), 2), at(11));
  EXPECT_EQ(max_daily_fdp_minutes(at(5), 2), at(12));
  EXPECT_EQ(max_daily_fdp_minutes(at(5, 14), 10), at(9));
  EXPECT_EQ(max_daily_fdp_minutes(at(5, 15), 2), at(12, 15));
  EXPECT_EQ(max_daily_fdp_minutes(at(5, 59), 2), at(12, 45));
  EXPECT_EQ(max_daily_fdp_minutes(at(6), 10), at(9));
}

RC_GTEST_PROP(RulesProperty, BoundsHoldTheTableForEveryStartAndSector, ()) {
  const auto start = *rc::gen::inRange<std::int32_t>(0, 24 * 60);
  const auto sectors = *rc::gen::inRange<std::int32_t>(1, 11);
  const std::int32_t limit = max_daily_fdp_minutes(start, sectors);
  for (const FdpBounds bounds : {fdp_bounds(std::nullopt, sectors), fdp_bounds(start, std::nullopt),
                                 fdp_bounds(std::nullopt, std::nullopt), fdp_bounds(start, sectors)}) {
    RC_ASSERT(bounds.least_minutes <= limit && limit <= bounds.most_minutes);
  }
  RC_ASSERT(sectors == 10 || max_daily_fdp_minutes(start, sectors + 1) <= limit);
}

TEST(Rules, MelIntervals) {
  EXPECT_EQ(mel_interval_days('B'), 3);
  EXPECT_EQ(mel_interval_days('C'), 10);
  EXPECT_EQ(mel_interval_days('D'), 120);
  EXPECT_FALSE(mel_interval_days('A').has_value());
  EXPECT_FALSE(mel_interval_days('X').has_value());
}

TEST(Rules, Eu261BindsByDepartureOrByCarrier) {
  EXPECT_EQ(passenger_rights("FRA", "JFK", "US").regime, PassengerRegime::eu261);
  EXPECT_EQ(passenger_rights("JFK", "FRA", "DE").regime, PassengerRegime::eu261);
  EXPECT_EQ(passenger_rights("JFK", "FRA", "US").regime, PassengerRegime::none);
  EXPECT_EQ(passenger_rights("ZRH", "AUH", "AE").regime, PassengerRegime::eu261);
  EXPECT_EQ(passenger_rights("BKK", "AUH", "AE").regime, PassengerRegime::none);
  EXPECT_EQ(passenger_rights("LHR", "AUH", "AE").regime, PassengerRegime::uk261);
  EXPECT_EQ(passenger_rights("AUH", "LHR", "GB").regime, PassengerRegime::uk261);
  EXPECT_EQ(passenger_rights("AUH", "LHR", "AE").regime, PassengerRegime::none);
  EXPECT_EQ(passenger_rights("XXX", "FRA", "DE").regime, PassengerRegime::none);
}

TEST(Rules, CompensationBandsTurnAtTheirDistances) {
  const auto owed = [](std::int32_t km, bool within, std::int32_t delay) {
    return compensation_for_delay({PassengerRegime::eu261, km, within}, delay).per_passenger;
  };
  EXPECT_EQ(owed(1500, false, 180), 250);
  EXPECT_EQ(owed(1501, false, 180), 400);
  EXPECT_EQ(owed(3500, false, 180), 400);
  EXPECT_EQ(owed(3501, false, 239), 300);
  EXPECT_EQ(owed(3501, false, 240), 600);
  EXPECT_EQ(owed(4000, true, 300), 400);
  EXPECT_EQ(owed(4000, false, 179), 0);
  const Compensation british = compensation_for_delay({PassengerRegime::uk261, 5500, false}, 240);
  EXPECT_EQ(british.per_passenger, 520);
  EXPECT_EQ(british.currency, "GBP");
  EXPECT_EQ(compensation_for_delay({PassengerRegime::none, 5500, false}, 600).per_passenger, 0);
}

TEST(Rules, CareBeginsByDistance) {
  EXPECT_EQ(care_after_minutes({PassengerRegime::eu261, 1500, false}), 120);
  EXPECT_EQ(care_after_minutes({PassengerRegime::eu261, 3500, false}), 180);
  EXPECT_EQ(care_after_minutes({PassengerRegime::eu261, 9000, true}), 180);
  EXPECT_EQ(care_after_minutes({PassengerRegime::eu261, 3501, false}), 240);
}

RC_GTEST_PROP(RulesProperty, LongerDelayNeverLowersCompensation, ()) {
  const RouteRights rights{
      *rc::gen::element(PassengerRegime::eu261, PassengerRegime::uk261, PassengerRegime::none),
      *rc::gen::inRange<std::int32_t>(0, 20'000), *rc::gen::arbitrary<bool>()};
  const auto delay = *rc::gen::inRange<std::int32_t>(0, 2000);
  const auto longer = delay + *rc::gen::inRange<std::int32_t>(0, 2000);
  RC_ASSERT(compensation_for_delay(rights, delay).per_passenger <=
            compensation_for_delay(rights, longer).per_passenger);
}

TEST(Rules, TechnicalDefectsAreNotExtraordinary) {
  EXPECT_EQ(extraordinary_circumstances({CauseKind::technical, {}, 0}).extraordinary, Extraordinary::no);
  EXPECT_EQ(extraordinary_circumstances({CauseKind::crew, {}, 0}).extraordinary, Extraordinary::no);
  EXPECT_EQ(extraordinary_circumstances({CauseKind::bird_strike, {}, 0}).extraordinary,
            Extraordinary::may_be);
  EXPECT_EQ(extraordinary_circumstances({CauseKind::strike, {}, 0}).extraordinary, Extraordinary::unknown);
}

TEST(Rules, CurfewRunsOverMidnight) {
  const Curfew* sydney = find_curfew("SYD");
  ASSERT_NE(sydney, nullptr);
  EXPECT_FALSE(in_curfew(*sydney, at(22, 59)));
  EXPECT_TRUE(in_curfew(*sydney, at(23)));
  EXPECT_TRUE(in_curfew(*sydney, at(0)));
  EXPECT_TRUE(in_curfew(*sydney, at(5, 59)));
  EXPECT_FALSE(in_curfew(*sydney, at(6)));
  EXPECT_EQ(find_curfew("AUH"), nullptr);
}

}  // namespace
}  // namespace skymarshal::agents::rules

#include "agents/rules/cargo_limits.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::rules::cargo_limits_test {

TEST(CargoLimits, GoodUntilIncludesItsMinute) {
  const auto limit = *reference::parse_instant("2026-06-15T14:00Z");
  EXPECT_TRUE(arrives_good(limit - std::chrono::minutes(1), limit));
  EXPECT_TRUE(arrives_good(limit, limit));
  EXPECT_FALSE(arrives_good(limit + std::chrono::minutes(1), limit));
}

TEST(CargoLimits, LithiumBatteriesPackedAloneFlyOnCargoAircraftOnly) {
  ASSERT_NE(find_passenger_aircraft_ban("UN3480"), nullptr);
  EXPECT_EQ(find_passenger_aircraft_ban("UN3480")->citation.effective, "2016-04-01");
  ASSERT_NE(find_passenger_aircraft_ban("UN3090"), nullptr);
  EXPECT_EQ(find_passenger_aircraft_ban("UN3090")->citation.effective, "2015-01-01");
}

TEST(CargoLimits, BatteriesInOrWithEquipmentAndOtherGoodsAreNotBannedByThisTable) {
  for (const char* const number : {"UN3481", "UN3091", "UN1845", "UN1263", ""})
    EXPECT_EQ(find_passenger_aircraft_ban(number), nullptr) << number;
}

TEST(CargoLimits, WhatCannotWaitStaysOnBoardLongest) {
  EXPECT_LT(loading_priority("general"), loading_priority("dangerous_goods"));
  EXPECT_LT(loading_priority("dangerous_goods"), loading_priority("perishables"));
  EXPECT_LT(loading_priority("perishables"), loading_priority("pharma"));
  EXPECT_LT(loading_priority("pharma"), loading_priority("live_animals"));
  EXPECT_LT(loading_priority("live_animals"), loading_priority("aog_parts"));
  EXPECT_EQ(loading_priority("mail"), loading_priority("general"));
}

}  // namespace skymarshal::agents::rules::cargo_limits_test

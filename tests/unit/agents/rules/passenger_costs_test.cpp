#include "agents/rules/passenger_costs.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::rules::passenger_costs_test {

TEST(PassengerCosts, CareFollowsTheSteps) {
  EXPECT_EQ(care_cost_cents(89), 0);
  EXPECT_EQ(care_cost_cents(90), 180);
  EXPECT_EQ(care_cost_cents(120), 840);
  EXPECT_EQ(care_cost_cents(180), 2100);
  EXPECT_EQ(care_cost_cents(300), 2300);
  EXPECT_EQ(care_cost_cents(2000), 2300);
  EXPECT_EQ(hotel_cost_cents, 6700);
}

TEST(PassengerCosts, CancellationMeetsThePublishedColumns) {
  EXPECT_EQ(cancellation_cost_cents(50), 369'000);
  EXPECT_EQ(cancellation_cost_cents(120), 904'000);
  EXPECT_EQ(cancellation_cost_cents(180), 1'332'000);
  EXPECT_EQ(cancellation_cost_cents(250), 4'507'000);
  EXPECT_EQ(cancellation_cost_cents(400), 5'910'000);
  // Half way between 120 and 180 seats, half of the smallest, and beyond the largest in proportion.
  EXPECT_EQ(cancellation_cost_cents(150), 1'118'000);
  EXPECT_EQ(cancellation_cost_cents(25), 184'500);
  EXPECT_EQ(cancellation_cost_cents(800), 11'820'000);
  EXPECT_EQ(rebooking_cost_cents(180), 7400);
}

TEST(PassengerCosts, DiversionFollowsTheDistance) {
  EXPECT_EQ(diversion_cost_cents(600), 100'000);
  EXPECT_EQ(diversion_cost_cents(1500), 140'000);
  EXPECT_EQ(diversion_cost_cents(4960), 700'000);
}

RC_GTEST_PROP(PassengerCostsProperty, NothingGetsCheaperByGrowing, ()) {
  const int less = *rc::gen::inRange(1, 900);
  const int more = less + *rc::gen::inRange(0, 900);
  RC_ASSERT(care_cost_cents(less) <= care_cost_cents(more));
  RC_ASSERT(cancellation_cost_cents(less) <= cancellation_cost_cents(more));
  RC_ASSERT(diversion_cost_cents(less * 10) <= diversion_cost_cents(more * 10));
}

}  // namespace skymarshal::agents::rules::passenger_costs_test

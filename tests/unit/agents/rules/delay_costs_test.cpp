#include "agents/rules/delay_costs.hpp"

#include "agents/reference/aircraft_types.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::rules::delay_costs_test {

TEST(DelayCosts, GivesThePublishedValues) {
  EXPECT_EQ(delay_minute_cost("A320", DelayPhase::at_gate)->eur_cents, 872);
  EXPECT_EQ(delay_minute_cost("B744", DelayPhase::airborne)->eur_cents, 2625);
  EXPECT_EQ(delay_minute_cost("DH8D", DelayPhase::taxi)->eur_cents, 818);
  EXPECT_FALSE(delay_minute_cost("A320", DelayPhase::at_gate)->fitted);
}

TEST(DelayCosts, FitsWhatWasNotStudied) {
  // 2.605640 + 0.788646 * sqrt(254.0)
  const auto cost = delay_minute_cost("B789", DelayPhase::at_gate);
  EXPECT_EQ(cost->eur_cents, 1517);
  EXPECT_TRUE(cost->fitted);
  EXPECT_EQ(cost->take_off_mass_tonnes, 254.0);
}

TEST(DelayCosts, TheFitComesNearTheStudiedTypesOfTheSameMass) {
  // An A330-300 of 242 t beside the A330-200 of the study; an A320neo beside the A320.
  EXPECT_NEAR(delay_minute_cost("A333", DelayPhase::at_gate)->eur_cents, 1467, 40);
  EXPECT_NEAR(delay_minute_cost("A20N", DelayPhase::at_gate)->eur_cents, 872, 100);
}

TEST(DelayCosts, FlyingCostsMoreThanTaxiingAndTaxiingMoreThanTheGate) {
  for (const auto* icao : {"A319", "A388", "AT76", "B77W", "E190", "CRJ9"}) {
    const std::int32_t gate = delay_minute_cost(icao, DelayPhase::at_gate)->eur_cents;
    const std::int32_t taxi = delay_minute_cost(icao, DelayPhase::taxi)->eur_cents;
    EXPECT_LT(gate, taxi);
    EXPECT_LT(taxi, delay_minute_cost(icao, DelayPhase::airborne)->eur_cents);
  }
}

TEST(DelayCosts, KnowsEveryTypeThatTheReferenceKnows) {
  for (const auto* icao :
       {"A19N", "A20N", "A21N", "A318", "A319", "A320", "A321", "A332", "A333", "A338", "A339",
        "A343", "A346", "A359", "A35K", "A388", "AT72", "AT76", "B38M", "B39M", "B737", "B738",
        "B739", "B744", "B748", "B752", "B763", "B772", "B77L", "B77W", "B788", "B789", "B78X",
        "BCS1", "BCS3", "CRJ9", "DH8D", "E170", "E190", "E195", "E290", "E295"}) {
    ASSERT_NE(reference::find_aircraft_type(icao), nullptr);
    EXPECT_TRUE(delay_minute_cost(icao, DelayPhase::at_gate)) << icao;
  }
  EXPECT_FALSE(delay_minute_cost("C172", DelayPhase::at_gate));
}

}  // namespace skymarshal::agents::rules::delay_costs_test

#include "agents/rules/turnaround.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::rules::turnaround_test {

TEST(Turnaround, GrowsWithTheBody) {
  EXPECT_EQ(assumed_turnaround_minutes(reference::find_aircraft_type("AT76")), 30);
  EXPECT_EQ(assumed_turnaround_minutes(reference::find_aircraft_type("A320")), 45);
  EXPECT_EQ(assumed_turnaround_minutes(reference::find_aircraft_type("B789")), 90);
}

TEST(Turnaround, AnUnknownTypeTakesTheLongest) { EXPECT_EQ(assumed_turnaround_minutes(nullptr), 90); }

TEST(Turnaround, SaysThatItIsAnAssumption) {
  EXPECT_NE(assumed_turnaround_citation.source.find("Assumption"), std::string_view::npos);
  EXPECT_TRUE(assumed_turnaround_citation.effective.empty());
}

}  // namespace skymarshal::agents::rules::turnaround_test

#include "agents/reference/aircraft_types.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::reference::aircraft_types_test {

TEST(AircraftTypes, FindsByDesignatorAndByNameInAnyCase) {
  const AircraftType* dreamliner = find_aircraft_type("B789");
  ASSERT_NE(dreamliner, nullptr);
  EXPECT_EQ(dreamliner->name, "787-9");
  EXPECT_EQ(dreamliner->body, BodyWidth::wide);
  EXPECT_EQ(dreamliner->engines, 2);
  EXPECT_EQ(find_aircraft_type("787-9"), dreamliner);
  EXPECT_EQ(find_aircraft_type("a320NEO"), find_aircraft_type("A20N"));
  EXPECT_EQ(find_aircraft_type("A388")->engines, 4);
}

TEST(AircraftTypes, KnowsNoOthers) {
  EXPECT_EQ(find_aircraft_type(""), nullptr);
  EXPECT_EQ(find_aircraft_type("B78"), nullptr);
  EXPECT_EQ(find_aircraft_type("Zeppelin"), nullptr);
}

}  // namespace skymarshal::agents::reference::aircraft_types_test

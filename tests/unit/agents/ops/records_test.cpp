#include "agents/ops/records.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::ops::records_test {

TEST(Records, PilotsAreCaptainsAndFirstOfficers) {
  CrewDuty duty;
  EXPECT_EQ(duty.pilots(), 0);
  for (const char* const rank : {"CPT", "FO", "FO", "SCC", "CC"}) {
    CrewMember member;
    member.rank = rank;
    duty.members.push_back(member);
  }
  EXPECT_EQ(duty.pilots(), 3);
}

TEST(Records, SeatsAreThoseOfAllCabins) {
  Aircraft aircraft;
  aircraft.seats_first = 8;
  aircraft.seats_business = 40;
  aircraft.seats_economy = 280;
  EXPECT_EQ(aircraft.seats(), 328);
}

}  // namespace skymarshal::agents::ops::records_test

#include "agents/assessment/value_text.hpp"

#include "unit/agents/assessment/situations.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment {
namespace {

TEST(ValueText, WritesValuesAsPeopleDo) {
  EXPECT_EQ(value_text(180), "180");
  EXPECT_EQ(value_text(true), "yes");
  EXPECT_EQ(value_text('B'), "B");
  EXPECT_EQ(value_text(Delay{120, 180}), "2 h to 3 h");
  EXPECT_EQ(value_text(test::at("2026-06-15T10:00Z")), "2026-06-15T10:00Z");
  EXPECT_EQ(value_text(facts::FlightPhase::in_flight), "in_flight");
  EXPECT_EQ(value_text(facts::MaintenanceState::released), "released");
  EXPECT_EQ(value_text(facts::RestFacility::class_2), "class 2");
  EXPECT_EQ(value_text(reference::find_aircraft_type("B789")), "787-9 (B789)");
}

TEST(ValueText, WritesRowsByTheirNames) {
  ops::Airport airport;
  airport.iata = "AUH";
  airport.city = "Abu Dhabi";
  airport.country = "AE";
  EXPECT_EQ(value_text(airport), "AUH (Abu Dhabi, AE)");
  ops::Aircraft aircraft;
  aircraft.registration = "A6-BNC";
  aircraft.type = "B789";
  aircraft.seats_business = 30;
  aircraft.seats_economy = 260;
  EXPECT_EQ(value_text(aircraft), "A6-BNC (B789, 290 seats)");
  ops::Operator airline;
  airline.name = "Etihad Airways";
  airline.country = "AE";
  EXPECT_EQ(value_text(airline), "Etihad Airways (AE)");
  ops::CrewDuty duty;
  duty.duty.id = "D-1";
  duty.duty.report = test::at("2026-06-15T09:00Z");
  duty.duty.report_airport = "BKK";
  duty.members.resize(3);
  EXPECT_EQ(value_text(duty), "D-1 from 2026-06-15T09:00Z at BKK, 3 crew members");
}

TEST(ValueText, LocalTimesWithoutADateShowNone) {
  EXPECT_EQ(value_text(LocalMinutes(std::chrono::minutes(605))), "10:05 local");
  EXPECT_EQ(value_text(LocalMinutes(std::chrono::minutes(1440 + 5))), "00:05 local, day +1");
  const LocalMinutes dated(std::chrono::local_days(*reference::parse_date("2026-06-15")));
  EXPECT_EQ(value_text(dated), "2026-06-15 00:00 local");
}

TEST(ValueText, NamesTheTurnAndTheWords) {
  EXPECT_EQ(source_text({"3 hours delay", 10, 2}), "prompt, turn 2: \"3 hours delay\"");
}

}  // namespace
}  // namespace skymarshal::agents::assessment

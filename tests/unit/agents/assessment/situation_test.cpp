#include "agents/assessment/situation.hpp"

#include "unit/agents/assessment/situations.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::situation_test {

TEST(Situation, WithoutADatabaseTheAgentsWorkFromThePromptAndSaySo) {
  const Situation situation = test::situation_of("EY283 BKK-AUH 3 hours delay");
  EXPECT_EQ(situation.database, DatabaseUse::none);
  ASSERT_EQ(situation.notes.size(), 1U);
  EXPECT_NE(situation.notes[0].find("from the prompt alone"), std::string::npos);
  EXPECT_EQ(flight_text(situation), "EY283");
  EXPECT_EQ(aircraft_text(situation), "the aircraft");
}

TEST(Situation, WithAMatchItKnowsTheDay) {
  test::SampleDay day;
  const Situation situation = day.situation_of("EY283 has a hydraulic fault");
  EXPECT_EQ(situation.database, DatabaseUse::matched);
  EXPECT_TRUE(situation.notes.empty());
  EXPECT_EQ(aircraft_text(situation), "A6-BNC");
  EXPECT_EQ(situation.origin->value.iata, "BKK");
  EXPECT_TRUE(situation.duty.has_value());
}

TEST(Situation, WhatIsNotThereIsSaid) {
  test::SampleDay day;
  EXPECT_EQ(day.situation_of("EY9999 BKK-AUH is late").database, DatabaseUse::no_match);
  EXPECT_EQ(day.situation_of("our flight is late by 3 hours").database, DatabaseUse::no_flight_named);
  const Situation none = day.situation_of("EY9999 BKK-AUH is late");
  EXPECT_EQ(none.notes.size(), 1U);
  EXPECT_FALSE(none.duty.has_value());
  EXPECT_FALSE(none.cargo_known);
}

TEST(Situation, ADatabaseThatCannotBeReadIsSaid) {
  const skymarshal::test::TemporaryFolder folder;
  const std::filesystem::path path = folder.file("ops.db");
  ops::import_sample(path).value();
  ops::OperationsDatabase database = ops::OperationsDatabase::open(path).value();
  std::filesystem::remove(path);
  std::ofstream(path) << "This is no database.";
  const Situation situation = understand(facts::read_facts("EY283 BKK-AUH is 3 hours late"), &database);
  EXPECT_EQ(situation.database, DatabaseUse::failed);
  ASSERT_EQ(situation.notes.size(), 1U);
  EXPECT_NE(situation.notes[0].find("could not be read"), std::string::npos);
  EXPECT_EQ(situation.delay->value, (Delay{180, 180})) << "the prompt still counts";
}

TEST(Situation, TheSameWordsGiveTheSameSituation) {
  test::SampleDay day;
  const Situation a = day.situation_of("EY283 3 hours delay");
  const Situation b = day.situation_of("EY283 3 hours delay");
  ASSERT_EQ(a.candidates.size(), b.candidates.size());
  for (std::size_t i = 0; i < a.candidates.size(); ++i) {
    EXPECT_EQ(a.candidates[i].aircraft.registration, b.candidates[i].aircraft.registration);
  }
}

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

}  // namespace skymarshal::agents::assessment::situation_test

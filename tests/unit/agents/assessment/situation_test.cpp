#include "agents/assessment/situation.hpp"

#include "unit/agents/assessment/situations.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment {
namespace {

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

}  // namespace
}  // namespace skymarshal::agents::assessment

#include "agents/assessment/understanding.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::flight_match_test {

/// The same number on two days.
class TwoDays : public testing::Test {
 protected:
  void SetUp() override {
    const auto day = folder_.file("day");
    std::filesystem::create_directory(day);
    std::ofstream(day / "airports.csv")
        << "iata,icao,city,country,time_zone,latitude_deg,longitude_deg\n"
           "BKK,VTBS,Bangkok,TH,Asia/Bangkok,13.68,100.74\nAUH,OMAA,Abu Dhabi,AE,Asia/Dubai,24.44,54.65\n";
    std::ofstream(day / "fleet.csv")
        << "registration,type,operator,seats_economy,cargo_kg_max,turnaround_minutes_min\n"
           "A6-BNC,B789,EY,290,16000,75\n";
    std::ofstream(day / "flights.csv")
        << "number,date,origin,destination,scheduled_departure,scheduled_arrival,registration\n"
           "EY283,2026-06-15,BKK,AUH,2026-06-15T02:30Z,2026-06-15T08:55Z,A6-BNC\n"
           "EY283,2026-06-16,BKK,AUH,2026-06-16T02:30Z,2026-06-16T08:55Z,A6-BNC\n";
    const auto imported = ops::import_folder(day, folder_.file("ops.db"));
    ASSERT_TRUE(imported) << imported.error().message;
    database_.emplace(ops::OperationsDatabase::open(folder_.file("ops.db")).value());
  }
  Situation match(std::string_view prompt) {
    Situation situation;
    situation.facts = facts::read_facts(prompt);
    Lookups lookups(situation, *database_);
    match_flight(situation, lookups);
    return situation;
  }

  skymarshal::test::TemporaryFolder folder_;
  std::optional<ops::OperationsDatabase> database_;
};

TEST_F(TwoDays, ANumberOnSeveralDatesNeedsADate) {
  EXPECT_EQ(match("EY283 BKK-AUH is late").database, DatabaseUse::several_dates);
  const Situation situation = match("EY283 of 2026-06-16 is late");
  EXPECT_EQ(situation.database, DatabaseUse::matched);
  EXPECT_EQ(situation.departure->value, test::at("2026-06-16T02:30Z"));
  EXPECT_EQ(situation.departure->source, "operations database, flights: EY283 of 2026-06-16");
  EXPECT_EQ(match("EY283 of 2026-06-17 is late").database, DatabaseUse::no_match);
}

TEST_F(TwoDays, AnotherRouteIsAnotherFlight) {
  EXPECT_EQ(match("EY283 from LHR to AUH on 2026-06-15").database, DatabaseUse::no_match);
  EXPECT_EQ(match("EY283 from BKK to AUH on 2026-06-15").database, DatabaseUse::matched);
}

TEST_F(TwoDays, AirportsOfTheDatabaseComeFirstAndTheTableHelpsOut) {
  Situation situation;
  Lookups lookups(situation, *database_);
  EXPECT_EQ(find_airport("BKK", lookups)->source, "operations database, airports: BKK");
  EXPECT_EQ(find_airport("LHR", lookups)->source, "built-in airports: LHR");
  EXPECT_EQ(find_airport("LHR")->value.time_zone, "Europe/London");
  EXPECT_FALSE(find_airport("XXX", lookups));
}

}  // namespace skymarshal::agents::assessment::flight_match_test

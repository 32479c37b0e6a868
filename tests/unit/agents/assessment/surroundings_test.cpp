#include "agents/assessment/understanding.hpp"
#include "agents/rules/turnaround.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::surroundings_test {

class Surroundings : public testing::Test {
 protected:
  static void SetUpTestSuite() { day_ = new test::SampleDay; }
  static void TearDownTestSuite() {
    delete day_;
    day_ = nullptr;
  }
  static Situation of(std::string_view prompt) { return day_->situation_of(prompt); }

  static test::SampleDay* day_;
};
test::SampleDay* Surroundings::day_ = nullptr;

TEST_F(Surroundings, TheFlightHasItsPassengersAndTheirConnections) {
  const Situation situation = of("EY283 is late");
  EXPECT_EQ(situation.passengers->value, 286);
  EXPECT_EQ(situation.connecting_passengers->value, 51);
  EXPECT_TRUE(situation.bookings_known);
  std::int32_t connecting = 0;
  for (const Connection& connection : situation.connections) {
    connecting += connection.passengers;
    EXPECT_EQ(connection.onward.origin, "AUH");
    EXPECT_EQ(connection.connecting_minutes_min, 60);
    for (const Connection::Seats& later : connection.later) {
      EXPECT_GT(later.flight.scheduled_departure, connection.onward.scheduled_departure);
      EXPECT_GT(later.free, 0);
    }
  }
  EXPECT_EQ(connecting, 51);
}

TEST_F(Surroundings, SpecialPassengersAreCountedFromTheBookings) {
  const Situation situation = of("EY283 is late");
  const auto wheelchair =
      std::find_if(situation.special_passengers.begin(), situation.special_passengers.end(),
                   [](const auto& known) { return known.value.need == facts::SpecialNeed::wheelchair; });
  ASSERT_NE(wheelchair, situation.special_passengers.end());
  EXPECT_GT(wheelchair->value.count, 0);
}

TEST_F(Surroundings, TheAircraftHasItsItemsAndItsRotation) {
  const Situation situation = of("EY283 is late");
  EXPECT_TRUE(situation.items_known);
  ASSERT_EQ(situation.items.size(), 1U);
  EXPECT_EQ(situation.items[0].mel_category, 'C');
  ASSERT_FALSE(situation.onward_flights.empty());
  EXPECT_EQ(situation.onward_flights[0].number, "EY19");
  EXPECT_EQ(situation.previous_flight->number, "EY282");
  EXPECT_EQ(situation.aircraft_type->value->icao, "B789");
}

TEST_F(Surroundings, TheCrewIsThatOfTheFlight) {
  const Situation situation = of("EY283 is late");
  EXPECT_EQ(situation.duty->value.duty.report_airport, "BKK");
  EXPECT_GE(situation.duty->value.pilots(), 2);
}

TEST_F(Surroundings, CandidatesStandAtTheOriginInTime) {
  const Situation situation = of("EY283 is late");
  const auto other =
      std::find_if(situation.candidates.begin(), situation.candidates.end(),
                   [](const SwapCandidate& known) { return known.aircraft.registration == "A6-BND"; });
  ASSERT_NE(other, situation.candidates.end()) << "A6-BND stands at BKK since the day before";
  EXPECT_EQ(other->ready, situation.departure->value);
  EXPECT_EQ(other->own_flights.front().number, "EY407");
  for (const SwapCandidate& candidate : situation.candidates) {
    EXPECT_NE(candidate.aircraft.registration, "A6-BNC");
    EXPECT_LE(candidate.ready, situation.departure->value + std::chrono::hours(12));
  }
}

TEST_F(Surroundings, TheNamedCandidateComesFirst) {
  const Situation situation = of("EY283 is late, swap A6-BNC to A6-BND");
  ASSERT_FALSE(situation.candidates.empty());
  EXPECT_EQ(situation.candidates.front().aircraft.registration, "A6-BND");
}

TEST_F(Surroundings, CargoIsThatOfTheFlight) {
  const Situation situation = of("EY283 is late");
  EXPECT_TRUE(situation.cargo_known);
  EXPECT_EQ(situation.cargo.size(), 4U);
}

TEST(SurroundingsOfADay, AnAircraftWithoutATurnaroundTakesThatOfItsBodyWidth) {
  const skymarshal::test::TemporaryFolder folder;
  const auto day = folder.file("day");
  std::filesystem::create_directory(day);
  std::ofstream(day / "airports.csv")
      << "iata,icao,city,country,time_zone,latitude_deg,longitude_deg\n"
         "BKK,VTBS,Bangkok,TH,Asia/Bangkok,13.68,100.74\nAUH,OMAA,Abu Dhabi,AE,Asia/Dubai,24.44,54.65\n";
  std::ofstream(day / "fleet.csv")
      << "registration,type,operator,seats_economy,cargo_kg_max,turnaround_minutes_min\n"
         "A6-BNC,B789,EY,290,16000,75\nA6-AEA,A320,EY,150,3000,0\n";
  std::ofstream(day / "flights.csv")
      << "number,date,origin,destination,scheduled_departure,scheduled_arrival,registration\n"
         "EY283,2026-06-15,BKK,AUH,2026-06-15T02:30Z,2026-06-15T08:55Z,A6-BNC\n"
         "EY999,2026-06-15,AUH,BKK,2026-06-14T20:00Z,2026-06-15T02:10Z,A6-AEA\n";
  const auto imported = ops::import_folder(day, folder.file("ops.db"));
  ASSERT_TRUE(imported) << imported.error().message;
  auto database = ops::OperationsDatabase::open(folder.file("ops.db")).value();
  const Situation situation = understand(facts::read_facts("EY283 has a hydraulic fault"), &database);
  ASSERT_EQ(situation.candidates.size(), 1U);
  const std::int32_t minutes = rules::assumed_turnaround_minutes(reference::find_aircraft_type("A320"));
  EXPECT_EQ(situation.candidates[0].ready, test::at("2026-06-15T02:10Z") + std::chrono::minutes(minutes));
}

}  // namespace skymarshal::agents::assessment::surroundings_test

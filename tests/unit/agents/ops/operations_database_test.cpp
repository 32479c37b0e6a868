#include "agents/ops/operations_database.hpp"

#include "agents/ops/import.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <numeric>

#include <gtest/gtest.h>

namespace skymarshal::agents::ops::operations_database_test {

constexpr Date the_day(std::chrono::year(2026), std::chrono::June, std::chrono::day(15));

UtcMinutes at(std::string_view text) { return *reference::parse_instant(text); }

class SampleDay : public ::testing::Test {
 protected:
  /// Imported once: these tests only read.
  static OperationsDatabase& database() {
    static OperationsDatabase sample = OperationsDatabase::sample().value();
    return sample;
  }
};

TEST_F(SampleDay, KnowsAirportsOperatorsAndAircraft) {
  const auto sydney = *database().airport("SYD");
  ASSERT_TRUE(sydney);
  EXPECT_EQ(sydney->icao, "YSSY");
  EXPECT_EQ(sydney->time_zone, "Australia/Sydney");
  EXPECT_DOUBLE_EQ(sydney->latitude_deg, -33.9461);
  EXPECT_EQ(sydney->curfew_begin_minute, 23 * 60);
  EXPECT_EQ(sydney->curfew_end_minute, 6 * 60);
  EXPECT_EQ(sydney->night_quota_left, std::nullopt);
  EXPECT_EQ((*database().airport("AUH"))->connecting_minutes_min, 60);
  EXPECT_EQ((*database().operator_of("EY"))->duty_regime, "easa");
  const auto aircraft = *database().aircraft("A6-BNC");
  ASSERT_TRUE(aircraft);
  EXPECT_EQ(aircraft->type, "B789");
  EXPECT_EQ(aircraft->seats(), 290);
  EXPECT_EQ(aircraft->etops_minutes, 180);
}

TEST_F(SampleDay, WhatIsNotThereIsNoError) {
  EXPECT_EQ(database().airport("XXX")->has_value(), false);
  EXPECT_EQ(database().operator_of("LH")->has_value(), false);
  EXPECT_EQ(database().aircraft("D-ABCD")->has_value(), false);
  EXPECT_EQ(database().flight("EY999", the_day)->has_value(), false);
  EXPECT_EQ(database().duty_of("EY999", the_day)->has_value(), false);
  EXPECT_TRUE(database().flights("EY999")->empty());
  EXPECT_TRUE(database().bookings("EY999", the_day)->empty());
  EXPECT_EQ(*database().booked("EY999", the_day), 0);
}

TEST_F(SampleDay, FindsAFlightItsRotationAndItsRoute) {
  const auto flight = *database().flight("EY283", the_day);
  ASSERT_TRUE(flight);
  EXPECT_EQ(flight->origin, "BKK");
  EXPECT_EQ(flight->registration, "A6-BNC");
  EXPECT_EQ(database().flights("EY283")->size(), 1U);

  const auto rotation = *database().rotation("A6-BNC", flight->scheduled_arrival, at("2026-06-17T00:00Z"));
  ASSERT_EQ(rotation.size(), 4U);
  EXPECT_EQ(rotation[0].number, "EY19");
  EXPECT_EQ(rotation[3].number, "EY207");
  // `from` is included, `until` is not.
  const auto departure = rotation[0].scheduled_departure;
  EXPECT_EQ(database().rotation("A6-BNC", departure, departure + std::chrono::minutes(1))->size(), 1U);
  EXPECT_TRUE(database().rotation("A6-BNC", departure, departure)->empty());

  EXPECT_EQ((*database().previous_flight("A6-BNC", flight->scheduled_departure))->number, "EY282");
  EXPECT_EQ((*database().previous_flight("A6-BNC", at("2026-06-14T18:15Z"))), std::nullopt);

  const auto route =
      *database().flights_between("BKK", "AUH", at("2026-06-15T00:00Z"), at("2026-06-16T00:00Z"));
  ASSERT_EQ(route.size(), 3U);
  EXPECT_EQ(route[0].number, "EY283");
  EXPECT_EQ(route[1].number, "EY407");
  EXPECT_EQ(route[2].number, "EY287");
}

TEST_F(SampleDay, FindsTheCrewAndWhoCouldRelieveIt) {
  const auto duty = *database().duty_of("EY332", the_day);
  ASSERT_TRUE(duty);
  EXPECT_EQ(duty->flights.size(), 4U);
  EXPECT_EQ(duty->flights.front().number, "EY371");
  EXPECT_EQ(duty->pilots(), 2);
  ASSERT_EQ(duty->members.size(), 6U);
  EXPECT_EQ(duty->members[0].rank, "CPT");
  EXPECT_EQ(duty->members[1].rank, "FO");
  EXPECT_EQ(duty->members[2].rank, "SCC");
  EXPECT_TRUE(duty->members[0].previous_duty_end);

  const auto standbys = *database().standbys("BKK", at("2026-06-15T02:30Z"));
  ASSERT_EQ(standbys.size(), 1U);
  EXPECT_EQ(standbys[0].duty.call_out_minutes, 60);
  EXPECT_EQ(standbys[0].pilots(), 2);
  // Available from the start on, and no longer at the end.
  EXPECT_EQ(database().standbys("BKK", at("2026-06-15T00:00Z"))->size(), 1U);
  EXPECT_TRUE(database().standbys("BKK", at("2026-06-14T23:59Z"))->empty());
  EXPECT_TRUE(database().standbys("BKK", at("2026-06-15T12:00Z"))->empty());
}

TEST_F(SampleDay, FindsItemsBookingsAndCargo) {
  const auto items = *database().maintenance("A6-BNC");
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].reference, "29-11-01");
  EXPECT_EQ(items[0].mel_category, 'C');
  EXPECT_EQ((*database().maintenance("A6-ETC"))[0].mel_category, 0);
  EXPECT_TRUE((*database().maintenance("A6-ETC"))[0].grounding);

  EXPECT_EQ(*database().booked("EY283", the_day), 286);
  const auto bookings = *database().bookings("EY283", the_day);
  const auto connecting =
      std::accumulate(bookings.begin(), bookings.end(), 0, [](std::int32_t sum, const Booking& booking) {
        return sum + (booking.onward_flight.empty() ? 0 : booking.passengers);
      });
  EXPECT_EQ(connecting, 51);

  const auto cargo = *database().cargo("EY283", the_day);
  ASSERT_EQ(cargo.size(), 4U);
  EXPECT_EQ(cargo[0].kind, "pharma");
  EXPECT_EQ(cargo[0].celsius_min, 2);
  EXPECT_EQ(cargo[0].good_until, at("2026-06-15T14:00Z"));
  EXPECT_EQ(cargo[3].good_until, std::nullopt);
}

TEST_F(SampleDay, IsAWholeDayOfAHub) {
  EXPECT_GE(database().fleet("EY")->size(), 20U);
  EXPECT_TRUE(database().fleet("LH")->empty());
}

TEST(OperationsDatabase, RefusesWhatIsNotThereOrNotOurs) {
  const test::TemporaryFolder folder;
  const auto absent = OperationsDatabase::open(folder.file("absent.db"));
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, Errc::store_unavailable);
  EXPECT_NE(absent.error().message.find("skymarshal ops import"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder.file("absent.db")));

  std::ofstream(folder.file("empty.db")).flush();
  EXPECT_FALSE(OperationsDatabase::open(folder.file("empty.db")));
  std::ofstream(folder.file("text.db")) << std::string(8'192, 'x');
  EXPECT_FALSE(OperationsDatabase::open(folder.file("text.db")));
}

TEST(OperationsDatabase, ASnapshotSeesOneStateWhileAnImportReplacesTheData) {
  const test::TemporaryFolder folder;
  const auto path = folder.file("ops.db");
  ASSERT_TRUE(import_sample(path));
  auto reader = OperationsDatabase::open(path);
  ASSERT_TRUE(reader);
  ASSERT_TRUE(reader->begin_snapshot());
  EXPECT_TRUE(reader->begin_snapshot());
  ASSERT_EQ(*reader->booked("EY283", the_day), 286);

  const auto csv = folder.file("csv");
  std::filesystem::create_directory(csv);
  std::ofstream(csv / "airports.csv") << "iata,icao,city,country,time_zone,latitude_deg,longitude_deg\n";
  std::ofstream(csv / "fleet.csv")
      << "registration,type,operator,cargo_kg_max,turnaround_minutes_min\nA6-BNC,B789,EY,16000,75\n";
  std::ofstream(csv / "flights.csv")
      << "number,date,origin,destination,scheduled_departure,scheduled_arrival,registration\n"
         "EY283,2026-06-15,BKK,AUH,2026-06-15T03:30Z,2026-06-15T09:55Z,A6-BNC\n";
  const auto imported = import_folder(csv, path);
  ASSERT_TRUE(imported) << imported.error().message;

  EXPECT_EQ(*reader->booked("EY283", the_day), 286);
  EXPECT_EQ((*reader->flight("EY283", the_day))->scheduled_departure, at("2026-06-15T02:30Z"));
  ASSERT_TRUE(reader->end_snapshot());
  EXPECT_TRUE(reader->end_snapshot());
  EXPECT_EQ(*reader->booked("EY283", the_day), 0);
  EXPECT_EQ((*reader->flight("EY283", the_day))->scheduled_departure, at("2026-06-15T03:30Z"));
}

TEST(OperationsDatabase, ANewSnapshotSeesAnotherFileInThePlaceOfTheOld) {
  const test::TemporaryFolder folder;
  const auto path = folder.file("ops.db");
  ASSERT_TRUE(import_sample(path));
  auto reader = OperationsDatabase::open(path);
  ASSERT_TRUE(reader);
  std::filesystem::remove(path);
  ASSERT_TRUE(reader->begin_snapshot()) << "what was open is read on";
  EXPECT_EQ(*reader->booked("EY283", the_day), 286);
  ASSERT_TRUE(reader->end_snapshot());

  std::ofstream(path).flush();
  EXPECT_FALSE(reader->begin_snapshot()) << "nothing is in it";
  ASSERT_TRUE(import_sample(path));
  {
    auto writer = SqliteDatabase::open(path, {});
    ASSERT_TRUE(writer->execute("DELETE FROM bookings"));
  }
  ASSERT_TRUE(reader->begin_snapshot());
  EXPECT_EQ(*reader->booked("EY283", the_day), 0);
}

TEST(OperationsDatabase, KnowsEveryDateOfAFlight) {
  const test::TemporaryFolder folder;
  const auto path = folder.file("ops.db");
  ASSERT_TRUE(import_sample(path));
  {
    auto writer = SqliteDatabase::open(path, {});
    ASSERT_TRUE(writer->execute(
        "WITH RECURSIVE later(days) AS (SELECT 1 UNION ALL SELECT days + 1 FROM later WHERE days < 365) "
        "INSERT INTO flights SELECT number, date + days, origin, destination, "
        "scheduled_departure + 1440 * days, scheduled_arrival + 1440 * days, registration, NULL, NULL "
        "FROM flights, later WHERE number = 'EY283'"));
  }
  EXPECT_EQ(OperationsDatabase::open(path)->flights("EY283")->size(), 366U);
}

}  // namespace skymarshal::agents::ops::operations_database_test

#include "agents/ops/references.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::ops::references_test {

/// A small day without a problem: EY283 and EY19 on A6-BNC, a crew, a standby, a booking, a consignment.
Files small_day() {
  return {
      {"airports.csv",
       "iata,icao,city,country,time_zone,latitude_deg,longitude_deg,curfew_begin,curfew_end\n"
       "AUH,OMAA,Abu Dhabi,AE,Asia/Dubai,24.4438,54.6517,,\n"},
      {"fleet.csv",
       "registration,type,operator,cargo_kg_max,turnaround_minutes_min\nA6-BNC,B789,EY,16000,75\n"},
      {"flights.csv",
       "number,date,origin,destination,scheduled_departure,scheduled_arrival,registration\n"
       "EY283,2026-06-15,BKK,AUH,2026-06-15T02:30Z,2026-06-15T08:55Z,A6-BNC\n"
       "EY19,2026-06-15,AUH,LHR,2026-06-15T10:45Z,2026-06-15T17:50Z,A6-BNC\n"},
      {"crew.csv",
       "id,rank,base,types,duty_7_days,duty_14_days,duty_28_days,flight_28_days,flight_calendar_year,"
       "flight_12_months\nC1,CPT,AUH,B789,0,0,0,0,0,0\n"},
      {"duties.csv",
       "id,kind,report_airport,report,standby_until\nD1,flight,BKK,2026-06-15T01:30Z,\n"
       "S1,standby,AUH,2026-06-15T00:00Z,2026-06-15T12:00Z\n"},
      {"duty_flights.csv", "duty,flight,date\nD1,EY283,2026-06-15\n"},
      {"rosters.csv", "duty,crew_member\nD1,C1\n"},
      {"maintenance.csv",
       "registration,reference,ata_chapter,description,mel_category,discovered,interval_days\n"
       "A6-BNC,29-11-01,29,Pump,C,2026-06-12,\n"},
      {"bookings.csv",
       "id,flight,date,cabin,passengers,onward_flight,onward_date,final_destination\n"
       "B1,EY283,2026-06-15,economy,2,EY19,2026-06-15,LHR\nB2,EY283,2026-06-15,economy,2,,,AUH\n"},
      {"cargo.csv",
       "waybill,flight,date,kind,weight_kg,celsius_min,celsius_max,un_number,for_registration\n"
       "W1,EY283,2026-06-15,pharma,10,2,8,,\nW2,EY283,2026-06-15,dangerous_goods,10,,,UN1845,\n"},
  };
}

std::string problems_of(const Files& files) {
  Problems problems;
  const Sheets sheets = read_sheets(files, {}, problems);
  EXPECT_TRUE(problems.none()) << problems.as_error().message;
  check_references(sheets, problems);
  return problems.none() ? "" : problems.as_error().message;
}

/// The small day with `from` replaced by `to` in one file.
std::string problems_with(const std::string& file, const std::string& from, const std::string& to) {
  Files files = small_day();
  std::string& content = files[file];
  const std::size_t found = content.find(from);
  EXPECT_NE(found, std::string::npos) << from;
  content.replace(found, from.size(), to);
  return problems_of(files);
}

TEST(References, AcceptsADayThatFitsTogetherWithAirportsOfTheBuiltInTable) {
  EXPECT_EQ(problems_of(small_day()), "");
}

TEST(References, NamesWhatIsNowhere) {
  EXPECT_EQ(problems_with("flights.csv", "BKK,AUH", "BKK,XXX").substr(0, 68),
            "flights.csv:2: destination: XXX is in no row of airports.csv\nbooking");
  EXPECT_EQ(problems_with("fleet.csv", ",EY,", ",Q9,"),
            "fleet.csv:2: operator: Q9 is in no row of operators.csv");
  EXPECT_EQ(problems_with("maintenance.csv", "A6-BNC", "A6-XXX"),
            "maintenance.csv:2: registration: A6-XXX is in no row of fleet.csv");
  EXPECT_EQ(problems_with("rosters.csv", "D1,C1", "D2,C2"),
            "rosters.csv:2: duty: D2 is in no row of duties.csv\n"
            "rosters.csv:2: crew_member: C2 is in no row of crew.csv");
  EXPECT_EQ(problems_with("duty_flights.csv", "2026-06-15", "2026-06-16"),
            "duty_flights.csv:2: flight: EY283 of 2026-06-16 is in no row of flights.csv");
  EXPECT_EQ(problems_with("cargo.csv", "2,8,,", "2,8,,A6-XXX"),
            "cargo.csv:2: for_registration: A6-XXX is in no row of fleet.csv");
  EXPECT_EQ(problems_with("crew.csv", "CPT,AUH", "CPT,XXX"),
            "crew.csv:2: base: XXX is in no row of airports.csv");
}

TEST(References, NamesWhatIsThereTwice) {
  EXPECT_EQ(problems_with("fleet.csv", "75\n", "75\nA6-BNC,B789,EY,16000,75\n"),
            "fleet.csv:3: registration: A6-BNC is already in line 2");
  EXPECT_EQ(problems_with("duty_flights.csv", "-15\n", "-15\nD1,EY283,2026-06-15\n"),
            "duty_flights.csv:3: flight: EY283 of 2026-06-15 is already in line 2");
  EXPECT_EQ(problems_with("bookings.csv", "B2", "B1"), "bookings.csv:3: id: B1 is already in line 2");
  EXPECT_EQ(problems_with("cargo.csv", "W2", "W1"),
            "cargo.csv:3: waybill: W1 on EY283 of 2026-06-15 is already in line 2");
}

TEST(References, FlightsArePossible) {
  EXPECT_NE(
      problems_with("flights.csv", "EY19,2026-06-15", "EY19,2026-06-16")
          .find("flights.csv:3: date: 2026-06-16 is not the local date of the departure at AUH, 2026-06-15"),
      std::string::npos);
  EXPECT_NE(problems_with("flights.csv", "T17:50Z", "T10:45Z").find("scheduled_arrival: is not after"),
            std::string::npos);
  EXPECT_NE(problems_with("flights.csv", "2026-06-15T17:50Z", "2026-06-16T10:46Z").find("more than 24 hours"),
            std::string::npos);
  EXPECT_NE(problems_with("flights.csv", "AUH,LHR", "AUH,AUH").find("destination: is the origin"),
            std::string::npos);
  EXPECT_EQ(problems_with("flights.csv", "08:55Z", "10:46Z"),
            "bookings.csv:2: onward_flight: EY19 leaves before EY283 arrives\n"
            "flights.csv:3: registration: A6-BNC has not landed as EY283 when EY19 departs");
}

TEST(References, DutiesArePossible) {
  EXPECT_EQ(problems_with("duties.csv", "T01:30Z", "T02:31Z"),
            "duty_flights.csv:2: duty: D1 begins after the departure of EY283");
  EXPECT_EQ(problems_with("duty_flights.csv", "D1", "S1"), "duty_flights.csv:2: duty: S1 is a standby");
  EXPECT_EQ(problems_with("duties.csv", "2026-06-15T12:00Z", ""),
            "duties.csv:3: standby_until: is empty: a standby ends at some time");
  EXPECT_EQ(problems_with("duties.csv", "01:30Z,", "01:30Z,2026-06-15T12:00Z"),
            "duties.csv:2: standby_until: is for standbys only");
  EXPECT_EQ(problems_with("duties.csv", "T12:00Z", "T00:00Z"),
            "duties.csv:3: standby_until: is not after the start of the standby");
}

TEST(References, ItemsHaveTheFieldsOfTheirCategory) {
  EXPECT_NE(problems_with("maintenance.csv", "Pump,C", "Pump,A").find("interval_days: is empty"),
            std::string::npos);
  EXPECT_NE(problems_with("maintenance.csv", "2026-06-12,", "2026-06-12,10").find("for category A only"),
            std::string::npos);
  EXPECT_NE(problems_with("maintenance.csv", "29-11-01", "").find("reference: is empty"), std::string::npos);
}

TEST(References, JourneysHangTogether) {
  EXPECT_NE(problems_with("bookings.csv", "EY19,2026-06-15", "EY19,").find("go together"), std::string::npos);
  EXPECT_NE(problems_with("bookings.csv", "EY19,2026-06-15", "EY283,2026-06-15")
                .find("EY283 leaves from BKK, not from AUH"),
            std::string::npos);
  EXPECT_EQ(problems_with("bookings.csv", ",,,AUH", ",,,LHR"),
            "bookings.csv:3: final_destination: LHR is not where EY283 goes, and there is no onward flight");
}

TEST(References, CargoAndCurfewsMakeSense) {
  EXPECT_EQ(problems_with("cargo.csv", "UN1845", ""),
            "cargo.csv:3: un_number: is empty: dangerous goods have one");
  EXPECT_EQ(problems_with("cargo.csv", "2,8,,", "2,8,UN1845,"),
            "cargo.csv:2: un_number: is for dangerous_goods only");
  EXPECT_EQ(problems_with("cargo.csv", "2,8,,", "9,8,,"), "cargo.csv:2: celsius_min: is above celsius_max");
  EXPECT_EQ(problems_with("airports.csv", "54.6517,,", "54.6517,23:00,"),
            "airports.csv:2: curfew_begin: curfew_begin and curfew_end go together: write both or none");
  EXPECT_EQ(problems_with("airports.csv", "54.6517,,", "54.6517,23:00,23:00"),
            "airports.csv:2: curfew_begin: the curfew begins when it ends");
}

}  // namespace skymarshal::agents::ops::references_test

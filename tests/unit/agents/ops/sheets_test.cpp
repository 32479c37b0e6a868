#include "agents/ops/sheets.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::ops::sheets_test {

constexpr const char* airports_header = "iata,icao,city,country,time_zone,latitude_deg,longitude_deg";

/// Enough for no problem; a test then adds its own.
Files least_files() {
  return {
      {"airports.csv", std::string(airports_header) + "\n"},
      {"fleet.csv", "registration,type,operator,cargo_kg_max,turnaround_minutes_min\n"},
      {"flights.csv", "number,date,origin,destination,scheduled_departure,scheduled_arrival,registration\n"}};
}

struct Outcome {
  Sheets sheets;
  std::string problems;
};

Outcome read(const Files& files, SheetLimits limits = {}) {
  Problems problems;
  Sheets sheets = read_sheets(files, limits, problems);
  return {std::move(sheets), problems.none() ? "" : problems.as_error().message};
}

Outcome read_with(const std::string& name, const std::string& content) {
  Files files = least_files();
  files[name] = content;
  return read(files);
}

TEST(Sheets, ReadsRowsWithTheirLinesAndDefaults) {
  const Outcome outcome =
      read_with("airports.csv", std::string(airports_header) +
                                    "\nAUH,OMAA,Abu Dhabi,AE,Asia/Dubai,24.4438,54.6517\n\n"
                                    "BKK,VTBS,\"Bangkok, BKK\",TH,Asia/Bangkok,13.7,100.7\n");
  EXPECT_EQ(outcome.problems, "");
  const auto& airports = sheet_of<Airport>(outcome.sheets);
  ASSERT_EQ(airports.rows.size(), 2U);
  EXPECT_EQ(airports.rows[1].city, "Bangkok, BKK");
  EXPECT_EQ(airports.rows[1].curfew_begin_minute, std::nullopt);
  EXPECT_EQ(airports.lines, (std::vector<std::size_t>{2, 4}));
}

TEST(Sheets, FindsColumnsByTheirNamesInAnyOrder) {
  const Outcome outcome = read_with("operators.csv", "country,name,designator\nAE,Etihad Airways,EY\n");
  EXPECT_EQ(outcome.problems, "");
  EXPECT_EQ(sheet_of<Operator>(outcome.sheets).rows.at(0).designator, "EY");
  EXPECT_EQ(sheet_of<Operator>(outcome.sheets).rows.at(0).duty_regime, "");
}

TEST(Sheets, RefusesUnknownDoubleAndMissingColumnsByName) {
  EXPECT_EQ(
      read_with("operators.csv", "designator,name,country,colour\n").problems,
      "operators.csv:1: 'colour' is no column of this file; it has designator, name, country, duty_regime");
  EXPECT_EQ(read_with("operators.csv", "designator,name\n").problems,
            "operators.csv:1: country: the column is missing");
  EXPECT_EQ(read_with("operators.csv", "designator,name,country,name\n").problems,
            "operators.csv:1: name: the column stands there twice");
}

TEST(Sheets, NamesFileLineAndColumnOfAWrongCell) {
  EXPECT_EQ(read_with("operators.csv", "designator,name,country\nEY,Etihad Airways,AE\nEY,,uae\n").problems,
            "operators.csv:3: name: is empty: write a text of at most 400 bytes without control characters\n"
            "operators.csv:3: country: 'uae' is not an ISO 3166-1 country code of two capitals");
  const std::string row = "AUH,OMAA,Abu Dhabi,AE,Asia/Abu_Dhabi,24.4,54.6\n";
  EXPECT_EQ(read_with("airports.csv", std::string(airports_header) + "\r\n" + row).problems,
            "airports.csv:2: time_zone: 'Asia/Abu_Dhabi' is not a time zone of the IANA database");
  EXPECT_EQ(read_with("operators.csv", "designator,name,country\nEY,Etihad Airways\n").problems,
            "operators.csv:2: 2 cells where the first line names 3");
}

TEST(Sheets, ShowsNoControlCharactersAndOnlyTheBeginningOfACell) {
  EXPECT_EQ(read_with("operators.csv", "designator,name,country\nEY,x,\x1b[2J\n").problems,
            "operators.csv:2: country: the cell is not an ISO 3166-1 country code of two capitals");
  const std::string problems =
      read_with("operators.csv", "designator,name,country\nEY,x," + std::string(39, 'x') + "ééé\n").problems;
  EXPECT_NE(problems.find("'" + std::string(39, 'x') + "…'"), std::string::npos) << problems;
}

TEST(Sheets, RefusesMissingEmptyBrokenAndUnknownFiles) {
  Files files = least_files();
  files.erase("flights.csv");
  EXPECT_EQ(read(files).problems, "flights.csv: is missing");
  EXPECT_NE(read_with("fleet.csv", "").problems.find("fleet.csv: is empty"), std::string::npos);
  EXPECT_EQ(read_with("operators.csv", "designator,name,country\nEY,\"x,AE\n").problems,
            "operators.csv:2: a quoted cell is not closed");
  EXPECT_NE(read_with("booking.csv", "id\n").problems.find("booking.csv: is no file of an import"),
            std::string::npos);
}

TEST(Sheets, KeepsItsLimits) {
  Files files = least_files();
  files["operators.csv"] = "designator,name,country\nEY,x,AE\nEK,x,AE\n";
  EXPECT_EQ(read(files, {.rows_max = 2}).problems, "");
  EXPECT_EQ(read(files, {.rows_max = 1}).problems, "operators.csv:3: more than 1 rows");
  EXPECT_NE(read(files, {.file_bytes_max = 39}).problems.find("operators.csv: is larger than 39 bytes"),
            std::string::npos);
}

RC_GTEST_PROP(Sheets, EndsOnAnyBytes, (const std::string& noise)) {
  Files files = least_files();
  files["flights.csv"] += noise;
  files["cargo.csv"] = noise;
  read(files);
}

TEST(Problems, NamesFileLineAndColumn) {
  Problems problems;
  EXPECT_TRUE(problems.none());
  problems.add("flights.csv", 12, "destination", "XXX is in no row of airports.csv");
  problems.add("flights.csv", 13, "", "7 cells where the first line names 8");
  problems.add_file("airports.csv", "is missing");
  EXPECT_FALSE(problems.none());
  EXPECT_EQ(problems.as_error().code, Errc::invalid_request);
  EXPECT_EQ(problems.as_error().message,
            "flights.csv:12: destination: XXX is in no row of airports.csv\n"
            "flights.csv:13: 7 cells where the first line names 8\n"
            "airports.csv: is missing");
}

TEST(Problems, NamesTwentyAndCountsTheRest) {
  Problems problems;
  for (std::size_t line = 1; line <= 23; ++line) problems.add("crew.csv", line, "rank", "is empty");
  const std::string message = problems.as_error().message;
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 20);
  EXPECT_NE(message.find("crew.csv:20:"), std::string::npos);
  EXPECT_EQ(message.find("crew.csv:21:"), std::string::npos);
  EXPECT_TRUE(message.ends_with("\nand 3 more"));
}

}  // namespace skymarshal::agents::ops::sheets_test

#include "cli/ops_text.hpp"

#include "base/json_reader.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::ops_text_test {

FlightView view_of(const std::string& number, const std::string& date = "2026-06-15") {
  auto database = agents::ops::OperationsDatabase::sample();
  auto flight = database->flight(number, *agents::reference::parse_date(date));
  auto view = collect_flight(*database, std::move(flight.value().value()));
  return std::move(view.value());
}

TEST(OpsText, SaysWhatHangsOnAFlight) {
  const std::string text = flight_text(view_of("EY283"), 200);
  for (const char* const line : {
           "EY283       of 2026-06-15, BKK to AUH\n",
           "departs     2026-06-15 09:30 (02:30 UTC)\n",
           "arrives     2026-06-15 12:55 (08:55 UTC)\n",
           "aircraft    A6-BNC, B789, 290 seats (0 first, 28 business, 262 economy)",
           "  item      MEL 29-11-01 category C, ATA 29, since 2026-06-12: ",
           "before      EY282 AUH-BKK ",
           "then        EY19 AUH-LHR 2026-06-15T10:45Z to ",
           "crew        D-EY283: 2 pilots and 9 in the cabin, report at BKK 2026-06-15T01:30Z, for EY283\n",
           "booked      286 passengers; 51 connect: 8 EY1, 6 EY131, 14 EY19, ",
           "pharma, 1200 kg, 2 to 8 °C, good until 2026-06-15T14:00Z\n",
           "UN1845 class 9\n",
       })
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  EXPECT_NE(flight_text(view_of("EY31"), 200).find("slot        not after 2026-06-15T12:00Z"),
            std::string::npos);
  EXPECT_NE(flight_text(view_of("EY429"), 200).find("not deferred, ATA 73"), std::string::npos);
}

TEST(OpsText, AFlightOfWhichNothingElseIsKnownIsShownToo) {
  FlightView view;
  view.flight.number = "EY1";
  view.flight.date = *agents::reference::parse_date("2026-06-15");
  view.flight.origin = "XXA";
  view.flight.destination = "XXB";
  view.flight.scheduled_departure = *agents::reference::parse_instant("2026-06-15T05:00Z");
  view.flight.scheduled_arrival = *agents::reference::parse_instant("2026-06-15T06:00Z");
  view.flight.registration = "A6-XXX";
  const std::string text = flight_text(view, 100);
  EXPECT_NE(text.find("departs     2026-06-15T05:00Z\n"), std::string::npos) << text;
  EXPECT_NE(text.find("aircraft    A6-XXX\n"), std::string::npos);
  EXPECT_NE(text.find("crew        nobody is rostered\n"), std::string::npos);
  EXPECT_NE(text.find("booked      0 passengers\n"), std::string::npos);
}

TEST(OpsText, JsonHoldsEverythingOnOneLine) {
  std::string json = flight_json(view_of("EY283"));
  EXPECT_EQ(json.find('\n'), std::string::npos);
  const auto members = json_object(pad_json(json));
  for (const char* const key : {"flight", "aircraft", "maintenance", "previous_flight", "onward_flights",
                                "duty", "bookings", "cargo"})
    EXPECT_TRUE(members.find(key)) << key;
  EXPECT_NE(json.find(R"("celsius_min":2,"celsius_max":8,"good_until":"2026-06-15T14:00Z")"),
            std::string::npos);
  EXPECT_NE(json.find(R"("mel_category":"C")"), std::string::npos);
  std::string other = flight_json(view_of("EY424"));
  EXPECT_NE(other.find(R"("for_registration":"A6-ETC")"), std::string::npos);
}

TEST(OpsText, AnImportIsALineAFile) {
  agents::ops::ImportReport report;
  report.rows = {{"airports.csv", 28}, {"operators.csv", 1}};
  EXPECT_EQ(import_text(report), "airports.csv      28 rows\noperators.csv     1 row\n");
}

}  // namespace skymarshal::cli::ops_text_test

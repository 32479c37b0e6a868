// Which columns a CSV file and its table have, which field of a record each one is, and what its cells may
// hold. The one place that says so: reading, checking, storing and loading all follow it. Constant.
#pragma once

#include "agents/ops/cells.hpp"
#include "agents/ops/records.hpp"
#include "agents/reference/calendar.hpp"

#include <string_view>
#include <tuple>

namespace skymarshal::agents::ops {

enum class Need {
  /// The column must be there and every cell filled.
  required,
  /// Column and cells may be absent; the field then keeps its default.
  optional,
};

template <typename Row, typename Field>
struct Column {
  std::string_view name;
  Field Row::* field;
  CellRule rule;
  Need need = Need::required;
};

/// An integer from `min` to `max`.
constexpr CellRule whole(std::string_view expected, double min, double max) {
  return {.expected = expected, .min = min, .max = max};
}
constexpr CellRule text(std::string_view expected, bool (*valid)(std::string_view)) {
  return {.expected = expected, .valid = valid};
}

namespace cell {
inline constexpr CellRule airport = text("an IATA airport code of three capitals", is_iata_airport);
inline constexpr CellRule icao = text("an ICAO airport code of four letters", is_icao_airport);
inline constexpr CellRule country = text("an ISO 3166-1 country code of two capitals", is_country);
inline constexpr CellRule zone = text("a time zone of the IANA database", reference::is_time_zone);
inline constexpr CellRule operator_code = text("an IATA airline designator of two characters", is_designator);
inline constexpr CellRule flight = text("a flight number such as EY283", is_flight_number);
inline constexpr CellRule registration = text("a registration such as A6-BNC", is_registration);
inline constexpr CellRule type = text("an ICAO type designator such as B789", is_type);
inline constexpr CellRule types = text("ICAO type designators with a space between", is_type_list);
inline constexpr CellRule un_number = text("a UN number such as UN3480", is_un_number);
inline constexpr CellRule id = text("an id of at most 40 letters, digits, '-', '_', '.' or '/'", is_id);
inline constexpr CellRule words = text("a text of at most 400 bytes without control characters", nullptr);
inline constexpr CellRule date = {.expected = "a date such as 2026-06-15"};
inline constexpr CellRule instant = {.expected = "an instant in UTC such as 2026-06-15T05:30Z"};
inline constexpr CellRule yes_or_no = {.expected = "true or false"};
inline constexpr CellRule clock = {.expected = "a local time such as 23:00", .format = CellFormat::clock};
inline constexpr CellRule latitude = whole("degrees from -90 to 90", -90, 90);
inline constexpr CellRule longitude = whole("degrees from -180 to 180", -180, 180);
inline constexpr CellRule day_minutes = whole("minutes from 0 to 1440", 0, 1'440);
inline constexpr CellRule week_minutes = whole("minutes from 0 to 10080", 0, 10'080);
inline constexpr CellRule month_minutes = whole("minutes from 0 to 40320", 0, 40'320);
inline constexpr CellRule year_minutes = whole("minutes from 0 to 527040", 0, 527'040);
inline constexpr CellRule count = whole("a number from 0 to 1000", 0, 1'000);
inline constexpr CellRule some = whole("a number from 1 to 1000", 1, 1'000);
inline constexpr CellRule kilograms = whole("kilograms from 0 to 200000", 0, 200'000);
inline constexpr CellRule some_kilograms = whole("kilograms from 1 to 200000", 1, 200'000);
inline constexpr CellRule celsius = whole("degrees Celsius from -200 to 100", -200, 100);
inline constexpr CellRule rest_class = whole("a class from 1 to 3, or 0 for none", 0, 3);
inline constexpr CellRule ata = whole("an ATA chapter from 0 to 99", 0, 99);
inline constexpr CellRule days = whole("days from 0 to 365", 0, 365);
inline constexpr CellRule etops = whole("minutes from 0 to 370", 0, 370);
inline constexpr CellRule regime =
    text("easa or faa117", [](std::string_view value) { return value == "easa" || value == "faa117"; });
inline constexpr CellRule rank = text("CPT, FO, SCC or CC", [](std::string_view value) {
  return value == "CPT" || value == "FO" || value == "SCC" || value == "CC";
});
inline constexpr CellRule duty_kind =
    text("flight or standby", [](std::string_view value) { return value == "flight" || value == "standby"; });
inline constexpr CellRule mel =
    text("A, B, C or D", [](std::string_view value) { return value.front() >= 'A' && value.front() <= 'D'; });
inline constexpr CellRule cabin = text("first, business or economy", [](std::string_view value) {
  return value == "first" || value == "business" || value == "economy";
});
inline constexpr CellRule need =
    text("wheelchair, stretcher, unaccompanied_minor, medical, infant, sensory, deportee or vip",
         [](std::string_view value) {
           return value == "wheelchair" || value == "stretcher" || value == "unaccompanied_minor" ||
                  value == "medical" || value == "infant" || value == "sensory" || value == "deportee" ||
                  value == "vip";
         });
inline constexpr CellRule cargo_kind = text(
    "general, pharma, perishables, live_animals, dangerous_goods or aog_parts", [](std::string_view value) {
      return value == "general" || value == "pharma" || value == "perishables" || value == "live_animals" ||
             value == "dangerous_goods" || value == "aog_parts";
    });
}  // namespace cell

/// `file`: the CSV file; `insert`: the statement that stores a row; `columns`: in the order of the table.
template <typename Row>
struct Table;

template <>
struct Table<Airport> {
  static constexpr std::string_view name = "airports";
  static constexpr std::string_view file = "airports.csv";
  static constexpr std::string_view insert = "INSERT INTO airports VALUES (?,?,?,?,?,?,?,?,?,?,?)";
  static constexpr bool must_exist = true;
  static constexpr std::tuple columns = {
      Column{"iata", &Airport::iata, cell::airport},
      Column{"icao", &Airport::icao, cell::icao},
      Column{"city", &Airport::city, cell::words},
      Column{"country", &Airport::country, cell::country},
      Column{"time_zone", &Airport::time_zone, cell::zone},
      Column{"latitude_deg", &Airport::latitude_deg, cell::latitude},
      Column{"longitude_deg", &Airport::longitude_deg, cell::longitude},
      Column{"curfew_begin", &Airport::curfew_begin_minute, cell::clock, Need::optional},
      Column{"curfew_end", &Airport::curfew_end_minute, cell::clock, Need::optional},
      Column{"night_quota_left", &Airport::night_quota_left, cell::count, Need::optional},
      Column{"connecting_minutes_min", &Airport::connecting_minutes_min, cell::day_minutes, Need::optional},
  };
};

template <>
struct Table<Operator> {
  static constexpr std::string_view name = "operators";
  static constexpr std::string_view file = "operators.csv";
  static constexpr std::string_view insert = "INSERT INTO operators VALUES (?,?,?,?)";
  static constexpr bool must_exist = false;
  static constexpr std::tuple columns = {
      Column{"designator", &Operator::designator, cell::operator_code},
      Column{"name", &Operator::name, cell::words},
      Column{"country", &Operator::country, cell::country},
      Column{"duty_regime", &Operator::duty_regime, cell::regime, Need::optional},
  };
};

template <>
struct Table<Aircraft> {
  static constexpr std::string_view name = "fleet";
  static constexpr std::string_view file = "fleet.csv";
  static constexpr std::string_view insert = "INSERT INTO fleet VALUES (?,?,?,?,?,?,?,?,?,?)";
  static constexpr bool must_exist = true;
  static constexpr std::tuple columns = {
      Column{"registration", &Aircraft::registration, cell::registration},
      Column{"type", &Aircraft::type, cell::type},
      Column{"operator", &Aircraft::operator_designator, cell::operator_code},
      Column{"seats_first", &Aircraft::seats_first, cell::count, Need::optional},
      Column{"seats_business", &Aircraft::seats_business, cell::count, Need::optional},
      Column{"seats_economy", &Aircraft::seats_economy, cell::count, Need::optional},
      Column{"cargo_kg_max", &Aircraft::cargo_kg_max, cell::kilograms},
      Column{"etops_minutes", &Aircraft::etops_minutes, cell::etops, Need::optional},
      Column{"rest_facility", &Aircraft::rest_facility, cell::rest_class, Need::optional},
      Column{"turnaround_minutes_min", &Aircraft::turnaround_minutes_min, cell::day_minutes},
  };
};

template <>
struct Table<Flight> {
  static constexpr std::string_view name = "flights";
  static constexpr std::string_view file = "flights.csv";
  static constexpr std::string_view insert = "INSERT INTO flights VALUES (?,?,?,?,?,?,?,?,?)";
  static constexpr bool must_exist = true;
  static constexpr std::tuple columns = {
      Column{"number", &Flight::number, cell::flight},
      Column{"date", &Flight::date, cell::date},
      Column{"origin", &Flight::origin, cell::airport},
      Column{"destination", &Flight::destination, cell::airport},
      Column{"scheduled_departure", &Flight::scheduled_departure, cell::instant},
      Column{"scheduled_arrival", &Flight::scheduled_arrival, cell::instant},
      Column{"registration", &Flight::registration, cell::registration},
      Column{"slot_latest", &Flight::slot_latest, cell::instant, Need::optional},
      Column{"overflight_until", &Flight::overflight_until, cell::instant, Need::optional},
  };
};

template <>
struct Table<CrewMember> {
  static constexpr std::string_view name = "crew";
  static constexpr std::string_view file = "crew.csv";
  static constexpr std::string_view insert = "INSERT INTO crew VALUES (?,?,?,?,?,?,?,?,?,?,?,?)";
  static constexpr bool must_exist = false;
  static constexpr std::tuple columns = {
      Column{"id", &CrewMember::id, cell::id},
      Column{"rank", &CrewMember::rank, cell::rank},
      Column{"base", &CrewMember::base, cell::airport},
      Column{"types", &CrewMember::types, cell::types},
      Column{"duty_7_days", &CrewMember::duty_7_days, cell::week_minutes},
      Column{"duty_14_days", &CrewMember::duty_14_days, cell::month_minutes},
      Column{"duty_28_days", &CrewMember::duty_28_days, cell::month_minutes},
      Column{"flight_28_days", &CrewMember::flight_28_days, cell::month_minutes},
      Column{"flight_calendar_year", &CrewMember::flight_calendar_year, cell::year_minutes},
      Column{"flight_12_months", &CrewMember::flight_12_months, cell::year_minutes},
      Column{"previous_duty", &CrewMember::previous_duty, cell::week_minutes, Need::optional},
      Column{"previous_duty_end", &CrewMember::previous_duty_end, cell::instant, Need::optional},
  };
};

template <>
struct Table<Duty> {
  static constexpr std::string_view name = "duties";
  static constexpr std::string_view file = "duties.csv";
  static constexpr std::string_view insert = "INSERT INTO duties VALUES (?,?,?,?,?,?,?,?,?)";
  static constexpr bool must_exist = false;
  static constexpr std::tuple columns = {
      Column{"id", &Duty::id, cell::id},
      Column{"kind", &Duty::kind, cell::duty_kind},
      Column{"report_airport", &Duty::report_airport, cell::airport},
      Column{"report", &Duty::report, cell::instant},
      Column{"standby_until", &Duty::standby_until, cell::instant, Need::optional},
      Column{"call_out_minutes", &Duty::call_out_minutes, cell::day_minutes, Need::optional},
      Column{"acclimatised_to", &Duty::acclimatised_to, cell::airport, Need::optional},
      Column{"split_break_minutes", &Duty::split_break_minutes, cell::day_minutes, Need::optional},
      Column{"planned_extension", &Duty::planned_extension, cell::yes_or_no, Need::optional},
  };
};

template <>
struct Table<DutyFlight> {
  static constexpr std::string_view name = "duty_flights";
  static constexpr std::string_view file = "duty_flights.csv";
  static constexpr std::string_view insert = "INSERT INTO duty_flights VALUES (?,?,?)";
  static constexpr bool must_exist = false;
  static constexpr std::tuple columns = {
      Column{"duty", &DutyFlight::duty, cell::id},
      Column{"flight", &DutyFlight::flight, cell::flight},
      Column{"date", &DutyFlight::date, cell::date},
  };
};

template <>
struct Table<Roster> {
  static constexpr std::string_view name = "rosters";
  static constexpr std::string_view file = "rosters.csv";
  static constexpr std::string_view insert = "INSERT INTO rosters VALUES (?,?)";
  static constexpr bool must_exist = false;
  static constexpr std::tuple columns = {
      Column{"duty", &Roster::duty, cell::id},
      Column{"crew_member", &Roster::crew_member, cell::id},
  };
};

template <>
struct Table<MaintenanceItem> {
  static constexpr std::string_view name = "maintenance";
  static constexpr std::string_view file = "maintenance.csv";
  static constexpr std::string_view insert = "INSERT INTO maintenance VALUES (?,?,?,?,?,?,?,?,?,?,?)";
  static constexpr bool must_exist = false;
  static constexpr std::tuple columns = {
      Column{"registration", &MaintenanceItem::registration, cell::registration},
      Column{"reference", &MaintenanceItem::reference, cell::words, Need::optional},
      Column{"ata_chapter", &MaintenanceItem::ata_chapter, cell::ata},
      Column{"description", &MaintenanceItem::description, cell::words},
      Column{"mel_category", &MaintenanceItem::mel_category, cell::mel, Need::optional},
      Column{"discovered", &MaintenanceItem::discovered, cell::date},
      Column{"interval_days", &MaintenanceItem::interval_days, cell::days, Need::optional},
      Column{"conditions", &MaintenanceItem::conditions, cell::words, Need::optional},
      Column{"bars_etops", &MaintenanceItem::bars_etops, cell::yes_or_no, Need::optional},
      Column{"repair_minutes", &MaintenanceItem::repair_minutes, cell::month_minutes, Need::optional},
      Column{"grounding", &MaintenanceItem::grounding, cell::yes_or_no, Need::optional},
  };
};

template <>
struct Table<Booking> {
  static constexpr std::string_view name = "bookings";
  static constexpr std::string_view file = "bookings.csv";
  static constexpr std::string_view insert = "INSERT INTO bookings VALUES (?,?,?,?,?,?,?,?,?)";
  static constexpr bool must_exist = false;
  static constexpr std::tuple columns = {
      Column{"id", &Booking::id, cell::id},
      Column{"flight", &Booking::flight, cell::flight},
      Column{"date", &Booking::date, cell::date},
      Column{"cabin", &Booking::cabin, cell::cabin},
      Column{"passengers", &Booking::passengers, cell::some},
      Column{"special_need", &Booking::special_need, cell::need, Need::optional},
      Column{"onward_flight", &Booking::onward_flight, cell::flight, Need::optional},
      Column{"onward_date", &Booking::onward_date, cell::date, Need::optional},
      Column{"final_destination", &Booking::final_destination, cell::airport},
  };
};

template <>
struct Table<Consignment> {
  static constexpr std::string_view name = "cargo";
  static constexpr std::string_view file = "cargo.csv";
  static constexpr std::string_view insert = "INSERT INTO cargo VALUES (?,?,?,?,?,?,?,?,?,?,?,?)";
  static constexpr bool must_exist = false;
  static constexpr std::tuple columns = {
      Column{"waybill", &Consignment::waybill, cell::id},
      Column{"flight", &Consignment::flight, cell::flight},
      Column{"date", &Consignment::date, cell::date},
      Column{"kind", &Consignment::kind, cell::cargo_kind},
      Column{"weight_kg", &Consignment::weight_kg, cell::some_kilograms},
      Column{"celsius_min", &Consignment::celsius_min, cell::celsius, Need::optional},
      Column{"celsius_max", &Consignment::celsius_max, cell::celsius, Need::optional},
      Column{"good_until", &Consignment::good_until, cell::instant, Need::optional},
      Column{"un_number", &Consignment::un_number, cell::un_number, Need::optional},
      Column{"hazard_class", &Consignment::hazard_class, cell::words, Need::optional},
      Column{"cargo_aircraft_only", &Consignment::cargo_aircraft_only, cell::yes_or_no, Need::optional},
      Column{"for_registration", &Consignment::for_registration, cell::registration, Need::optional},
  };
};

}  // namespace skymarshal::agents::ops

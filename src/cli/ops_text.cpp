#include "cli/ops_text.hpp"

#include "agents/reference/airports.hpp"
#include "base/json_writer.hpp"
#include "cli/text_layout.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

using agents::ops::UtcMinutes;
using agents::reference::date_text;
using agents::reference::instant_text;

constexpr std::chrono::days rotation_shown{2};
constexpr std::size_t onward_max = 8;

std::string zone_of(const std::optional<agents::ops::Airport>& airport, const std::string& iata) {
  if (airport) return airport->time_zone;
  const agents::reference::Airport* known = agents::reference::find_airport(iata);
  return known == nullptr ? "" : std::string(known->time_zone);
}

/// "2026-06-15 09:30 (02:30 UTC)".
std::string local_time_text(UtcMinutes instant, const std::string& zone) {
  const auto local = agents::reference::to_local(zone, instant);
  if (!local) return instant_text(instant);
  return fmt::format("{} ({} UTC)", agents::reference::local_text(*local),
                     instant_text(instant).substr(11, 5));
}

std::string leg_text(const agents::ops::Flight& flight) {
  return fmt::format("{} {}-{} {} to {}", flight.number, flight.origin, flight.destination,
                     instant_text(flight.scheduled_departure), instant_text(flight.scheduled_arrival));
}

std::string plural(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string item_text(const agents::ops::MaintenanceItem& item) {
  std::string text = item.mel_category == 0
                         ? std::string("not deferred")
                         : fmt::format("MEL {} category {}", item.reference, item.mel_category);
  text +=
      fmt::format(", ATA {}, since {}: {}", item.ata_chapter, date_text(item.discovered), item.description);
  if (item.grounding) text += "; grounded";
  if (item.bars_etops) text += "; no ETOPS";
  if (!item.conditions.empty()) text += "; " + item.conditions;
  if (item.repair_minutes > 0) text += fmt::format("; about {} min of work", item.repair_minutes);
  return text;
}

std::string aircraft_text(const FlightView& view) {
  if (!view.aircraft) return view.flight.registration;
  const agents::ops::Aircraft& aircraft = *view.aircraft;
  return fmt::format(
      "{}, {}, {} ({} first, {} business, {} economy), cargo up to {} kg, turnaround at least {} min",
      aircraft.registration, aircraft.type, plural(aircraft.seats(), "seat", "seats"), aircraft.seats_first,
      aircraft.seats_business, aircraft.seats_economy, aircraft.cargo_kg_max,
      aircraft.turnaround_minutes_min);
}

std::string duty_text(const agents::ops::CrewDuty& duty) {
  std::string flights;
  for (const agents::ops::Flight& flight : duty.flights)
    flights += (flights.empty() ? "" : ", ") + flight.number;
  const auto pilots = duty.pilots();
  const auto cabin = static_cast<std::int64_t>(duty.members.size()) - pilots;
  return fmt::format("{}: {} and {} in the cabin, report at {} {}, for {}", duty.duty.id,
                     plural(pilots, "pilot", "pilots"), cabin, duty.duty.report_airport,
                     instant_text(duty.duty.report), flights);
}

std::string bookings_text(const FlightView& view) {
  std::int32_t booked = 0;
  std::int32_t connecting = 0;
  std::map<std::string, std::int32_t> onward;
  std::map<std::string, std::int32_t> needs;
  for (const agents::ops::Booking& booking : view.bookings) {
    booked += booking.passengers;
    if (!booking.special_need.empty()) needs[booking.special_need] += booking.passengers;
    if (booking.onward_flight.empty()) continue;
    connecting += booking.passengers;
    onward[booking.onward_flight] += booking.passengers;
  }
  std::string text = plural(booked, "passenger", "passengers");
  const auto list = [&text](std::string_view what, const std::map<std::string, std::int32_t>& counts) {
    std::string parts;
    for (const auto& [name, count] : counts)
      parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", count, name);
    if (!parts.empty()) text += fmt::format("; {}{}", what, parts);
  };
  list(fmt::format("{} connect: ", connecting), onward);
  list("", needs);
  return text;
}

std::string consignment_text(const agents::ops::Consignment& consignment) {
  std::string text =
      fmt::format("{} {}, {} kg", consignment.waybill, consignment.kind, consignment.weight_kg);
  if (consignment.celsius_min && consignment.celsius_max)
    text += fmt::format(", {} to {} °C", *consignment.celsius_min, *consignment.celsius_max);
  if (consignment.good_until) text += ", good until " + instant_text(*consignment.good_until);
  if (!consignment.un_number.empty()) text += ", " + consignment.un_number;
  if (!consignment.hazard_class.empty()) text += " class " + consignment.hazard_class;
  if (consignment.cargo_aircraft_only) text += ", cargo aircraft only";
  if (!consignment.for_registration.empty()) text += ", for " + consignment.for_registration;
  return text;
}

class Lines {
 public:
  explicit Lines(std::size_t width) : width_(width) {}

  void add(std::string_view label, std::string_view text) {
    out_ += wrap(one_line(text), width_, {fit(label, 12), std::string(12, ' ')});
  }
  std::string take() && { return std::move(out_); }

 private:
  std::size_t width_;
  std::string out_;
};

void write_optional(JsonWriter& json, std::string_view name, const std::optional<std::int32_t>& value) {
  if (value) json.member(name, *value);
}

void write_leg(JsonWriter& json, const agents::ops::Flight& flight) {
  json.begin_object()
      .member("flight", flight.number)
      .member("date", date_text(flight.date))
      .member("origin", flight.origin)
      .member("destination", flight.destination)
      .member("scheduled_departure", instant_text(flight.scheduled_departure))
      .member("scheduled_arrival", instant_text(flight.scheduled_arrival))
      .member("registration", flight.registration);
  if (flight.slot_latest) json.member("slot_latest", instant_text(*flight.slot_latest));
  if (flight.overflight_until) json.member("overflight_until", instant_text(*flight.overflight_until));
  json.end_object();
}

void write_legs(JsonWriter& json, std::string_view name, const std::vector<agents::ops::Flight>& flights) {
  json.key(name).begin_array();
  for (const agents::ops::Flight& flight : flights) write_leg(json, flight);
  json.end_array();
}

void write_aircraft(JsonWriter& json, const agents::ops::Aircraft& aircraft) {
  json.key("aircraft")
      .begin_object()
      .member("registration", aircraft.registration)
      .member("type", aircraft.type)
      .member("operator", aircraft.operator_designator)
      .member("seats", aircraft.seats())
      .member("cargo_kg_max", aircraft.cargo_kg_max)
      .member("etops_minutes", aircraft.etops_minutes)
      .member("rest_facility", aircraft.rest_facility)
      .member("turnaround_minutes_min", aircraft.turnaround_minutes_min)
      .end_object();
}

void write_item(JsonWriter& json, const agents::ops::MaintenanceItem& item) {
  json.begin_object()
      .member("reference", item.reference)
      .member("ata_chapter", item.ata_chapter)
      .member("description", item.description);
  if (item.mel_category != 0) json.member("mel_category", std::string(1, item.mel_category));
  json.member("discovered", date_text(item.discovered))
      .member("interval_days", item.interval_days)
      .member("conditions", item.conditions)
      .member("bars_etops", item.bars_etops)
      .member("repair_minutes", item.repair_minutes)
      .member("grounding", item.grounding)
      .end_object();
}

void write_duty(JsonWriter& json, const agents::ops::CrewDuty& duty) {
  json.key("duty")
      .begin_object()
      .member("id", duty.duty.id)
      .member("report_airport", duty.duty.report_airport);
  json.member("report", instant_text(duty.duty.report)).member("acclimatised_to", duty.duty.acclimatised_to);
  json.member("pilots", duty.pilots()).member("members", duty.members.size());
  json.key("flights").begin_array();
  for (const agents::ops::Flight& flight : duty.flights) json.string(flight.number);
  json.end_array().end_object();
}

void write_booking(JsonWriter& json, const agents::ops::Booking& booking) {
  json.begin_object()
      .member("id", booking.id)
      .member("cabin", booking.cabin)
      .member("passengers", booking.passengers)
      .member("final_destination", booking.final_destination);
  if (!booking.special_need.empty()) json.member("special_need", booking.special_need);
  if (!booking.onward_flight.empty()) json.member("onward_flight", booking.onward_flight);
  if (booking.onward_date) json.member("onward_date", date_text(*booking.onward_date));
  json.end_object();
}

void write_consignment(JsonWriter& json, const agents::ops::Consignment& consignment) {
  json.begin_object()
      .member("waybill", consignment.waybill)
      .member("kind", consignment.kind)
      .member("weight_kg", consignment.weight_kg);
  write_optional(json, "celsius_min", consignment.celsius_min);
  write_optional(json, "celsius_max", consignment.celsius_max);
  if (consignment.good_until) json.member("good_until", instant_text(*consignment.good_until));
  if (!consignment.un_number.empty()) json.member("un_number", consignment.un_number);
  if (!consignment.hazard_class.empty()) json.member("hazard_class", consignment.hazard_class);
  if (consignment.cargo_aircraft_only) json.member("cargo_aircraft_only", true);
  if (!consignment.for_registration.empty()) json.member("for_registration", consignment.for_registration);
  json.end_object();
}

/// Takes the value, or keeps the first failure.
template <typename T>
bool take(Result<T> found, T& value, Error& failure) {
  if (!found) {
    failure = found.error();
    return false;
  }
  value = std::move(*found);
  return true;
}

}  // namespace

Result<FlightView> collect_flight(agents::ops::OperationsDatabase& database, agents::ops::Flight flight) {
  FlightView view;
  const UtcMinutes departure = flight.scheduled_departure;
  Error failure;
  const bool read = take(database.airport(flight.origin), view.origin, failure) &&
                    take(database.airport(flight.destination), view.destination, failure) &&
                    take(database.aircraft(flight.registration), view.aircraft, failure) &&
                    take(database.maintenance(flight.registration), view.items, failure) &&
                    take(database.previous_flight(flight.registration, departure), view.previous, failure) &&
                    take(database.rotation(flight.registration, departure + std::chrono::minutes(1),
                                           departure + rotation_shown),
                         view.onward, failure) &&
                    take(database.duty_of(flight.number, flight.date), view.duty, failure) &&
                    take(database.bookings(flight.number, flight.date), view.bookings, failure) &&
                    take(database.cargo(flight.number, flight.date), view.cargo, failure);
  if (!read) return failure;
  if (view.onward.size() > onward_max) view.onward.resize(onward_max);
  view.flight = std::move(flight);
  return view;
}

std::string flight_text(const FlightView& view, std::size_t width) {
  const agents::ops::Flight& flight = view.flight;
  Lines lines(width);
  lines.add(flight.number,
            fmt::format("of {}, {} to {}", date_text(flight.date), flight.origin, flight.destination));
  lines.add("departs", local_time_text(flight.scheduled_departure, zone_of(view.origin, flight.origin)));
  lines.add("arrives",
            local_time_text(flight.scheduled_arrival, zone_of(view.destination, flight.destination)));
  if (flight.slot_latest) lines.add("slot", "not after " + instant_text(*flight.slot_latest));
  if (flight.overflight_until) lines.add("overflight", "until " + instant_text(*flight.overflight_until));
  lines.add("aircraft", aircraft_text(view));
  for (const agents::ops::MaintenanceItem& item : view.items) lines.add("  item", item_text(item));
  if (view.previous) lines.add("before", leg_text(*view.previous));
  for (const agents::ops::Flight& next : view.onward) lines.add("then", leg_text(next));
  lines.add("crew", view.duty ? duty_text(*view.duty) : "nobody is rostered");
  lines.add("booked", bookings_text(view));
  for (const agents::ops::Consignment& consignment : view.cargo)
    lines.add("cargo", consignment_text(consignment));
  return std::move(lines).take();
}

std::string flight_json(const FlightView& view) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("flight");
  write_leg(json, view.flight);
  if (view.aircraft) write_aircraft(json, *view.aircraft);
  json.key("maintenance").begin_array();
  for (const agents::ops::MaintenanceItem& item : view.items) write_item(json, item);
  json.end_array();
  if (view.previous) {
    json.key("previous_flight");
    write_leg(json, *view.previous);
  }
  write_legs(json, "onward_flights", view.onward);
  if (view.duty) write_duty(json, *view.duty);
  json.key("bookings").begin_array();
  for (const agents::ops::Booking& booking : view.bookings) write_booking(json, booking);
  json.end_array().key("cargo").begin_array();
  for (const agents::ops::Consignment& consignment : view.cargo) write_consignment(json, consignment);
  json.end_array().end_object();
  return out;
}

std::string import_text(const agents::ops::ImportReport& report) {
  std::string out;
  for (const auto& [file, rows] : report.rows)
    out += fmt::format("{}{}\n", fit(file, 18), plural(static_cast<std::int64_t>(rows), "row", "rows"));
  return out;
}

}  // namespace skymarshal::cli

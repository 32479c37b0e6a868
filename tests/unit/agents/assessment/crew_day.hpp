// For tests: a crew's day that everything is known of, as the operations database would give it.
// Frankfurt to Athens and back on 2026-06-15 (both clocks: UTC+2 and UTC+3), two pilots and a cabin crew
// member.
#pragma once

#include "agents/assessment/plan.hpp"
#include "agents/assessment/situation.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <string>
#include <string_view>

namespace skymarshal::agents::assessment::test {

inline ops::Airport airport(std::string_view iata) {
  const reference::Airport* known = reference::find_airport(iata);
  ops::Airport made;
  made.iata = iata;
  made.city = known->city;
  made.country = known->country;
  made.time_zone = known->time_zone;
  return made;
}

inline ops::CrewMember crew_member(std::string id, std::string rank) {
  ops::CrewMember made;
  made.id = std::move(id);
  made.rank = std::move(rank);
  made.base = "FRA";
  made.types = "A320 A20N";
  made.duty_7_days = 30 * 60;
  made.duty_14_days = 60 * 60;
  made.duty_28_days = 120 * 60;
  made.flight_28_days = 60 * 60;
  made.flight_calendar_year = 400 * 60;
  made.flight_12_months = 700 * 60;
  made.previous_duty = 9 * 60;
  made.previous_duty_end = at("2026-06-14T13:00Z");
  return made;
}

/// Report 04:00Z (06:00 at Frankfurt); LH100 05:00Z to 08:00Z, LH101 09:00Z to 12:00Z: 8 hours, limit 13.
inline ops::CrewDuty crew_duty() {
  ops::CrewDuty made;
  made.duty.id = "D100";
  made.duty.kind = "flight";
  made.duty.report_airport = "FRA";
  made.duty.report = at("2026-06-15T04:00Z");
  made.duty.acclimatised_to = "FRA";
  made.flights = {flight("LH100", "FRA", "ATH", "2026-06-15T05:00Z", "2026-06-15T08:00Z", "D-AINA"),
                  flight("LH101", "ATH", "FRA", "2026-06-15T09:00Z", "2026-06-15T12:00Z", "D-AINA")};
  made.members = {crew_member("P1", "CPT"), crew_member("P2", "FO"), crew_member("K1", "CC")};
  return made;
}

inline void delay_by(Situation& situation, Delay delay) { situation.delay = {delay, "prompt"}; }

/// The situation of the duty's first flight.
inline Situation crew_day(const ops::CrewDuty& duty = crew_duty()) {
  Situation made;
  made.database = DatabaseUse::matched;
  const ops::Flight& first = duty.flights.front();
  made.record = first;
  made.flight = {first.number, "prompt"};
  made.airline = {ops::Operator{"LH", "Lufthansa", "DE", "easa"}, "operations database"};
  made.origin = {airport(first.origin), "operations database"};
  made.destination = {airport(first.destination), "operations database"};
  made.date = {first.date, "prompt"};
  made.departure = {first.scheduled_departure, "operations database"};
  made.arrival = {first.scheduled_arrival, "operations database"};
  made.registration = {first.registration, "operations database"};
  ops::Aircraft aircraft;
  aircraft.registration = first.registration;
  aircraft.type = "A20N";
  aircraft.seats_economy = 180;
  made.aircraft = {aircraft, "operations database, fleet"};
  made.aircraft_type = {reference::find_aircraft_type("A20N"), "operations database, fleet"};
  made.items_known = true;
  made.duty = {duty, "operations database, duties"};
  return made;
}

/// On standby at home near Frankfurt, an hour from the airport.
inline ops::CrewDuty standby_crew(std::string_view from, std::string_view until) {
  ops::CrewDuty made;
  made.duty.id = "S1";
  made.duty.kind = "standby";
  made.duty.report_airport = "FRA";
  made.duty.report = at(from);
  made.duty.standby_until = at(until);
  made.duty.call_out_minutes = 60;
  made.duty.acclimatised_to = "FRA";
  made.members = {crew_member("P8", "CPT"), crew_member("P9", "FO"), crew_member("K9", "CC")};
  return made;
}

inline Plan relieved(const ops::CrewDuty& crew, std::int32_t delay_minutes) {
  Plan plan = delayed(delay_minutes);
  plan.kind = PlanKind::change_crew;
  plan.relief_crew = &crew;
  return plan;
}

}  // namespace skymarshal::agents::assessment::test

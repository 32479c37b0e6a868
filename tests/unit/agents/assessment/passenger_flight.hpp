// A flight with passengers as the tests of regulatory, guest_experience and finance need one: every fact is
// known, and each test changes what it is about.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "agents/assessment/plan.hpp"
#include "agents/assessment/situation.hpp"
#include "agents/reference/airports.hpp"
#include "unit/agents/assessment/what_is_said.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::assessment {

inline const std::string test_source = "operations database";

inline ops::Airport airport_of(std::string_view iata) {
  const reference::Airport& known = *reference::find_airport(iata);
  ops::Airport airport;
  airport.iata = known.iata;
  airport.icao = known.icao;
  airport.city = known.city;
  airport.country = known.country;
  airport.time_zone = known.time_zone;
  airport.latitude_deg = known.latitude_deg;
  airport.longitude_deg = known.longitude_deg;
  return airport;
}

/// A flight of 2026-06-15; times are UTC ("2026-06-15T08:00Z").
struct FlightInTest {
  std::string from = "FRA";
  std::string to = "JFK";
  std::string carrier_state = "DE";
  std::string departure = "2026-06-15T08:00Z";
  std::string arrival = "2026-06-15T16:30Z";
  std::int32_t passengers = 200;
  std::string type = "A333";
};

inline void set_times(Situation& situation, std::string_view departure, std::string_view arrival) {
  const UtcMinutes leaves = *reference::parse_instant(departure);
  const UtcMinutes arrives = *reference::parse_instant(arrival);
  situation.departure = {leaves, test_source};
  situation.arrival = {arrives, test_source};
  situation.local_departure = {*reference::to_local(situation.origin->value.time_zone, leaves), test_source};
  situation.local_arrival = {*reference::to_local(situation.destination->value.time_zone, arrives),
                             test_source};
}

inline Situation situation_of(const FlightInTest& flight) {
  Situation situation;
  situation.flight = {"XX1", test_source};
  situation.airline = {ops::Operator{"XX", "Test Air", flight.carrier_state, "easa"}, test_source};
  situation.origin = {airport_of(flight.from), test_source};
  situation.destination = {airport_of(flight.to), test_source};
  const ops::Airport& from = situation.origin->value;
  const ops::Airport& to = situation.destination->value;
  situation.distance_km = {reference::great_circle_km({from.latitude_deg, from.longitude_deg},
                                                      {to.latitude_deg, to.longitude_deg}),
                           test_source};
  set_times(situation, flight.departure, flight.arrival);
  situation.passengers = {flight.passengers, test_source};
  situation.bookings_known = true;
  ops::Aircraft aircraft;
  aircraft.registration = "XX-ABC";
  aircraft.type = flight.type;
  aircraft.seats_economy = 250;
  situation.registration = {aircraft.registration, test_source};
  situation.aircraft = {aircraft, test_source};
  situation.database = DatabaseUse::matched;
  situation.record = ops::Flight{"XX1",
                                 reference::date_of(situation.departure->value),
                                 flight.from,
                                 flight.to,
                                 situation.departure->value,
                                 situation.arrival->value,
                                 "XX-ABC"};
  return situation;
}

inline Plan delayed_by(std::int32_t minutes) {
  Plan plan;
  plan.departure_delay = Delay{minutes, minutes};
  plan.arrival_delay = plan.departure_delay;
  plan.delay_reason = "as the test says";
  return plan;
}

inline Plan cancelled() {
  Plan plan;
  plan.kind = PlanKind::cancel_and_rebook;
  return plan;
}

inline void add_cause(Situation& situation, facts::CauseKind kind) {
  facts::Fact<facts::Cause> cause{};
  cause.value.kind = kind;
  cause.words.text = std::string(name_of(kind));
  situation.facts.causes.push_back(cause);
}

inline Connection::Seats later_flight(std::string number, std::string_view departure, std::int32_t free) {
  ops::Flight flight;
  flight.number = std::move(number);
  flight.scheduled_departure = *reference::parse_instant(departure);
  flight.scheduled_arrival = flight.scheduled_departure + std::chrono::hours(8);
  return {flight, free};
}

}  // namespace skymarshal::agents::assessment

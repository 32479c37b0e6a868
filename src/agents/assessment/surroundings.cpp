#include "agents/assessment/situation.hpp"
#include "agents/assessment/understanding.hpp"
#include "agents/rules/turnaround.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::size_t onward_flights_max = 8;
constexpr std::size_t later_flights_max = 6;
constexpr std::size_t later_per_connection_max = 4;
constexpr std::size_t candidates_max = 6;
/// How far ahead rotations and other flights are looked at.
constexpr hours horizon{36};
/// An aircraft that could only take over later than this is no help.
constexpr hours swap_within{12};
/// Used where the airport's row has none.
constexpr std::int32_t assumed_connecting_minutes = 60;

template <typename T>
void keep_first(std::vector<T>& all, std::size_t count) {
  if (all.size() > count) all.erase(all.begin() + static_cast<std::ptrdiff_t>(count), all.end());
}

std::int32_t turnaround_on_file(const ops::Aircraft& aircraft) {
  return aircraft.turnaround_minutes_min > 0
             ? aircraft.turnaround_minutes_min
             : rules::assumed_turnaround_minutes(reference::find_aircraft_type(aircraft.type));
}

void look_up_aircraft(Situation& situation, Lookups& lookups) {
  if (!situation.registration) return;
  const std::string& registration = situation.registration->value;
  std::optional<ops::Aircraft> aircraft;
  lookups.take(Lookup::fleet, lookups->aircraft(registration), aircraft);
  if (!aircraft) return;
  const std::string source = fmt::format("operations database, fleet: {}", registration);
  const auto* type = reference::find_aircraft_type(aircraft->type);
  if (type != nullptr) {
    if (situation.aircraft_type && situation.aircraft_type->value != type) {
      situation.notes.push_back(
          fmt::format("The prompt says {} for the type, the operations database {} for {}: "
                      "the database's is used.",
                      situation.aircraft_type->value->icao, type->icao, registration));
    }
    situation.aircraft_type = Known<const reference::AircraftType*>{type, source};
  }
  situation.aircraft = Known<ops::Aircraft>{*std::move(aircraft), source};
  situation.items_known =
      lookups.take(Lookup::maintenance, lookups->maintenance(registration), situation.items);
}

/// Flights between two airports after an instant with seats left. One whose seats cannot be looked up is left
/// out: nobody is sent to a seat that may be taken.
std::vector<Connection::Seats> seats_between(std::string_view from, std::string_view to, UtcMinutes after,
                                             std::size_t count_max, Lookups& lookups) {
  std::vector<Connection::Seats> seats;
  std::vector<ops::Flight> flights;
  lookups.take(Lookup::later_flights, lookups->flights_between(from, to, after + minutes(1), after + horizon),
               flights);
  for (ops::Flight& flight : flights) {
    if (seats.size() == count_max) break;
    std::optional<ops::Aircraft> aircraft;
    lookups.take(Lookup::later_flights, lookups->aircraft(flight.registration), aircraft);
    if (!aircraft) continue;
    std::int32_t booked = 0;
    if (!lookups.take(Lookup::later_flights, lookups->booked(flight.number, flight.date), booked)) continue;
    if (booked < aircraft->seats()) seats.push_back({std::move(flight), aircraft->seats() - booked});
  }
  return seats;
}

std::optional<facts::SpecialNeed> need_of(std::string_view name) {
  using enum facts::SpecialNeed;
  for (const auto need :
       {wheelchair, stretcher, unaccompanied_minor, medical, infant, sensory, deportee, vip}) {
    if (name_of(need) == name) return need;
  }
  return std::nullopt;
}

void take_connections(Situation& situation, const std::vector<ops::Booking>& bookings, Lookups& lookups) {
  // Groups in the order of their onward flights, so that the answer is the same every time.
  std::map<std::pair<std::string, Date>, Connection> groups;
  for (const ops::Booking& booking : bookings) {
    if (booking.onward_flight.empty() || !booking.onward_date) continue;
    Connection& group = groups[{booking.onward_flight, *booking.onward_date}];
    group.passengers += booking.passengers;
    group.final_destination = booking.final_destination;
  }
  const ops::Airport& hub = situation.destination->value;
  for (auto& [name, group] : groups) {
    std::optional<ops::Flight> onward;
    if (!lookups.take(Lookup::connections, lookups->flight(name.first, name.second), onward)) continue;
    if (!onward) {
      situation.notes.push_back(
          fmt::format("{} passengers go on with {} of {}, which is not in the operations "
                      "database: their connection is not judged.",
                      group.passengers, name.first, reference::date_text(name.second)));
      continue;
    }
    group.onward = *std::move(onward);
    group.connecting_minutes_min = hub.connecting_minutes_min.value_or(assumed_connecting_minutes);
    group.later = seats_between(group.onward.origin, group.onward.destination,
                                group.onward.scheduled_departure, later_per_connection_max, lookups);
    situation.connections.push_back(std::move(group));
  }
  std::stable_sort(situation.connections.begin(), situation.connections.end(),
                   [](const Connection& a, const Connection& b) {
                     return a.onward.scheduled_departure < b.onward.scheduled_departure;
                   });
  if (!situation.connections.empty() && !hub.connecting_minutes_min) {
    situation.notes.push_back(
        fmt::format("No minimum connecting time is on file for {}: {} minutes are assumed.", hub.iata,
                    assumed_connecting_minutes));
  }
}

void take_count(Situation& situation, Maybe<std::int32_t>& known, std::int32_t booked,
                std::string_view name) {
  const std::string source = database_source("bookings", *situation.record);
  if (!known) {
    known = Known<std::int32_t>{booked, source};
  } else if (known->value != booked) {
    situation.notes.push_back(fmt::format(
        "The prompt says {} {}, the bookings {}: the prompt's number is used.", known->value, name, booked));
  }
}

void take_bookings(Situation& situation, Lookups& lookups) {
  const ops::Flight& flight = *situation.record;
  std::vector<ops::Booking> bookings;
  lookups.take(Lookup::bookings, lookups->bookings(flight.number, flight.date), bookings);
  if (bookings.empty()) return;
  std::int32_t passengers = 0;
  std::int32_t connecting = 0;
  std::map<facts::SpecialNeed, std::int32_t> needs;
  for (const ops::Booking& booking : bookings) {
    passengers += booking.passengers;
    if (!booking.onward_flight.empty()) connecting += booking.passengers;
    if (const auto need = need_of(booking.special_need)) needs[*need] += booking.passengers;
  }
  take_count(situation, situation.passengers, passengers, "passengers");
  take_count(situation, situation.connecting_passengers, connecting, "connecting passengers");
  situation.bookings_known = true;
  for (const auto& [need, count] : needs) {
    const bool stated = std::any_of(situation.special_passengers.begin(), situation.special_passengers.end(),
                                    [&](const auto& known) { return known.value.need == need; });
    if (!stated) situation.special_passengers.push_back({{need, count}, database_source("bookings", flight)});
  }
  if (situation.destination) take_connections(situation, bookings, lookups);
}

void take_crew(Situation& situation, Lookups& lookups) {
  const ops::Flight& flight = *situation.record;
  std::optional<ops::CrewDuty> duty;
  lookups.take(Lookup::duties, lookups->duty_of(flight.number, flight.date), duty);
  if (duty) situation.duty = Known<ops::CrewDuty>{*std::move(duty), database_source("duties", flight)};
  lookups.take(Lookup::standbys, lookups->standbys(flight.origin, situation.departure->value),
               situation.standbys);
}

void take_rotation(Situation& situation, Lookups& lookups) {
  if (!situation.registration) return;
  const std::string& registration = situation.registration->value;
  const UtcMinutes departure = situation.departure->value;
  lookups.take(Lookup::rotation, lookups->previous_flight(registration, departure),
               situation.previous_flight);
  lookups.take(Lookup::rotation, lookups->rotation(registration, departure + minutes(1), departure + horizon),
               situation.onward_flights);
  keep_first(situation.onward_flights, onward_flights_max);
}

/// When and with which flights of its own `aircraft` could take over at the origin; nullopt if it does not
/// get there in time, or if the look-up of where it is failed.
std::optional<SwapCandidate> candidate_of(const Situation& situation, ops::Aircraft aircraft,
                                          Lookups& lookups) {
  const ops::Flight& flight = *situation.record;
  const UtcMinutes departure = situation.departure->value;
  const minutes turnaround(turnaround_on_file(aircraft));
  std::optional<ops::Flight> before;
  std::vector<ops::Flight> own;
  const bool located =
      lookups.take(Lookup::candidates, lookups->previous_flight(aircraft.registration, departure), before) &&
      lookups.take(Lookup::candidates,
                   lookups->rotation(aircraft.registration, departure, departure + horizon), own);
  if (!located) return std::nullopt;
  SwapCandidate candidate;
  candidate.ready = departure;
  const bool there =
      before ? before->destination == flight.origin : !own.empty() && own.front().origin == flight.origin;
  if (there) {
    if (before) candidate.ready = std::max(departure, before->scheduled_arrival + turnaround);
  } else {
    const auto arriving = std::find_if(own.begin(), own.end(),
                                       [&](const ops::Flight& f) { return f.destination == flight.origin; });
    if (arriving == own.end()) return std::nullopt;
    candidate.ready = arriving->scheduled_arrival + turnaround;
    own.erase(own.begin(), std::next(arriving));
  }
  if (candidate.ready > departure + swap_within) return std::nullopt;
  candidate.items_known =
      lookups.take(Lookup::candidates, lookups->maintenance(aircraft.registration), candidate.items);
  candidate.own_flights = std::move(own);
  keep_first(candidate.own_flights, onward_flights_max);
  candidate.aircraft = std::move(aircraft);
  return candidate;
}

void take_candidates(Situation& situation, Lookups& lookups) {
  const std::string named = situation.facts.replacement_registration
                                ? situation.facts.replacement_registration->value
                                : std::string();
  const std::string_view designator = std::string_view(situation.record->number).substr(0, 2);
  std::vector<ops::Aircraft> fleet;
  lookups.take(Lookup::candidates, lookups->fleet(designator), fleet);
  for (ops::Aircraft& aircraft : fleet) {
    if (situation.registration && aircraft.registration == situation.registration->value) continue;
    if (auto candidate = candidate_of(situation, std::move(aircraft), lookups)) {
      situation.candidates.push_back(*std::move(candidate));
    }
  }
  // The one that was asked for, then who is ready first, then who takes the fewest flights of its own with
  // it.
  std::stable_sort(situation.candidates.begin(), situation.candidates.end(),
                   [&](const SwapCandidate& a, const SwapCandidate& b) {
                     const bool a_named = a.aircraft.registration == named;
                     const bool b_named = b.aircraft.registration == named;
                     if (a_named != b_named) return a_named;
                     if (a.ready != b.ready) return a.ready < b.ready;
                     return a.own_flights.size() < b.own_flights.size();
                   });
  keep_first(situation.candidates, candidates_max);
}

}  // namespace

void take_surroundings(Situation& situation, Lookups& lookups) {
  const ops::Flight& flight = *situation.record;
  look_up_aircraft(situation, lookups);
  take_bookings(situation, lookups);
  take_crew(situation, lookups);
  situation.cargo_known =
      lookups.take(Lookup::cargo, lookups->cargo(flight.number, flight.date), situation.cargo);
  take_rotation(situation, lookups);
  situation.later_flights = seats_between(flight.origin, flight.destination, situation.departure->value,
                                          later_flights_max, lookups);
  take_candidates(situation, lookups);
}

}  // namespace skymarshal::agents::assessment

// One disruption as the agents see it: what the prompts say and what the operations database knows, brought
// together, each value with its source. Plain values; made once an assessment, by understand().
// A value that nobody gave is absent. Where prompt and database differ, the prompt holds and `notes` says so.
#pragma once

#include "agents/facts/facts.hpp"
#include "agents/ops/operations_database.hpp"
#include "agents/ops/records.hpp"
#include "agents/reference/aircraft_types.hpp"
#include "agents/reference/airports.hpp"
#include "agents/reference/calendar.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::assessment {

using facts::Delay;
using reference::Date;
using reference::LocalMinutes;
using reference::UtcMinutes;

/// Negative where `to` is the earlier.
inline std::int32_t minutes_between(UtcMinutes from, UtcMinutes to) {
  return static_cast<std::int32_t>((to - from).count());
}

/// A value and where it comes from, in words: `prompt, turn 1: "3 hours delay"`,
/// `operations database, flights: EY283 of 2026-06-15`, `computed from …`.
template <typename T>
struct Known {
  T value;
  std::string source;
};
template <typename T>
using Maybe = std::optional<Known<T>>;

/// What the operations database had to say.
enum class DatabaseUse {
  /// None is configured.
  none,
  /// It could not be read.
  failed,
  /// The prompt names no flight that could be looked up.
  no_flight_named,
  /// The flight is not in it.
  no_match,
  /// The flight number is in it on several dates and the prompt does not say which.
  several_dates,
  matched,
};

/// What is looked up in the operations database.
enum class Lookup {
  flights,
  airports,
  operators,
  fleet,
  maintenance,
  bookings,
  connections,
  duties,
  standbys,
  cargo,
  rotation,
  later_flights,
  candidates,
};
/// As sentences name what it brings: "open maintenance items".
std::string_view name_of(Lookup lookup);

/// A look-up that failed. What it would have brought is not known, which is not the same as absent.
struct FailedLookup {
  Lookup lookup;
  /// The database's own words: for the log.
  std::string reason;
};

/// An aircraft of the operator that might take the flight over.
struct SwapCandidate {
  ops::Aircraft aircraft;
  std::vector<ops::MaintenanceItem> items;
  /// False if the look-up of its items failed.
  bool items_known = true;
  /// It stands at the origin from here on, turnaround included; at the earliest the scheduled departure.
  UtcMinutes ready;
  /// What it is planned to fly next and is taken from; in order of departure, at most 8.
  std::vector<ops::Flight> own_flights;
};

/// Passengers of the flight whose journey goes on.
struct Connection {
  ops::Flight onward;
  std::int32_t passengers = 0;
  /// Minimum connecting time at the destination, minutes.
  std::int32_t connecting_minutes_min = 0;
  /// IATA code of the end of their journey.
  std::string final_destination;
  /// Later flights to that end with seats left: at most 4, in order of departure.
  struct Seats {
    ops::Flight flight;
    std::int32_t free = 0;
  };
  std::vector<Seats> later;
};

struct Situation {
  facts::Facts facts;
  DatabaseUse database = DatabaseUse::none;
  /// One of a kind at the most: the first that failed.
  std::vector<FailedLookup> failed_lookups;
  bool failed(Lookup lookup) const;
  /// Sentences about the data: that the agents work from the prompt alone, that prompt and database differ.
  std::vector<std::string> notes;

  /// The flight's row in the database, if it was matched.
  std::optional<ops::Flight> record;
  Maybe<std::string> flight;
  Maybe<ops::Operator> airline;
  Maybe<ops::Airport> origin;
  Maybe<ops::Airport> destination;
  /// Great circle, whole km.
  Maybe<std::int32_t> distance_km;
  Maybe<Date> date;
  /// By the timetable. Local times need no date of the flight: without one they are of 1970-01-01 and later.
  Maybe<UtcMinutes> departure;
  Maybe<UtcMinutes> arrival;
  Maybe<LocalMinutes> local_departure;
  Maybe<LocalMinutes> local_arrival;
  Maybe<facts::FlightPhase> phase;
  /// Departure and arrival delay alike, unless the prompt says otherwise.
  Maybe<Delay> delay;
  Maybe<Delay> repair;

  Maybe<std::string> registration;
  Maybe<const reference::AircraftType*> aircraft_type;
  /// The row of the fleet, if the aircraft is in it.
  Maybe<ops::Aircraft> aircraft;
  /// Open items of the aircraft: of the database, and none from the prompt (those are in facts).
  std::vector<ops::MaintenanceItem> items;
  /// True if the database knows the aircraft, so that no items means that none are open.
  bool items_known = false;

  Maybe<std::int32_t> passengers;
  Maybe<std::int32_t> connecting_passengers;
  std::vector<Known<facts::SpecialPassengers>> special_passengers;
  /// True if the bookings are known, so that no special passengers means that there are none.
  bool bookings_known = false;
  std::vector<Connection> connections;
  /// Later flights from origin to destination with seats left: at most 6, in order of departure.
  std::vector<Connection::Seats> later_flights;

  Maybe<ops::CrewDuty> duty;
  /// At the origin at the scheduled departure, by call-out time.
  std::vector<ops::CrewDuty> standbys;

  std::vector<ops::Consignment> cargo;
  bool cargo_known = false;

  /// The flight before this one and those after it of the same aircraft, in order of departure, at most 8.
  std::optional<ops::Flight> previous_flight;
  std::vector<ops::Flight> onward_flights;
  std::vector<SwapCandidate> candidates;
};

/// Brings `facts` and the database together; `database` may be nullptr. A look-up that fails is no error of
/// this function: it is kept in `failed_lookups`, and `notes` says so.
Situation understand(facts::Facts facts, ops::OperationsDatabase* database);

/// How sentences name the flight and the aircraft: "EY283", "the flight"; "A6-BNC", "the aircraft".
std::string flight_text(const Situation& situation);
std::string aircraft_text(const Situation& situation);

/// How answers and explanations write a value.
std::string value_text(const std::string& value);
std::string value_text(std::int32_t value);
std::string value_text(bool value);
std::string value_text(char value);
std::string value_text(const Delay& value);
std::string value_text(UtcMinutes value);
std::string value_text(LocalMinutes value);
std::string value_text(Date value);
std::string value_text(const ops::Airport& value);
std::string value_text(const ops::Operator& value);
std::string value_text(const ops::Aircraft& value);
std::string value_text(const ops::CrewDuty& value);
std::string value_text(const reference::AircraftType* value);
std::string value_text(facts::FlightPhase value);
std::string value_text(facts::MaintenanceState value);
std::string value_text(facts::RestFacility value);
std::string value_text(const facts::TimeOfDay& value);

/// `prompt, turn 1: "3 hours delay"`.
std::string source_text(const facts::Words& words);

}  // namespace skymarshal::agents::assessment

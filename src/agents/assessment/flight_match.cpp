#include "agents/assessment/understanding.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

bool same_unless_absent(const std::optional<facts::Fact<std::string>>& stated, const std::string& known) {
  return !stated || stated->value == known;
}

void take_record(Situation& situation, ops::Flight flight, Lookups& lookups) {
  const std::string source = database_source("flights", flight);
  situation.flight = Known<std::string>{flight.number, source};
  situation.date = Known<Date>{flight.date, source};
  situation.departure = Known<UtcMinutes>{flight.scheduled_departure, source};
  situation.arrival = Known<UtcMinutes>{flight.scheduled_arrival, source};
  if (!flight.registration.empty()) {
    situation.registration = Known<std::string>{flight.registration, source};
  }
  situation.origin = find_airport(flight.origin, lookups);
  situation.destination = find_airport(flight.destination, lookups);
  const std::string_view designator = std::string_view(flight.number).substr(0, 2);
  std::optional<ops::Operator> airline;
  lookups.take(Lookup::operators, lookups->operator_of(designator), airline);
  if (airline) {
    situation.airline = Known<ops::Operator>{*std::move(airline),
                                             fmt::format("operations database, operators: {}", designator)};
  }
  situation.record = std::move(flight);
}

}  // namespace

std::string database_source(std::string_view table, const ops::Flight& flight) {
  return fmt::format("operations database, {}: {} of {}", table, flight.number,
                     reference::date_text(flight.date));
}

ops::Airport airport_row(const reference::Airport& airport) {
  ops::Airport row;
  row.iata = airport.iata;
  row.icao = airport.icao;
  row.city = airport.city;
  row.country = airport.country;
  row.time_zone = airport.time_zone;
  row.latitude_deg = airport.latitude_deg;
  row.longitude_deg = airport.longitude_deg;
  return row;
}

std::optional<Known<ops::Airport>> find_airport(std::string_view iata) {
  const reference::Airport* airport = reference::find_airport(iata);
  if (airport == nullptr) return std::nullopt;
  return Known<ops::Airport>{airport_row(*airport), fmt::format("built-in airports: {}", iata)};
}

std::optional<Known<ops::Airport>> find_airport(std::string_view iata, Lookups& lookups) {
  std::optional<ops::Airport> row;
  lookups.take(Lookup::airports, lookups->airport(iata), row);
  if (!row) return find_airport(iata);
  return Known<ops::Airport>{*std::move(row), fmt::format("operations database, airports: {}", iata)};
}

void match_flight(Situation& situation, Lookups& lookups) {
  const facts::Facts& facts = situation.facts;
  situation.database = DatabaseUse::no_flight_named;
  if (!facts.flight) return;
  std::vector<ops::Flight> flights;
  if (!lookups.take(Lookup::flights, lookups->flights(facts.flight->value), flights)) {
    situation.database = DatabaseUse::failed;
    return;
  }
  std::erase_if(flights, [&](const ops::Flight& flight) {
    const bool other_date = facts.date && facts.date->value != flight.date;
    return other_date || !same_unless_absent(facts.origin, flight.origin) ||
           !same_unless_absent(facts.destination, flight.destination);
  });
  situation.database = flights.empty()       ? DatabaseUse::no_match
                       : flights.size() == 1 ? DatabaseUse::matched
                                             : DatabaseUse::several_dates;
  if (flights.size() == 1) take_record(situation, std::move(flights.front()), lookups);
}

}  // namespace skymarshal::agents::assessment

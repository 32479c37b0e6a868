// The built-in tables of airports and airlines: codes, country, time zone, position.
// Constant tables, safe from any thread. Positions and codes: OurAirports (public domain); zones: IANA names.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace skymarshal::agents::reference {

struct Airport {
  std::string_view iata;
  std::string_view icao;
  std::string_view city;
  /// ISO 3166-1 alpha-2.
  std::string_view country;
  /// IANA time zone name.
  std::string_view time_zone;
  double latitude_deg;
  double longitude_deg;
};

/// Sorted by IATA code.
std::span<const Airport> all_airports();
/// By IATA code in capitals; nullptr if the airport is not in the table.
const Airport* find_airport(std::string_view iata);
/// By ICAO code in capitals.
const Airport* find_airport_by_icao(std::string_view icao);

struct Airline {
  std::string_view iata;
  std::string_view icao;
  std::string_view name;
  /// The state that issued the operating licence, ISO 3166-1 alpha-2.
  std::string_view country;
};

/// By the two-character IATA or three-letter ICAO designator in capitals.
const Airline* find_airline(std::string_view designator);

struct Position {
  double latitude_deg;
  double longitude_deg;
};
/// Great-circle distance on a sphere of the mean Earth radius (6371.0088 km, IUGG), rounded to whole km.
std::int32_t great_circle_km(Position from, Position to);
std::int32_t great_circle_km(const Airport& from, const Airport& to);

/// Member states of the European Union.
bool is_eu_state(std::string_view country);
/// Where Regulation (EC) No 261/2004 holds: EU, EEA (Iceland, Liechtenstein, Norway) and, by the agreement on
/// air transport of 1999, Switzerland.
bool is_eu261_state(std::string_view country);

}  // namespace skymarshal::agents::reference

// What the operations database knows of one flight, for people and as JSON. Pure.
#pragma once

#include "ops/import.hpp"
#include "ops/operations_database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace skymarshal::cli {

/// A flight with everything that hangs on it.
struct FlightView {
  ops::Flight flight;
  std::optional<ops::Airport> origin;
  std::optional<ops::Airport> destination;
  std::optional<ops::Aircraft> aircraft;
  std::vector<ops::MaintenanceItem> items;
  std::optional<ops::Flight> previous;
  /// Of the same aircraft, in order of departure.
  std::vector<ops::Flight> onward;
  std::optional<ops::CrewDuty> duty;
  std::vector<ops::Booking> bookings;
  std::vector<ops::Consignment> cargo;
};

/// Fails as the look-ups do.
Result<FlightView> collect_flight(ops::OperationsDatabase& database, ops::Flight flight);

/// Lines, each ended; at most `width` columns where words allow it.
std::string flight_text(const FlightView& view, std::size_t width);
/// One object on one line.
std::string flight_json(const FlightView& view);
/// "airports.csv  28 rows", a line a file.
std::string import_text(const ops::ImportReport& report);

}  // namespace skymarshal::cli

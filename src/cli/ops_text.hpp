// What the operations database knows of one flight, for people and as JSON. Pure.
#pragma once

#include "agents/ops/import.hpp"
#include "agents/ops/operations_database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace skymarshal::cli {

/// A flight with everything that hangs on it.
struct FlightView {
  agents::ops::Flight flight;
  std::optional<agents::ops::Airport> origin;
  std::optional<agents::ops::Airport> destination;
  std::optional<agents::ops::Aircraft> aircraft;
  std::vector<agents::ops::MaintenanceItem> items;
  std::optional<agents::ops::Flight> previous;
  /// Of the same aircraft, in order of departure.
  std::vector<agents::ops::Flight> onward;
  std::optional<agents::ops::CrewDuty> duty;
  std::vector<agents::ops::Booking> bookings;
  std::vector<agents::ops::Consignment> cargo;
};

/// Fails as the look-ups do.
Result<FlightView> collect_flight(agents::ops::OperationsDatabase& database, agents::ops::Flight flight);

/// Lines, each ended; at most `width` columns where words allow it.
std::string flight_text(const FlightView& view, std::size_t width);
/// One object on one line.
std::string flight_json(const FlightView& view);
/// "airports.csv  28 rows", a line a file.
std::string import_text(const agents::ops::ImportReport& report);

}  // namespace skymarshal::cli

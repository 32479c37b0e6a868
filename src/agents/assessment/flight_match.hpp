// Which flight of the operations database the prompts speak of. First step of understand().
// A flight number with several dates needs a date; a flight on another route is another flight.
#pragma once

#include "agents/assessment/situation.hpp"

namespace skymarshal::agents::assessment {

/// Sets `database` and, where a flight was matched, `record` and everything that its row tells: flight,
/// airline, airports, date, times, registration.
void match_flight(Situation& situation, ops::OperationsDatabase& database);

/// `operations database, flights: EY283 of 2026-06-15`.
std::string database_source(std::string_view table, const ops::Flight& flight);

/// The airport's row, or what the built-in table knows of it; nullopt if neither does.
std::optional<Known<ops::Airport>> find_airport(std::string_view iata, ops::OperationsDatabase& database);
std::optional<Known<ops::Airport>> find_airport(std::string_view iata);
/// A row with what the built-in table knows; curfew and connecting time stay unknown.
ops::Airport airport_row(const reference::Airport& airport);

}  // namespace skymarshal::agents::assessment

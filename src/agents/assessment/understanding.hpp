// The steps of understand(), in their order, each in the file of its name. They fill one Situation in place.
#pragma once

#include "agents/assessment/situation.hpp"

#include <optional>
#include <string>
#include <string_view>

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

/// Needs match_flight() to have run, where there is a database. Times of day become instants as far as a date
/// and the zones allow; nothing is guessed.
void take_stated_values(Situation& situation);

/// Needs match_flight() with a match and take_stated_values() to have run. A look-up that fails makes
/// `database` failed and leaves the rest absent.
void take_surroundings(Situation& situation, ops::OperationsDatabase& database);

}  // namespace skymarshal::agents::assessment

// The steps of understand(), in their order, each in the file of its name. They fill one Situation in place.
// What cannot be looked up is kept as failed and stays absent; no step ends early because of it.
#pragma once

#include "agents/assessment/situation.hpp"
#include "agents/ops/operations_database.hpp"
#include "base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace skymarshal::agents::assessment {

/// The look-ups for one situation. Both must outlive it.
class Lookups {
 public:
  Lookups(Situation& situation, ops::OperationsDatabase& database)
      : situation_(situation), database_(database) {}

  ops::OperationsDatabase* operator->() { return &database_; }

  /// Puts what was found into `into`. If the look-up failed, `into` stays as it is, the failure is kept in
  /// the situation's `failed_lookups`, and the answer is false.
  template <typename T>
  bool take(Lookup lookup, Result<T> found, T& into) {
    if (!found) {
      fail(lookup, found.error());
      return false;
    }
    into = *std::move(found);
    return true;
  }
  void fail(Lookup lookup, const Error& error) {
    if (!situation_.failed(lookup)) situation_.failed_lookups.push_back({lookup, error.message});
  }

 private:
  Situation& situation_;
  ops::OperationsDatabase& database_;
};

/// Sets `database` and, where a flight was matched, `record` and everything that its row tells: flight,
/// airline, airports, date, times, registration.
void match_flight(Situation& situation, Lookups& lookups);

/// `operations database, flights: EY283 of 2026-06-15`.
std::string database_source(std::string_view table, const ops::Flight& flight);

/// The airport's row, or what the built-in table knows of it; nullopt if neither does.
std::optional<Known<ops::Airport>> find_airport(std::string_view iata, Lookups& lookups);
std::optional<Known<ops::Airport>> find_airport(std::string_view iata);
/// A row with what the built-in table knows; curfew and connecting time stay unknown.
ops::Airport airport_row(const reference::Airport& airport);

/// Needs match_flight() to have run, where there is a database. Times of day become instants as far as a date
/// and the zones allow; nothing is guessed.
void take_stated_values(Situation& situation);

/// Needs match_flight() with a match and take_stated_values() to have run.
void take_surroundings(Situation& situation, Lookups& lookups);

}  // namespace skymarshal::agents::assessment

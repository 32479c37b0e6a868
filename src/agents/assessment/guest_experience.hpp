// The guest_experience agent (business): what are the passengers owed, where can they go, who comes first?
// Knows the compensation and care of the passenger rights regulations; liability is never decided.
#pragma once

#include "agents/assessment/assessment.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace skymarshal::agents::assessment {

/// What a plan makes the carrier owe by regulation.
struct PassengerDues {
  /// Nobody can tell: the route, the operator, the delay or the number of passengers is not known.
  bool known = false;
  /// Whole units of `currency` for each passenger; 0: nothing.
  std::int32_t compensation_per_passenger = 0;
  /// "EUR", "GBP", "CAD", …; empty if nothing is owed.
  std::string_view currency = {};
  std::int32_t passengers = 0;
  /// The circumstances may prove extraordinary, so that the compensation is not owed.
  bool may_be_excused = false;
  /// Meals and refreshments are owed; a night in a hotel is.
  bool meals = false;
  bool hotel = false;

  std::int64_t compensation_total() const {
    return static_cast<std::int64_t>(compensation_per_passenger) * passengers;
  }
};

/// Reckons with the most delay of the plan; a cancellation as notified on the day. Never falls when the delay
/// grows. Pure.
PassengerDues passenger_dues(const Situation& situation, const Plan& plan);

/// Pure: the same situation and plan give the same assessment.
AgentAssessment assess_guest_experience(const Situation& situation, const Plan& plan);

}  // namespace skymarshal::agents::assessment

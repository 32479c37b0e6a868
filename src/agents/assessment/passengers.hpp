// What the passengers of a plan have a right to, how long they wait, what they are owed and where they can
// go. For the agents that state it (regulatory, guest_experience) and that reckon its cost (finance). Pure.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "agents/assessment/plan.hpp"
#include "agents/rules/extraordinary.hpp"
#include "agents/rules/passenger_rights.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::assessment {

/// As airports name their country (ISO 3166-1 alpha-2).
inline constexpr std::string_view united_states = "US";

/// nullopt if the route is not known, or the carrier is not and decides.
std::optional<rules::RouteRights> rights_of(const Situation& situation);

std::vector<rules::LegalCause> legal_causes(const Situation& situation);

/// How long passengers wait at the origin.
struct PassengerWait {
  /// Beyond the planned departure. A cancellation: until the last of them is carried, a day if no seats are
  /// on file.
  std::int32_t minutes = 0;
  /// A night falls between; nullopt: the local time of departure is not known.
  std::optional<bool> overnight = {};
  /// Passengers who find no seat on a later flight that is on file.
  std::int32_t without_seat = 0;
};
/// At the most delay of the plan; nullopt if that is not known. Never falls when the delay grows.
std::optional<PassengerWait> wait_of(const Situation& situation, const Plan& plan);

/// Names route, carrier and distance as missing where `rights_of` needs them; adds them to the facts used.
void use_route(Opinion& opinion, const Situation& situation);

/// The state of a plan's delay: wants it unless nothing flies.
void use_delay(Opinion& opinion, const Situation& situation, const Plan& plan);

/// "EU261", with what it says of its scope among the rules.
void apply_regime(Opinion& opinion, const rules::RouteRights& rights);

/// Says whether the causes excuse the carrier, with the judgment; nothing without a regime.
void say_excuses(Opinion& opinion, const Situation& situation, const rules::RouteRights& rights);

// guest_experience.cpp

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

// Seats are those of the operations database alone; without them it says what to look for.

/// Special passengers in the order in which they are served, with the reason.
void serve_special_passengers(Opinion& opinion, const Situation& situation);

/// Later flights with seats: for all if the plan does not fly, else those that leave before the plan does.
void offer_later_flights(Opinion& opinion, const Situation& situation, const Plan& plan);

/// Passengers whose connection the plan breaks, and the seats that take them on. Makes the opinion
/// conditional if there are any.
void rebook_connections(Opinion& opinion, const Situation& situation, const Plan& plan);

}  // namespace skymarshal::agents::assessment

// What the rules on passenger rights are asked with: a situation's route, carrier, causes, and a plan's
// waits. Shared by the agents that state, owe and pay. Pure.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "agents/rules/extraordinary.hpp"
#include "agents/rules/passenger_rights.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace skymarshal::agents::assessment {

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

}  // namespace skymarshal::agents::assessment

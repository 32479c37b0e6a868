// What the operations database knows around a matched flight: its aircraft, crew, bookings, cargo, rotation,
// and who could help out. The last step of understand().
#pragma once

#include "agents/assessment/situation.hpp"

namespace skymarshal::agents::assessment {

/// Needs match_flight() with a match and take_stated_values() to have run. A look-up that fails makes
/// `database` failed and leaves the rest absent.
void take_surroundings(Situation& situation, ops::OperationsDatabase& database);

}  // namespace skymarshal::agents::assessment

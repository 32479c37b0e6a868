// What the prompts state, over what the flight's row told: the second step of understand().
// The prompt holds where they differ, and a note says so.
#pragma once

#include "agents/assessment/situation.hpp"

namespace skymarshal::agents::assessment {

/// Needs match_flight() to have run, where there is a database. Times of day become instants as far as a date
/// and the zones allow; nothing is guessed.
void take_stated_values(Situation& situation);

}  // namespace skymarshal::agents::assessment

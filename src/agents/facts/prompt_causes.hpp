// Reads what happened from a prompt: causes, and the phase of the flight.
// Pure and linear. Names of systems count as causes only beside a word of failure; negated words never do.
#pragma once

#include "agents/facts/fact_collector.hpp"

namespace skymarshal::agents::facts {

void read_causes(FactCollector& collector);
void read_phase(FactCollector& collector);

}  // namespace skymarshal::agents::facts

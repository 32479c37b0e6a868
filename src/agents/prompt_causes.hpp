// Reads what happened from a prompt: cause and system, phase of flight, state of the aircraft, MEL, cargo.
// Pure and linear. Names of systems count as causes only beside a word of failure; negated words never do.
#pragma once

#include "agents/fact_collector.hpp"

namespace skymarshal::agents {

void read_causes(FactCollector& collector);
void read_phase(FactCollector& collector);
void read_maintenance(FactCollector& collector);
void read_cargo(FactCollector& collector);

}  // namespace skymarshal::agents

// Reads the state of the aircraft and its MEL items from a prompt. Pure and linear.
// What is only hoped for ("once released to service") is not yet so.
#pragma once

#include "agents/facts/fact_collector.hpp"

namespace skymarshal::agents::facts {

void read_maintenance(FactCollector& collector);
void read_mel(FactCollector& collector);

}  // namespace skymarshal::agents::facts

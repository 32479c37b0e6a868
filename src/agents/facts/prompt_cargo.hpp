// Reads what is in the holds: kinds of cargo, UN numbers, temperatures, how long it may be on the way.
// Pure and linear. A temperature counts only beside words of cargo: the weather has one too.
#pragma once

#include "agents/facts/fact_collector.hpp"

namespace skymarshal::agents::facts {

void read_cargo(FactCollector& collector);

}  // namespace skymarshal::agents::facts

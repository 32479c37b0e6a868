// Reads how late the flight is and how long its repair takes. Pure and linear.
// A duration counts only where a word of delay or repair stands beside it.
#pragma once

#include "agents/facts/fact_collector.hpp"

namespace skymarshal::agents::facts {

/// "3 hours delay", "delayed by 2-3 h", "up to 2 hours late" (0 to 2 hours), "retard de 3 heures"; and
/// "repair takes 2 hours", "back in service in 90 minutes".
void read_delay_and_repair(FactCollector& collector);

}  // namespace skymarshal::agents::facts

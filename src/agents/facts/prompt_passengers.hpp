// Reads who is on board: passengers, connections, cabins, passengers with special needs. Pure and linear.
// A number counts only where its noun or label stands beside it.
#pragma once

#include "agents/facts/fact_collector.hpp"

namespace skymarshal::agents::facts {

void read_passengers(FactCollector& collector);
void read_connection_time(FactCollector& collector);
void read_cabins(FactCollector& collector);
void read_special_passengers(FactCollector& collector);

}  // namespace skymarshal::agents::facts

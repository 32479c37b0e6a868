// Reads what is said of the crew: how many, sectors, duty periods, rest, augmentation, split duty.
// Pure and linear. Limits and minima that a prompt cites ("max FDP 13 h") are no facts of this crew.
#pragma once

#include "agents/facts/fact_collector.hpp"

namespace skymarshal::agents::facts {

void read_crew_numbers(FactCollector& collector);
void read_crew_duty(FactCollector& collector);

}  // namespace skymarshal::agents::facts

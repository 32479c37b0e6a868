// Reads where a flight goes: origin, destination and diversion, by codes and by names of cities and airports.
// Pure, linear, no guesses: a city with several airports is left out, and so are codes that could be words.
#pragma once

#include "facts/fact_collector.hpp"

namespace skymarshal::facts {

void read_airports(FactCollector& collector);

}  // namespace skymarshal::facts

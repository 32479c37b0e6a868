// Reads which flight a prompt is about: flight numbers, airports, registration and type of the aircraft.
// Pure, linear, no guesses: codes that could be ordinary words count only where their neighbours say so.
#pragma once

#include "agents/fact_collector.hpp"

namespace skymarshal::agents {

void read_flight_numbers(FactCollector& collector);
void read_airports(FactCollector& collector);
void read_registrations(FactCollector& collector);
void read_aircraft_type(FactCollector& collector);

}  // namespace skymarshal::agents

// Reads which flights a prompt names, and finds what it says about others than the one in trouble.
// Pure, linear, no guesses: codes that could be ordinary words count only where their neighbours say so.
#pragma once

#include "agents/facts/fact_collector.hpp"

namespace skymarshal::agents::facts {

/// The first flight is the one in trouble, further ones are other flights. A clause whose subject is another
/// flight is set aside, up to the end of its sentence. Must run before the other readers.
void read_flight_numbers(FactCollector& collector);

/// True if token `i` follows words of connecting or rebooking in its clause: what it names is where
/// passengers go, not the flight in trouble.
bool is_about_connection(const PromptTokens& tokens, std::size_t i);

}  // namespace skymarshal::agents::facts

// Reads registrations and types of aircraft, and which of them a swap would bring in.
// Pure and linear. Marks of letters alone count only in capitals; "787" alone may count anything.
#pragma once

#include "agents/facts/fact_collector.hpp"

#include <string>

namespace skymarshal::agents::facts {

/// The type that the one word at `i` names ("A320", "B789"), as answers write it; empty if it names none.
std::string type_designation(const PromptTokens& tokens, std::size_t i);

void read_aircraft(FactCollector& collector);

}  // namespace skymarshal::agents::facts

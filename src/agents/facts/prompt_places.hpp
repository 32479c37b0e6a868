// Reads where a flight goes: origin, destination and diversion, by codes and by names of cities and airports.
// Pure, linear, no guesses: a city with several airports is left out, and so are codes that could be words.
#pragma once

#include "agents/facts/fact_collector.hpp"

#include <string>

namespace skymarshal::agents::facts {

void read_airports(FactCollector& collector);

/// IATA code of the known airport that is named at token `i` ("FRA", "Frankfurt"); empty if none is.
std::string airport_at(const PromptTokens& tokens, std::size_t i);
/// The same of a name that ends just before token `i`.
std::string airport_before(const PromptTokens& tokens, std::size_t i);

}  // namespace skymarshal::agents::facts

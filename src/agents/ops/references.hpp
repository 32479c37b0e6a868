// What the rows of an import must be among themselves: unique, referring to what is there, and possible in
// time. Pure.
#pragma once

#include "agents/ops/sheets.hpp"

namespace skymarshal::agents::ops {

/// Airports may also be of the built-in table (reference::find_airport), airlines of reference::find_airline.
/// Aircraft never fly two flights at once; nobody is served by two duties.
void check_references(const Sheets& sheets, Problems& problems);

}  // namespace skymarshal::agents::ops

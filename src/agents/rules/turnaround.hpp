// The least time an aircraft stands between two flights, where its operator states none.
// Constant table and pure functions. The values are assumptions of this program and are cited as such:
// operators agree their own minima with airports and handlers, and no published table binds them.
#pragma once

#include "agents/reference/aircraft_types.hpp"
#include "agents/rules/citation.hpp"

#include <cstdint>

namespace skymarshal::agents::rules {

/// Minutes; for `type` nullptr the value of a wide body, which is the most.
std::int32_t assumed_turnaround_minutes(const reference::AircraftType* type);

inline constexpr Citation own_turnaround_citation{"Operator's fleet data: minimum turnaround of the aircraft",
                                                  ""};
inline constexpr Citation assumed_turnaround_citation{
    "Assumption of SkyMarshal by body width; the operator's own minimum replaces it", ""};
/// Whose minimum connecting times hold: the airport's, as its operations data state them.
inline constexpr Citation connecting_time_citation{
    "Minimum connecting time of the airport (IATA Resolution 765), as the operations data state it", ""};

}  // namespace skymarshal::agents::rules

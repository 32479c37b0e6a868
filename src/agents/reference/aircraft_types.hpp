// The built-in table of aircraft types: designators and what planning needs of each.
// Constant table, safe from any thread. Designators: ICAO Doc 8643. Seats and figures of one airline's
// aircraft come from its own fleet; this table only says what holds for the type.
#pragma once

#include <cstdint>
#include <string_view>

namespace skymarshal::agents::reference {

enum class BodyWidth { regional, narrow, wide };

struct AircraftType {
  /// ICAO Doc 8643 type designator ("B789").
  std::string_view icao;
  /// As people write it ("787-9").
  std::string_view name;
  BodyWidth body = BodyWidth::narrow;
  std::int32_t engines = 2;
};

/// By ICAO designator or by name, any letter case; nullptr if the type is not in the table.
const AircraftType* find_aircraft_type(std::string_view designator_or_name);

}  // namespace skymarshal::agents::reference

#include "agents/rules/turnaround.hpp"

namespace skymarshal::agents::rules {

std::int32_t assumed_turnaround_minutes(const reference::AircraftType* type) {
  constexpr std::int32_t regional_minutes = 30;
  constexpr std::int32_t narrow_minutes = 45;
  constexpr std::int32_t wide_minutes = 90;
  if (type == nullptr) return wide_minutes;
  switch (type->body) {
    case reference::BodyWidth::regional:
      return regional_minutes;
    case reference::BodyWidth::narrow:
      return narrow_minutes;
    case reference::BodyWidth::wide:
      return wide_minutes;
  }
  return wide_minutes;
}

}  // namespace skymarshal::agents::rules

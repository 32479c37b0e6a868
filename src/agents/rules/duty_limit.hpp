// What a table of flight duty periods answers: the limit as planned, and how far it may be stretched on the
// day. Plain values, shared by the regimes of this folder.
#pragma once

#include "agents/rules/citation.hpp"

#include <cstdint>

namespace skymarshal::agents::rules {

struct DutyLimit {
  /// Maximum flight duty period, minutes.
  std::int32_t minutes = 0;
  /// The same with the commander's discretion or the extension on the day; never below `minutes`.
  std::int32_t stretched_minutes = 0;
  /// Where `minutes` comes from.
  Citation citation = {};

  std::int32_t stretch_minutes() const { return stretched_minutes - minutes; }
};

/// The more limiting of two. The stretch goes with its limit.
inline DutyLimit tighter(const DutyLimit& a, const DutyLimit& b) {
  if (a.minutes != b.minutes) return a.minutes < b.minutes ? a : b;
  return a.stretched_minutes <= b.stretched_minutes ? a : b;
}

}  // namespace skymarshal::agents::rules

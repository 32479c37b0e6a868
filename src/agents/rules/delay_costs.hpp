// What a minute of delay costs an airline beside its passengers: crew, maintenance, fuel, by aircraft and
// phase. Published reference values of 2014, in prices of that year. Constant table and pure functions.
#pragma once

#include "agents/rules/citation.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace skymarshal::agents::rules {

enum class DelayPhase { at_gate, taxi, airborne };
/// "at the gate".
std::string_view name_of(DelayPhase phase);

struct MinuteCost {
  std::int32_t eur_cents = 0;
  /// True if the type is none of those that were studied, so that the value comes from the study's own fit
  /// over the square root of the maximum take-off mass.
  bool fitted = false;
  /// Tonnes; 0 unless fitted.
  double take_off_mass_tonnes = 0;
};

/// `icao` is a designator of ICAO Doc 8643; nullopt if neither value nor mass of the type is on file.
std::optional<MinuteCost> delay_minute_cost(std::string_view icao, DelayPhase phase);

inline constexpr Citation minute_cost_citation{
    "University of Westminster for EUROCONTROL, European airline delay cost reference values, version 4.1 "
    "(base scenario, without passenger costs and network effect, prices of 2014)",
    "2015-12-24"};
inline constexpr Citation take_off_mass_citation{
    "Maximum take-off mass of the type by its manufacturer (highest certified)", ""};

}  // namespace skymarshal::agents::rules

// Rest before a duty and the hours of duty and flight over days, months and years, by regime.
// Constant data and pure functions: ORO.FTL.210 and ORO.FTL.235; 14 CFR 117.23 and 117.25. Recurrent recovery
// rest is not here, as it needs rosters of more than a day.
#pragma once

#include "agents/rules/citation.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace skymarshal::agents::rules {

/// Which sum of a crew member's hours a limit is for.
enum class HoursKind {
  duty_7_days,
  duty_14_days,
  duty_28_days,
  flight_28_days,
  flight_year,
  flight_12_months
};

struct HoursLimit {
  HoursKind kind;
  std::int32_t hours_max;
  /// "duty in 7 consecutive days".
  std::string_view what;
  Citation citation;

  std::int32_t minutes_max() const { return hours_max * 60; }
};

/// ORO.FTL.210(a) and (b).
std::span<const HoursLimit> easa_hours_limits();
/// 117.23(b) and (c); its flight duty hours are held against hours of duty, which are never fewer.
std::span<const HoursLimit> faa_hours_limits();

inline constexpr Citation easa_rest_citation = {"Regulation (EU) No 965/2012, ORO.FTL.235(a)(1) and (b)",
                                                "2016-02-18"};
inline constexpr Citation faa_rest_citation = {"14 CFR 117.25(e)", "2014-01-04"};

inline constexpr std::int32_t easa_rest_home_minutes = 720;
inline constexpr std::int32_t easa_rest_away_minutes = 600;
/// With an opportunity to sleep of faa_sleep_minutes.
inline constexpr std::int32_t faa_rest_minutes = 600;
inline constexpr std::int32_t faa_sleep_minutes = 480;

/// Minutes of rest before a duty that follows one of `preceding_duty_minutes`, at home base or away from it.
std::int32_t easa_rest_minutes_min(std::int32_t preceding_duty_minutes, bool at_home_base);

}  // namespace skymarshal::agents::rules

// When airports may not be used at night, and what a delay does to a flight plan and to a night quota.
// Constant tables. Only hours of the night that could be established from the law or the airport's own text
// are here; an airport that is absent may well have restrictions (the AIP tells).
#pragma once

#include "agents/rules/citation.hpp"

#include <cstdint>
#include <string_view>

namespace skymarshal::agents::rules {

/// Hours of a day on the wall, from `begin_minute` to before `end_minute`, over midnight if begin > end.
struct NightHours {
  std::int32_t begin_minute = 0;
  std::int32_t end_minute = 0;
  /// A flight that is late against its timetable may still move from the beginning to before this minute;
  /// equal to `begin_minute` if it may not.
  std::int32_t late_until_minute = 0;
};

/// At the edges one minute counts: the minute before the beginning and the end minute itself are allowed.
bool contains(const NightHours& hours, std::int32_t minute_of_day);
/// Within the hours, but in the part that is left for flights that are late.
bool allows_late(const NightHours& hours, std::int32_t minute_of_day);

struct AirportHours {
  std::string_view iata;
  NightHours departures;
  NightHours arrivals;
  Citation citation;
};

/// By IATA code in capitals; nullptr: none is on file here.
const AirportHours* find_airport_hours(std::string_view iata);

/// When a movement counts as one of the night for a quota whose hours are not given otherwise.
inline constexpr NightHours quota_night{23 * 60, 7 * 60, 23 * 60};
inline constexpr Citation quota_night_citation{"Directive 2002/49/EC, Annex I, 1 (night)", "2002-07-18"};

/// A delay beyond the estimated off-block time, minutes, after which the flight plan must be amended or filed
/// anew.
inline constexpr std::int32_t flight_plan_amend_minutes = 30;
inline constexpr Citation flight_plan_citation{"ICAO Doc 4444 (PANS-ATM), 4.4.2.1", ""};

}  // namespace skymarshal::agents::rules

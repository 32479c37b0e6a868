// Flight time and flight duty periods under 14 CFR Part 117: Tables A, B and C and the limits that follow
// from them. Constant data and pure functions. Binds flightcrew members of passenger operations under Part
// 121; cabin crew are under 14 CFR 121.467 and are not judged here.
#pragma once

#include "agents/rules/duty_limit.hpp"

#include <cstdint>
#include <optional>

namespace skymarshal::agents::rules {

inline constexpr Citation faa_flight_time_citation = {"14 CFR 117.11(a) and Table A to Part 117",
                                                      "2014-01-04"};
inline constexpr Citation faa_unaugmented_citation = {"14 CFR 117.13 and Table B to Part 117", "2014-01-04"};
inline constexpr Citation faa_augmented_citation = {"14 CFR 117.17 and Table C to Part 117", "2014-01-04"};
inline constexpr Citation faa_extension_citation = {"14 CFR 117.19(a)", "2014-01-04"};
inline constexpr Citation faa_reserve_citation = {"14 CFR 117.21(c)(3) and (4)", "2014-01-04"};

/// What pilot in command and certificate holder may add before take-off, 117.19(a)(1).
inline constexpr std::int32_t faa_extension_minutes = 120;
/// An extension of more than this may occur once before the rest of 117.25(b), and must be reported;
/// 117.19(a)(2).
inline constexpr std::int32_t faa_extension_unreported_minutes = 30;
/// Off the limit for a crew that is not acclimated, 117.13(b)(1), 117.17(b)(1).
inline constexpr std::int32_t faa_unacclimated_minutes = 30;
/// In-flight rest is allowed on so many segments, 117.17(d).
inline constexpr std::int32_t faa_augmented_segments_max = 3;
/// Reserve availability and flight duty together: this much over the table, and at most so much with two
/// pilots; 117.21(c)(3), (4).
inline constexpr std::int32_t faa_reserve_over_table_minutes = 240;
inline constexpr std::int32_t faa_reserve_unaugmented_minutes_max = 960;

/// Table B. `start_minute` is 0 to 1439, acclimated local time; segments below 1 count as 1, above 7 as 7.
std::int32_t faa_unaugmented_fdp(std::int32_t start_minute, std::int32_t segments);
/// Table C: three or four pilots (more count as four), facility class 1 to 3; nullopt where in-flight rest
/// gives no limit.
std::optional<std::int32_t> faa_augmented_fdp(std::int32_t start_minute, std::int32_t segments,
                                              std::int32_t pilots, std::int32_t facility);
/// 117.11(a): flight time of a flight duty period, by Table A for two pilots.
std::int32_t faa_flight_time_max(std::int32_t start_minute, std::int32_t pilots);

struct FaaDuty {
  /// 0 to 1439, local time where the crew is acclimated (or last was).
  std::int32_t start_minute = 0;
  std::int32_t segments = 1;
  bool acclimated = true;
  std::int32_t pilots = 2;
  /// Class 1 to 3; 0: none.
  std::int32_t rest_facility = 0;
};
DutyLimit faa_limit(const FaaDuty& duty);

}  // namespace skymarshal::agents::rules

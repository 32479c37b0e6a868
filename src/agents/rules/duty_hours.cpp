#include "agents/rules/duty_hours.hpp"

#include <algorithm>

namespace skymarshal::agents::rules {
namespace {

using enum HoursKind;

constexpr Citation easa_duty = {"Regulation (EU) No 965/2012, ORO.FTL.210(a)", "2016-02-18"};
constexpr Citation easa_flight = {"Regulation (EU) No 965/2012, ORO.FTL.210(b)", "2016-02-18"};
constexpr Citation faa_flight = {"14 CFR 117.23(b)", "2014-01-04"};
constexpr Citation faa_duty = {"14 CFR 117.23(c)", "2014-01-04"};

constexpr HoursLimit easa_limits[] = {
    {duty_7_days, 60, "duty in 7 consecutive days", easa_duty},
    {duty_14_days, 110, "duty in 14 consecutive days", easa_duty},
    {duty_28_days, 190, "duty in 28 consecutive days", easa_duty},
    {flight_28_days, 100, "flight time in 28 consecutive days", easa_flight},
    {flight_year, 900, "flight time in a calendar year", easa_flight},
    {flight_12_months, 1000, "flight time in 12 consecutive calendar months", easa_flight},
};

// 168 consecutive hours are 7 days, 672 are 28, and 365 consecutive calendar days are held against 12 months.
constexpr HoursLimit faa_limits[] = {
    {duty_7_days, 60, "flight duty in 168 consecutive hours", faa_duty},
    {duty_28_days, 190, "flight duty in 672 consecutive hours", faa_duty},
    {flight_28_days, 100, "flight time in 672 consecutive hours", faa_flight},
    {flight_12_months, 1000, "flight time in 365 consecutive calendar days", faa_flight},
};

}  // namespace

std::span<const HoursLimit> easa_hours_limits() { return easa_limits; }

std::span<const HoursLimit> faa_hours_limits() { return faa_limits; }

std::int32_t easa_rest_minutes_min(std::int32_t preceding_duty_minutes, bool at_home_base) {
  return std::max(preceding_duty_minutes, at_home_base ? easa_rest_home_minutes : easa_rest_away_minutes);
}

}  // namespace skymarshal::agents::rules

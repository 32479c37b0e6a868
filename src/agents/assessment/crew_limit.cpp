#include "agents/assessment/crew.hpp"
#include "agents/rules/flight_duty_faa.hpp"

#include <algorithm>
#include <vector>

namespace skymarshal::agents::assessment {
namespace {

/// No table of either regime changes within this many minutes of a start.
constexpr std::int32_t start_step_minutes = 15;
constexpr std::int32_t sectors_most = 10;

std::vector<std::int32_t> possible_starts(const DutyOutlook& outlook) {
  std::vector<std::int32_t> starts;
  if (!outlook.start_minute) {
    for (std::int32_t at = 0; at < reference::minutes_a_day; at += start_step_minutes) starts.push_back(at);
    return starts;
  }
  starts.push_back(*outlook.start_minute);
  if (!outlook.relief || !outlook.earliest_report || !outlook.report || !outlook.earliest_start_minute) {
    return starts;
  }
  const auto later = static_cast<std::int32_t>((*outlook.report - *outlook.earliest_report).count());
  for (std::int32_t at = 0; at < std::min(later, reference::minutes_a_day); at += start_step_minutes) {
    starts.push_back((*outlook.earliest_start_minute + at) % reference::minutes_a_day);
  }
  return starts;
}

std::vector<std::int32_t> possible_sectors(const DutyOutlook& outlook) {
  if (outlook.sectors) return {*outlook.sectors};
  return {1, sectors_most};
}

std::vector<std::int32_t> possible_pilots(const DutyOutlook& outlook) {
  if (outlook.pilots) return {*outlook.pilots};
  return {3, 4};
}

std::vector<std::int32_t> possible_facilities(const DutyOutlook& outlook) {
  if (outlook.rest_facility) return {*outlook.rest_facility};
  return {0, 1};
}

/// What time on standby takes off.
rules::DutyLimit after_standby(const rules::DutyLimit& limit, const DutyOutlook& outlook) {
  if (!outlook.relief) return limit;
  const bool longer = limit.citation.source == rules::easa_augmented_citation.source ||
                      limit.citation.source == rules::easa_split_duty_citation.source;
  const std::int32_t free = outlook.airport_standby ? rules::easa_airport_standby_free_minutes
                            : longer                ? rules::easa_standby_long_free_minutes
                                                    : rules::easa_standby_free_minutes;
  const std::int32_t off = std::max(0, outlook.standby_minutes - free);
  return {std::max(0, limit.minutes - off), std::max(0, limit.stretched_minutes - off), limit.citation};
}

/// What time in reserve leaves of the sum of reserve and flight duty.
rules::DutyLimit after_reserve(const rules::DutyLimit& limit, const DutyOutlook& outlook,
                               std::int32_t pilots) {
  if (!outlook.relief) return limit;
  std::int32_t sum = limit.minutes;
  if (!outlook.airport_standby) {
    sum += rules::faa_reserve_over_table_minutes;
    if (pilots < 3) sum = std::min(sum, rules::faa_reserve_unaugmented_minutes_max);
  }
  const std::int32_t minutes = std::max(0, std::min(limit.minutes, sum - outlook.standby_minutes));
  return {minutes, minutes + rules::faa_extension_minutes, limit.citation};
}

void widen(std::optional<LimitRange>& range, const rules::DutyLimit& table, const rules::DutyLimit& limit,
           std::int32_t start) {
  const bool smaller =
      !range || limit.minutes < range->least.minutes ||
      (limit.minutes == range->least.minutes && limit.stretched_minutes < range->least.stretched_minutes);
  if (!range) range = LimitRange{limit, limit};
  if (smaller) {
    range->least = limit;
    range->start_minute = start;
    range->standby_off_minutes = table.minutes - limit.minutes;
  }
  const bool larger =
      limit.minutes > range->most.minutes ||
      (limit.minutes == range->most.minutes && limit.stretched_minutes > range->most.stretched_minutes);
  if (larger) range->most = limit;
}

}  // namespace

DutyRegime duty_regime_of(const ops::Operator& airline) {
  if (reference::is_eu261_state(airline.country) || airline.country == "GB") return DutyRegime::easa;
  if (airline.country == "US") return DutyRegime::faa117;
  if (airline.duty_regime == "easa") return DutyRegime::easa;
  return airline.duty_regime == "faa117" ? DutyRegime::faa117 : DutyRegime::not_on_file;
}

std::string_view regime_text(DutyRegime regime, const ops::Operator& airline) {
  const bool scheme = regime != DutyRegime::not_on_file && airline.country != "GB" &&
                      airline.country != "US" && !reference::is_eu261_state(airline.country);
  switch (regime) {
    case DutyRegime::easa:
      if (scheme) return "its approved scheme, which follows EASA Subpart FTL";
      return airline.country == "GB" ? "EASA Subpart FTL as retained in the United Kingdom"
                                     : "EASA Subpart FTL";
    case DutyRegime::faa117:
      return scheme ? "its approved scheme, which follows FAA Part 117" : "FAA Part 117";
    case DutyRegime::not_on_file:
      break;
  }
  return "the flight time limitations of its own state";
}

std::optional<rules::EasaDuty> easa_duty_of(const DutyOutlook& outlook) {
  if (!outlook.start_minute || !outlook.sectors || !outlook.pilots) return std::nullopt;
  if (*outlook.pilots > 2 && !outlook.rest_facility) return std::nullopt;
  rules::EasaDuty duty;
  duty.start_minute = *outlook.start_minute;
  duty.sectors = *outlook.sectors;
  duty.acclimatised = outlook.acclimatised.value_or(true);
  duty.planned_extension = outlook.planned_extension;
  duty.pilots = *outlook.pilots;
  duty.rest_facility = outlook.rest_facility.value_or(0);
  duty.longest_sector_minutes = outlook.longest_sector_minutes;
  duty.split_break_minutes = outlook.split_break_minutes;
  return duty;
}

std::optional<LimitRange> limit_of(DutyRegime regime, const DutyOutlook& outlook) {
  if (regime == DutyRegime::not_on_file) return std::nullopt;
  std::optional<LimitRange> range;
  DutyOutlook known = outlook;
  for (const std::int32_t start : possible_starts(outlook)) {
    for (const std::int32_t sectors : possible_sectors(outlook)) {
      for (const std::int32_t pilots : possible_pilots(outlook)) {
        for (const std::int32_t facility : possible_facilities(outlook)) {
          known.start_minute = start;
          known.sectors = sectors;
          known.pilots = pilots;
          known.rest_facility = facility;
          const rules::FaaDuty faa{start, sectors, outlook.acclimatised.value_or(true), pilots, facility};
          const bool easa = regime == DutyRegime::easa;
          const rules::DutyLimit table =
              easa ? rules::easa_limit(*easa_duty_of(known)) : rules::faa_limit(faa);
          widen(range, table, easa ? after_standby(table, outlook) : after_reserve(table, outlook, pilots),
                start);
        }
      }
    }
  }
  if (range && outlook.relief && outlook.start_minute) range->most = range->least;
  return range;
}

}  // namespace skymarshal::agents::assessment

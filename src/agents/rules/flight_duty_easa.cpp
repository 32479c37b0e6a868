#include "agents/rules/flight_duty_easa.hpp"

#include "agents/rules/start_rows.hpp"

#include <algorithm>
#include <iterator>

namespace skymarshal::agents::rules {
namespace {

constexpr std::int32_t minutes_a_day = at(24, 0);

/// Starts from `from` up to the next row's; limit for one or two sectors.
struct BasicRow {
  std::int32_t from;
  std::int32_t limit;
};
constexpr BasicRow basic_rows[] = {
    {at(0, 0), at(11, 0)},    {at(5, 0), at(12, 0)},  {at(5, 15), at(12, 15)},  {at(5, 30), at(12, 30)},
    {at(5, 45), at(12, 45)},  {at(6, 0), at(13, 0)},  {at(13, 30), at(12, 45)}, {at(14, 0), at(12, 30)},
    {at(14, 30), at(12, 15)}, {at(15, 0), at(12, 0)}, {at(15, 30), at(11, 45)}, {at(16, 0), at(11, 30)},
    {at(16, 30), at(11, 15)}, {at(17, 0), at(11, 0)},
};
/// Each sector from the third takes half an hour off, down to nine hours: so reads every column of both
/// tables.
constexpr std::int32_t minutes_a_sector = 30;
constexpr std::int32_t fdp_floor = at(9, 0);
constexpr std::int32_t unacclimatised_fdp = at(11, 0);

/// `sectors_max` is the last column that is not "not allowed"; each sector from the third takes half an hour
/// off.
struct ExtensionRow {
  std::int32_t from;
  std::int32_t limit;
  std::int32_t sectors_max;
};
constexpr ExtensionRow extension_rows[] = {
    {at(0, 0), 0, 0},           {at(6, 15), at(13, 15), 5},
    {at(6, 30), at(13, 30), 5}, {at(6, 45), at(13, 45), 5},
    {at(7, 0), at(14, 0), 5},   {at(13, 30), at(13, 45), 4},
    {at(14, 0), at(13, 30), 4}, {at(14, 30), at(13, 15), 4},
    {at(15, 0), at(13, 0), 4},  {at(15, 30), at(12, 45), 2},
    {at(16, 0), at(12, 30), 2}, {at(16, 30), at(12, 15), 2},
    {at(17, 0), at(12, 0), 2},  {at(17, 30), at(11, 45), 2},
    {at(18, 0), at(11, 30), 2}, {at(18, 30), at(11, 15), 2},
    {at(19, 0), 0, 0},
};

/// By class of the rest facility, 1 first: three pilots, four and more.
constexpr std::int32_t augmented_fdp[3][2] = {
    {at(16, 0), at(17, 0)},
    {at(15, 0), at(16, 0)},
    {at(14, 0), at(15, 0)},
};
constexpr std::int32_t long_sector_minutes = at(9, 0);
constexpr std::int32_t long_sector_increase = at(1, 0);
constexpr std::int32_t long_sector_sectors_max = 2;

std::int32_t sectors_taken_off(std::int32_t sectors) { return std::max(0, sectors - 2) * minutes_a_sector; }

DutyLimit with_discretion(std::int32_t minutes, std::int32_t discretion, const Citation& citation) {
  return {minutes, minutes + discretion, citation};
}

}  // namespace

std::int32_t easa_basic_fdp(std::int32_t start_minute, std::int32_t sectors) {
  return std::max(fdp_floor, row_at(basic_rows, start_minute).limit - sectors_taken_off(sectors));
}

std::int32_t easa_unacclimatised_fdp(std::int32_t sectors) {
  return std::max(fdp_floor, unacclimatised_fdp - sectors_taken_off(sectors));
}

std::optional<std::int32_t> easa_extended_fdp(std::int32_t start_minute, std::int32_t sectors) {
  const ExtensionRow& row = row_at(extension_rows, start_minute);
  if (sectors > row.sectors_max) return std::nullopt;
  return row.limit - sectors_taken_off(sectors);
}

std::optional<std::int32_t> easa_augmented_fdp(std::int32_t pilots, std::int32_t facility,
                                               std::int32_t sectors, std::int32_t longest_sector_minutes) {
  if (pilots < 3 || facility < 1 || facility > 3 || sectors > easa_augmented_sectors_max) return std::nullopt;
  const bool long_sector = longest_sector_minutes > long_sector_minutes && sectors <= long_sector_sectors_max;
  return augmented_fdp[facility - 1][pilots == 3 ? 0 : 1] + (long_sector ? long_sector_increase : 0);
}

std::int32_t easa_split_duty_increase(std::int32_t break_minutes) {
  if (break_minutes < easa_split_break_minutes_min) return 0;
  return std::min(break_minutes, easa_split_break_minutes_counted_max) / 2;
}

DutyLimit easa_limit(const EasaDuty& duty) {
  const DutyLimit basic = duty.acclimatised
                              ? with_discretion(easa_basic_fdp(duty.start_minute, duty.sectors),
                                                easa_discretion_minutes, easa_basic_fdp_citation)
                              : with_discretion(easa_unacclimatised_fdp(duty.sectors),
                                                easa_discretion_minutes, easa_unacclimatised_fdp_citation);
  const auto augmented =
      easa_augmented_fdp(duty.pilots, duty.rest_facility, duty.sectors, duty.longest_sector_minutes);
  if (augmented && *augmented > basic.minutes) {
    return with_discretion(*augmented, easa_discretion_augmented_minutes, easa_augmented_citation);
  }
  // Extensions of Table 3 are a matter of the operator's approved fatigue risk management.
  if (!duty.acclimatised) return basic;
  if (const std::int32_t increase = easa_split_duty_increase(duty.split_break_minutes); increase > 0) {
    return with_discretion(basic.minutes + increase, easa_discretion_minutes, easa_split_duty_citation);
  }
  const auto extended = easa_extended_fdp(duty.start_minute, duty.sectors);
  if (!duty.planned_extension || !extended || *extended <= basic.minutes) return basic;
  return {*extended, std::max(*extended, basic.stretched_minutes), easa_extension_citation};
}

DutyLimit easa_limit_delayed(const EasaDuty& duty, std::int32_t report_delay_minutes) {
  const DutyLimit original = easa_limit(duty);
  if (report_delay_minutes < easa_delayed_report_limiting_minutes) return original;
  EasaDuty delayed = duty;
  delayed.start_minute = (duty.start_minute + report_delay_minutes) % minutes_a_day;
  return tighter(original, easa_limit(delayed));
}

}  // namespace skymarshal::agents::rules

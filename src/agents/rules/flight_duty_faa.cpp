#include "agents/rules/flight_duty_faa.hpp"

#include "agents/rules/start_rows.hpp"

#include <algorithm>
#include <iterator>

namespace skymarshal::agents::rules {
namespace {

/// Starts from `from` up to the next row's; limits by segments, 1 to 7 and more, in half hours as printed.
struct TableB {
  std::int32_t from;
  std::int32_t half_hours[7];
};
constexpr TableB table_b[] = {
    {at(0, 0), {18, 18, 18, 18, 18, 18, 18}},  {at(4, 0), {20, 20, 20, 20, 18, 18, 18}},
    {at(5, 0), {24, 24, 24, 24, 23, 22, 21}},  {at(6, 0), {26, 26, 24, 24, 23, 22, 21}},
    {at(7, 0), {28, 28, 26, 26, 25, 24, 23}},  {at(12, 0), {26, 26, 26, 26, 25, 24, 23}},
    {at(13, 0), {24, 24, 24, 24, 23, 22, 21}}, {at(17, 0), {24, 24, 22, 22, 20, 18, 18}},
    {at(22, 0), {22, 22, 20, 20, 18, 18, 18}}, {at(23, 0), {20, 20, 20, 18, 18, 18, 18}},
};

/// By class of the rest facility, 1 first: three pilots, four.
struct TableC {
  std::int32_t from;
  std::int32_t half_hours[3][2];
};
constexpr TableC table_c[] = {
    {at(0, 0), {{30, 34}, {28, 31}, {26, 27}}},  {at(6, 0), {{32, 37}, {30, 33}, {28, 29}}},
    {at(7, 0), {{34, 38}, {33, 36}, {30, 31}}},  {at(13, 0), {{32, 37}, {30, 33}, {28, 29}}},
    {at(17, 0), {{30, 34}, {28, 31}, {26, 27}}},
};

struct TableA {
  std::int32_t from;
  std::int32_t flight_time;
};
constexpr TableA table_a[] = {{at(0, 0), at(8, 0)}, {at(5, 0), at(9, 0)}, {at(20, 0), at(8, 0)}};
constexpr std::int32_t flight_time_three_pilots = at(13, 0);
constexpr std::int32_t flight_time_four_pilots = at(17, 0);

constexpr std::int32_t half_hour = 30;

}  // namespace

std::int32_t faa_unaugmented_fdp(std::int32_t start_minute, std::int32_t segments) {
  return row_at(table_b, start_minute).half_hours[std::clamp(segments, 1, 7) - 1] * half_hour;
}

std::optional<std::int32_t> faa_augmented_fdp(std::int32_t start_minute, std::int32_t segments,
                                              std::int32_t pilots, std::int32_t facility) {
  if (pilots < 3 || facility < 1 || facility > 3 || segments > faa_augmented_segments_max)
    return std::nullopt;
  return row_at(table_c, start_minute).half_hours[facility - 1][pilots == 3 ? 0 : 1] * half_hour;
}

std::int32_t faa_flight_time_max(std::int32_t start_minute, std::int32_t pilots) {
  if (pilots >= 4) return flight_time_four_pilots;
  return pilots == 3 ? flight_time_three_pilots : row_at(table_a, start_minute).flight_time;
}

DutyLimit faa_limit(const FaaDuty& duty) {
  const std::int32_t reduction = duty.acclimated ? 0 : faa_unacclimated_minutes;
  const auto augmented = faa_augmented_fdp(duty.start_minute, duty.segments, duty.pilots, duty.rest_facility);
  const std::int32_t minutes =
      augmented.value_or(faa_unaugmented_fdp(duty.start_minute, duty.segments)) - reduction;
  return {minutes, minutes + faa_extension_minutes,
          augmented ? faa_augmented_citation : faa_unaugmented_citation};
}

}  // namespace skymarshal::agents::rules

// Instants, local times and the zones between them, to the minute: what timetables and duty rosters are made
// of. Zones come from the system's IANA database (package tzdata), read at their first use. Safe from any
// thread.
#pragma once

#include "base/error.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::agents::reference {

/// An instant, as minutes since the Unix epoch.
using UtcMinutes = std::chrono::sys_time<std::chrono::minutes>;
/// What calendar and clock on the wall show somewhere.
using LocalMinutes = std::chrono::local_time<std::chrono::minutes>;
using Date = std::chrono::year_month_day;

inline constexpr std::int32_t minutes_a_day = 24 * 60;

/// True if `zone` is a name of the IANA database ("Asia/Dubai").
bool is_time_zone(std::string_view zone);

/// nullopt if there is no such zone.
std::optional<LocalMinutes> to_local(std::string_view zone, UtcMinutes instant);
/// nullopt if there is no such zone. A local time that comes twice (clocks go back) is its first; one that
/// never comes (clocks go forward) is the instant of the change.
std::optional<UtcMinutes> to_utc(std::string_view zone, LocalMinutes local);
/// Minutes ahead of UTC if the zone has the same offset all through `year`; nullopt otherwise.
std::optional<std::int32_t> fixed_offset_minutes(std::string_view zone, std::chrono::year year);

/// Minute of the day, 0 to 1439.
std::int32_t minute_of_day(LocalMinutes local);
Date date_of(LocalMinutes local);
Date date_of(UtcMinutes instant);
/// Calendar days from `from` to `to`; negative if `to` is earlier.
std::int32_t days_between(Date from, Date to);

/// "2026-06-15" (ISO 8601); nullopt for anything else and for dates that do not exist.
std::optional<Date> parse_date(std::string_view text);
/// "2026-06-15T05:30Z" (ISO 8601, to the minute); nullopt for anything else.
std::optional<UtcMinutes> parse_instant(std::string_view text);
std::string date_text(Date date);
std::string instant_text(UtcMinutes instant);
/// "05:30".
std::string clock_text(std::int32_t minute_of_day);
/// "2026-06-15 05:30".
std::string local_text(LocalMinutes local);

}  // namespace skymarshal::agents::reference

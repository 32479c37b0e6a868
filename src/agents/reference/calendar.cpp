#include "agents/reference/calendar.hpp"

#include <date/tz.h>
#include <stdexcept>

#include <fmt/format.h>

namespace skymarshal::agents::reference {
namespace {

using std::chrono::days;
using std::chrono::minutes;

/// nullptr if the database has no such zone, or is not installed.
const date::time_zone* find_zone(std::string_view zone) {
  try {
    return date::locate_zone(std::string(zone));
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

/// Digits at `offset` as a number; nullopt if one of the characters is none.
std::optional<int> digits(std::string_view text, std::size_t offset, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(offset, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::int32_t offset_minutes(const date::sys_info& info) {
  return static_cast<std::int32_t>(std::chrono::duration_cast<minutes>(info.offset).count());
}

}  // namespace

bool is_time_zone(std::string_view zone) { return find_zone(zone) != nullptr; }

std::optional<LocalMinutes> to_local(std::string_view zone, UtcMinutes instant) {
  const date::time_zone* found = find_zone(zone);
  if (found == nullptr) return std::nullopt;
  return LocalMinutes(std::chrono::floor<minutes>(found->to_local(instant).time_since_epoch()));
}

std::optional<UtcMinutes> to_utc(std::string_view zone, LocalMinutes local) {
  const date::time_zone* found = find_zone(zone);
  if (found == nullptr) return std::nullopt;
  const date::local_time<minutes> there(local.time_since_epoch());
  return std::chrono::floor<minutes>(found->to_sys(there, date::choose::earliest));
}

std::optional<std::int32_t> fixed_offset_minutes(std::string_view zone, std::chrono::year year) {
  const date::time_zone* found = find_zone(zone);
  if (found == nullptr) return std::nullopt;
  const std::chrono::sys_days first(year / std::chrono::January / 1);
  const std::chrono::sys_days next((year + std::chrono::years(1)) / std::chrono::January / 1);
  const date::sys_info info = found->get_info(first);
  if (info.end < next) return std::nullopt;
  return offset_minutes(info);
}

std::int32_t minute_of_day(LocalMinutes local) {
  return static_cast<std::int32_t>((local - std::chrono::floor<days>(local)).count());
}

Date date_of(LocalMinutes local) { return Date(std::chrono::floor<days>(local)); }
Date date_of(UtcMinutes instant) { return Date(std::chrono::floor<days>(instant)); }

std::int32_t days_between(Date from, Date to) {
  return static_cast<std::int32_t>((std::chrono::sys_days(to) - std::chrono::sys_days(from)).count());
}

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  if (!year || !month || !day) return std::nullopt;
  const Date parsed(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                    std::chrono::day(static_cast<unsigned>(*day)));
  return parsed.ok() ? std::optional(parsed) : std::nullopt;
}

std::optional<UtcMinutes> parse_instant(std::string_view text) {
  if (text.size() != 17 || text[10] != 'T' || text[13] != ':' || text[16] != 'Z') return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  if (!date || !hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return UtcMinutes(std::chrono::sys_days(*date)) + std::chrono::hours(*hour) + minutes(*minute);
}

std::string date_text(Date date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string clock_text(std::int32_t minute_of_day) {
  return fmt::format("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60);
}

std::string instant_text(UtcMinutes instant) {
  const auto minute = static_cast<std::int32_t>((instant - std::chrono::floor<days>(instant)).count());
  return fmt::format("{}T{}Z", date_text(date_of(instant)), clock_text(minute));
}

std::string local_text(LocalMinutes local) {
  return fmt::format("{} {}", date_text(date_of(local)), clock_text(minute_of_day(local)));
}

}  // namespace skymarshal::agents::reference

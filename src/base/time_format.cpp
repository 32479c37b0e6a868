#include "base/time_format.hpp"

#include <array>
#include <ctime>
#include <string_view>

#include <fmt/format.h>

namespace skymarshal {
namespace {

struct CivilTime {
  int year;
  unsigned month, day, weekday;
  std::int64_t hour, minute, second, millisecond;
};

CivilTime civil(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          std::chrono::weekday(day).c_encoding(),
          clock.hours().count(),
          clock.minutes().count(),
          clock.seconds().count(),
          clock.subseconds().count()};
}

/// The number that the digits in `text` at `at` make; nullopt if one of them is none.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int number = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

std::string iso8601(WallTime time) {
  const CivilTime c = civil(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", c.year, c.month, c.day, c.hour, c.minute,
                     c.second, c.millisecond);
}

std::optional<WallTime> parse_iso8601(std::string_view text) {
  constexpr std::string_view whole = "0000-00-00T00:00:00Z";
  constexpr std::string_view with_milliseconds = "0000-00-00T00:00:00.000Z";
  const bool has_milliseconds = text.size() == with_milliseconds.size();
  if (!has_milliseconds && text.size() != whole.size()) return std::nullopt;
  const std::string_view form = has_milliseconds ? with_milliseconds : whole;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] != '0' && text[i] != form[i]) return std::nullopt;
  }
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  const auto ms = has_milliseconds ? digits(text, 20, 3) : 0;
  if (!year || !month || !day || !hour || !minute || !second || !ms) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return WallTime(std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
                  std::chrono::seconds(*second) + Milliseconds(*ms));
}

std::string http_date(WallTime time) {
  static constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const CivilTime c = civil(time);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[c.weekday], c.day, months[c.month - 1],
                     c.year, c.hour, c.minute, c.second);
}

std::optional<WallTime> parse_http_date(std::string_view text) {
  // IMF-fixdate, rfc850-date, asctime-date. The process keeps the C locale, whose names of days and months
  // these are.
  static constexpr std::array forms = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                       "%a %b %e %H:%M:%S %Y"};
  const std::string terminated(text);
  for (const char* const form : forms) {
    std::tm parts{};
    const char* const end = ::strptime(terminated.c_str(), form, &parts);
    if (end != nullptr && *end == '\0') return from_unix_ms(std::int64_t{::timegm(&parts)} * 1000);
  }
  return std::nullopt;
}

}  // namespace skymarshal

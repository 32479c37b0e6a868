#include "http/retry_after.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <string>

namespace skymarshal::http {
namespace {

using std::chrono::seconds;

/// IMF-fixdate, rfc850-date, asctime-date. The process keeps the C locale, whose names of days and months
/// these are.
constexpr std::array date_forms = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                   "%a %b %e %H:%M:%S %Y"};

std::optional<std::time_t> parse_http_date(const std::string& text) {
  for (const char* const form : date_forms) {
    std::tm parts{};
    const char* const end = ::strptime(text.c_str(), form, &parts);
    if (end != nullptr && *end == '\0') return ::timegm(&parts);
  }
  return std::nullopt;
}

}  // namespace

std::optional<seconds> parse_retry_after_seconds(std::string_view value) {
  value = trim(value);
  if (!is_digits(value)) return std::nullopt;
  // More digits than a number holds are more than anybody waits.
  const auto delay = parse_number<std::int64_t>(value);
  return delay ? std::clamp(seconds(*delay), retry_after_min, retry_after_max) : retry_after_max;
}

std::optional<seconds> parse_retry_after(std::string_view value, WallTime now) {
  if (const auto delay = parse_retry_after_seconds(value)) return delay;
  const auto date = parse_http_date(std::string(trim(value)));
  if (!date) return std::nullopt;
  const auto wait = std::chrono::ceil<seconds>(std::chrono::system_clock::from_time_t(*date) - now);
  return std::clamp(wait, retry_after_min, retry_after_max);
}

}  // namespace skymarshal::http

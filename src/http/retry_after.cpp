#include "http/retry_after.hpp"

#include "base/text.hpp"
#include "base/time_format.hpp"

#include <algorithm>
#include <string>

namespace skymarshal::http {

using std::chrono::seconds;

std::optional<seconds> parse_retry_after_seconds(std::string_view value) {
  value = trim(value);
  if (!is_digits(value)) return std::nullopt;
  // More digits than a number holds are more than anybody waits.
  const auto delay = parse_number<std::int64_t>(value);
  return delay ? std::clamp(seconds(*delay), retry_after_min, retry_after_max) : retry_after_max;
}

std::optional<seconds> parse_retry_after(std::string_view value, WallTime now) {
  if (const auto delay = parse_retry_after_seconds(value)) return delay;
  const auto date = parse_http_date(trim(value));
  if (!date) return std::nullopt;
  const auto wait = std::chrono::ceil<seconds>(*date - now);
  return std::clamp(wait, retry_after_min, retry_after_max);
}

}  // namespace skymarshal::http

// When somebody who is busy wants to be asked again: Retry-After (RFC 9110 section 10.2.3). Pure.
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

namespace skymarshal::http {

/// What is read is never outside of these, whatever is written: nobody comes back at once, and a slip of
/// somebody else's does not lock callers out for days.
inline constexpr std::chrono::seconds retry_after_min{1};
inline constexpr std::chrono::seconds retry_after_max{3600};

/// A wait of ours as delay-seconds: never too short for it, and never none.
constexpr std::chrono::seconds retry_after(Milliseconds wait) {
  return std::max(std::chrono::ceil<std::chrono::seconds>(wait), retry_after_min);
}

/// delay-seconds within those bounds; nullopt for anything else.
std::optional<std::chrono::seconds> parse_retry_after_seconds(std::string_view value);

/// delay-seconds or an HTTP-date in any of the three forms of RFC 9110 section 5.6.7, seen from `now`, within
/// those bounds; nullopt for anything else.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, WallTime now);

}  // namespace skymarshal::http

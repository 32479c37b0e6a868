// Points in time as text. Pure.
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace skymarshal {

/// ISO 8601 in UTC with milliseconds: 2026-01-31T09:05:00.123Z. Years 0000 to 9999.
std::string iso8601(WallTime time);
/// Exactly that form, with or without the milliseconds, and a time that exists; else nullopt.
std::optional<WallTime> parse_iso8601(std::string_view text);

/// IMF-fixdate of RFC 9110 section 5.6.7: Sat, 31 Jan 2026 09:05:00 GMT.
std::string http_date(WallTime time);
/// An HTTP-date in any of the three forms of that section; nullopt for anything else.
std::optional<WallTime> parse_http_date(std::string_view text);

}  // namespace skymarshal

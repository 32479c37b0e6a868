// Points in time as text. Pure.
#pragma once

#include "base/clock.hpp"

#include <string>

namespace skymarshal {

/// ISO 8601 in UTC with milliseconds: 2026-01-31T09:05:00.123Z. Years 0000 to 9999.
std::string iso8601(WallTime time);

/// IMF-fixdate of RFC 9110 section 5.6.7: Sat, 31 Jan 2026 09:05:00 GMT.
std::string http_date(WallTime time);

}  // namespace skymarshal

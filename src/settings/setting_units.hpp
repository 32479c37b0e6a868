// Numbers that many settings' limits are made of, and sets of commands. Constants.
#pragma once

#include "settings/settings.hpp"

namespace skymarshal::settings {

inline constexpr std::int64_t hour_ms = 3'600'000;
inline constexpr std::int64_t day_ms = 24 * hour_ms;
inline constexpr std::int64_t gib = 1'073'741'824;
inline constexpr unsigned serve_and_runtime = used_by_serve | used_by_runtime;
inline constexpr unsigned serve_and_cleanup = used_by_serve | used_by_cleanup;

}  // namespace skymarshal::settings

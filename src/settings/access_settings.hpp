// From settings to the options of who may call, and how much. Pure.
#pragma once

#include "base/error.hpp"
#include "limits/rate_limiter.hpp"
#include "settings/settings.hpp"

#include <map>
#include <string>
#include <vector>

namespace skymarshal::settings {

/// Requests by tier, of texts such as "gold=1000". Errc::invalid_request for anything else, for more than a
/// million requests, and for a tier that is named twice.
Result<std::map<std::string, std::int64_t>> parse_rate_limit_tiers(const std::vector<std::string>& items);

/// Settings must have passed load_settings.
limits::RateLimits rate_limits(const Settings& settings);

/// Whether `auth` has what it needs: keys, an issuer, …. Errc::invalid_request says what is missing and how
/// to get it.
Result<void> check_access(const Settings& settings);

}  // namespace skymarshal::settings

// From settings to what they decide about callers: who may call, how much, and whether a gateway may be
// served at all. Pure.
#pragma once

#include "base/error.hpp"
#include "limits/rate_limiter.hpp"
#include "settings/settings.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::settings {

/// Requests by tier, of texts such as "gold=1000". Errc::invalid_request for anything else, for more than a
/// million requests, and for a tier that is named twice.
Result<std::map<std::string, std::int64_t>> parse_rate_limit_tiers(const std::vector<std::string>& items);

limits::RateLimits rate_limits(const Settings& settings);

/// Whether `auth` has what it needs: keys, an issuer, …. Errc::invalid_request says what is missing and how
/// to get it.
Result<void> check_access(const Settings& settings);
/// Whether the store is the one that whoever named a table means.
Result<void> check_store_choice(const Settings& settings);
/// Whether a gateway may be served with these settings: check_access, and what else must stand together.
Result<void> check_for_serving(const Settings& settings);

}  // namespace skymarshal::settings

#include "settings/access_settings.hpp"

#include "http/url.hpp"

#include <charconv>

#include <fmt/format.h>

namespace skymarshal::settings {
namespace {

constexpr std::int64_t tier_requests_max = 1'000'000;
constexpr std::size_t tier_name_bytes_max = 64;

Result<void> refused(std::string message) { return make_error(Errc::invalid_request, std::move(message)); }

Result<void> check_keys(const Settings& settings) {
  if (!settings.keys.empty()) return {};
  return refused(
      "keys: auth iam needs a file of access keys. Make one with 'skymarshal keys add --file keys.json "
      "--principal ARN' and write --keys keys.json; --auth jwt or sts ask somebody else who calls, and --dev "
      "lets everybody of this machine in to try things out");
}

Result<void> check_tokens(const Settings& settings) {
  if (!settings.jwks.empty() && !settings.jwt_issuer.empty() && !settings.jwt_audiences.empty()) return {};
  return refused(
      "auth jwt needs jwks (where the issuer's public keys are), jwt_issuer and jwt_audiences: give all "
      "three");
}

Result<void> check_identities(const Settings& settings) {
  if (!settings.sts_server_id.empty() && !settings.sts_allowed_principals.empty()) return {};
  return refused(
      "auth sts needs sts_server_id (a name of this gateway) and sts_allowed_principals (whose ARNs may "
      "call): give both");
}

Result<void> check_openness(const Settings& settings) {
  const auto address = http::parse_host_port(settings.listen);
  if (!address) return address.error();
  if (is_loopback(address->host) || settings.allow_open_network) return {};
  return refused(fmt::format(
      "listen: with auth none, everybody who reaches {} could run agents and read all sessions. Listen on "
      "127.0.0.1, or write --allow-open-network if something in front of this server keeps others out",
      settings.listen));
}

}  // namespace

Result<std::map<std::string, std::int64_t>> parse_rate_limit_tiers(const std::vector<std::string>& items) {
  std::map<std::string, std::int64_t> tiers;
  for (const std::string& item : items) {
    const std::size_t equals = std::min(item.find('='), item.size());
    const std::string name = item.substr(0, equals);
    const char* const end = item.data() + item.size();
    std::int64_t requests = 0;
    const auto [stopped, error] =
        std::from_chars(item.data() + std::min(equals + 1, item.size()), end, requests);
    const bool number =
        error == std::errc() && stopped == end && requests >= 0 && requests <= tier_requests_max;
    if (name.empty() || name.size() > tier_name_bytes_max || !number ||
        !tiers.emplace(name, requests).second) {
      return make_error(
          Errc::invalid_request,
          fmt::format("write each tier once as name=requests, with 0 (no limit) to {} requests: "
                      "gold=1000,trial=10",
                      tier_requests_max));
    }
  }
  return tiers;
}

limits::RateLimits rate_limits(const Settings& settings) {
  limits::RateLimits limits;
  limits.principal = {settings.rate_limit, settings.rate_limit_window};
  limits.account = {settings.account_rate_limit, std::chrono::seconds(1)};
  for (const auto& [name, requests] : parse_rate_limit_tiers(settings.rate_limit_tiers).value()) {
    limits.tiers[name] = {requests, settings.rate_limit_window};
  }
  return limits;
}

Result<void> check_access(const Settings& settings) {
  if (settings.auth == "iam") return check_keys(settings);
  if (settings.auth == "jwt") return check_tokens(settings);
  if (settings.auth == "sts") return check_identities(settings);
  return check_openness(settings);
}

}  // namespace skymarshal::settings

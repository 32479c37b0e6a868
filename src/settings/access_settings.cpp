#include "settings/access_settings.hpp"

#include "http/url.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::settings {
namespace {

constexpr std::int64_t tier_requests_max = 1'000'000;
constexpr std::size_t tier_name_bytes_max = 64;

Result<void> refused(std::string message) { return make_error(Errc::invalid_request, std::move(message)); }

Result<void> check_keys(const Settings& settings) {
  if (!settings.get<"keys">().empty()) return {};
  return refused(
      "keys: auth iam needs a file of access keys. Make one with 'skymarshal keys add --file keys.json "
      "--principal ARN' and write --keys keys.json; --auth jwt or sts ask somebody else who calls, and --dev "
      "lets everybody of this machine in to try things out");
}

Result<void> check_tokens(const Settings& settings) {
  if (!settings.get<"jwks">().empty() && !settings.get<"jwt_issuer">().empty() &&
      !settings.get<"jwt_audiences">().empty())
    return {};
  return refused(
      "auth jwt needs jwks (where the issuer's public keys are), jwt_issuer and jwt_audiences: give all "
      "three");
}

Result<void> check_identities(const Settings& settings) {
  if (!settings.get<"sts_server_id">().empty() && !settings.get<"sts_allowed_principals">().empty())
    return {};
  return refused(
      "auth sts needs sts_server_id (a name of this gateway) and sts_allowed_principals (whose ARNs may "
      "call): give both");
}

Result<void> check_openness(const Settings& settings) {
  const auto address = http::parse_host_port(settings.get<"listen">());
  if (!address) return address.error();
  if (http::is_loopback(address->host) || settings.get<"allow_open_network">()) return {};
  return refused(fmt::format(
      "listen: with auth none, everybody who reaches {} could run agents and read all sessions. Listen on "
      "127.0.0.1, or write --allow-open-network if something in front of this server keeps others out",
      settings.get<"listen">()));
}

}  // namespace

Result<std::map<std::string, std::int64_t>> parse_rate_limit_tiers(const std::vector<std::string>& items) {
  auto tiers = parse_named_numbers(items, tier_requests_max);
  const auto is_name = [](const auto& tier) {
    return !tier.first.empty() && tier.first.size() <= tier_name_bytes_max;
  };
  if (tiers && std::ranges::all_of(*tiers, is_name)) return *std::move(tiers);
  return make_error(Errc::invalid_request,
                    fmt::format("write each tier once as name=requests, with 0 (no limit) to {} requests: "
                                "gold=1000,trial=10",
                                tier_requests_max));
}

limits::RateLimits rate_limits(const Settings& settings) {
  limits::RateLimits limits;
  limits.principal = {settings.get<"rate_limit">(), settings.get<"rate_limit_window_ms">()};
  limits.account = {settings.get<"account_rate_limit">(), std::chrono::seconds(1)};
  for (const auto& [name, requests] : parse_rate_limit_tiers(settings.get<"rate_limit_tiers">()).value()) {
    limits.tiers[name] = {requests, settings.get<"rate_limit_window_ms">()};
  }
  return limits;
}

Result<void> check_access(const Settings& settings) {
  if (settings.get<"auth">() == "iam") return check_keys(settings);
  if (settings.get<"auth">() == "jwt") return check_tokens(settings);
  if (settings.get<"auth">() == "sts") return check_identities(settings);
  return check_openness(settings);
}

Result<void> check_store_choice(const Settings& settings) {
  const Setting& table = *find_setting("session_table_name");
  if (settings.get<"store">() == "dynamodb" || settings.get<"session_table_name">() == table.fallback)
    return {};
  return refused(
      "SESSION_TABLE_NAME names a DynamoDB table, and sessions are kept in an SQLite file: set "
      "SKYMARSHAL_STORE=dynamodb too, or unset it");
}

Result<void> check_for_serving(const Settings& settings) {
  const Result<void> access = check_access(settings);
  if (!access) return access.error();
  const Result<void> store = check_store_choice(settings);
  if (!store) return store.error();
  if (settings.get<"tls_cert">().empty() == settings.get<"tls_key">().empty()) return {};
  return refused("tls_cert and tls_key belong together: give both, or none of them for plain HTTP");
}

}  // namespace skymarshal::settings

#include "aws/configuration.hpp"

#include "aws/partition.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::aws {
namespace {

constexpr std::size_t shared_file_bytes_max = std::size_t{1} << 20;

/// Empty if nobody says where it is.
std::string place_of(const Configuration& configuration, std::string_view variable_name,
                     std::string_view default_name) {
  const std::string_view home = configuration.variable("HOME");
  std::string_view named = configuration.variable(variable_name);
  if (named.empty()) return home.empty() ? std::string() : fmt::format("{}/.aws/{}", home, default_name);
  // As a shell has it; a variable that was set elsewhere may hold it still.
  if (!home.empty() && (named == "~" || named.starts_with("~/"))) {
    named.remove_prefix(1);
    return std::string(home).append(named);
  }
  return std::string(named);
}

/// No text where there is no such file.
Result<Secret> read_shared_file(const std::string& path) {
  std::error_code ignored;  // What cannot be looked at is not there for us.
  if (path.empty() || !std::filesystem::is_regular_file(path, ignored)) return Secret();
  auto text = read_file(path, shared_file_bytes_max);
  if (!text) return unusable_credentials(fmt::format("the file {} cannot be read", path));
  Secret wiped(*std::move(text));
  if (wiped.reveal().size() > shared_file_bytes_max) {
    return unusable_credentials(
        fmt::format("the file {} is larger than {} bytes", path, shared_file_bytes_max));
  }
  return wiped;
}

Result<Profiles> profiles_of(const Secret& text, const std::string& path, SharedFileKind kind) {
  auto profiles = parse_shared_file(text.reveal(), kind);
  if (profiles) return profiles;
  return unusable_credentials(
      fmt::format("the file {} cannot be understood: {}", path, profiles.error().message));
}

Secret setting_of(const Profiles& profiles, std::string_view profile, std::string_view name) {
  const auto at = profiles.find(profile);
  if (at == profiles.end()) return {};
  const auto found = at->second.find(name);
  return found == at->second.end() ? Secret() : found->second;
}

/// Where somebody says that the service is, and who; empty if nobody does.
std::pair<std::string, std::string> configured_endpoint(const Configuration& configuration,
                                                        const ServiceName& service) {
  if (equal_ignoring_case(configuration.variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true")) return {};
  for (const std::string& name :
       {fmt::format("AWS_ENDPOINT_URL_{}", service.variable), std::string("AWS_ENDPOINT_URL")}) {
    const std::string_view url = configuration.variable(name);
    if (!url.empty()) return {std::string(url), fmt::format("the variable {}", name)};
  }
  return {configuration.text(configuration.profile(), "endpoint_url"),
          fmt::format("endpoint_url of profile {}", configuration.profile())};
}

}  // namespace

Result<Configuration> Configuration::read(ConfigurationSearch search) {
  Configuration read;
  read.search_ = std::move(search);
  const std::string_view variable_profile = read.variable("AWS_PROFILE");
  read.profile_ = read.search_.profile.empty() ? variable_profile : std::string_view(read.search_.profile);
  const bool is_asked_for = !read.profile_.empty();
  if (!is_asked_for) read.profile_ = "default";

  read.credentials_path_ = place_of(read, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
  read.config_path_ = place_of(read, "AWS_CONFIG_FILE", "config");
  const auto credentials_text = read_shared_file(read.credentials_path_);
  if (!credentials_text) return credentials_text.error();
  const auto config_text = read_shared_file(read.config_path_);
  if (!config_text) return config_text.error();
  auto credentials = profiles_of(*credentials_text, read.credentials_path_, SharedFileKind::credentials);
  if (!credentials) return credentials.error();
  auto config = profiles_of(*config_text, read.config_path_, SharedFileKind::config);
  if (!config) return config.error();
  auto sessions = profiles_of(*config_text, read.config_path_, SharedFileKind::sso_sessions);
  if (!sessions) return sessions.error();
  read.credentials_ = *std::move(credentials);
  read.config_ = *std::move(config);
  read.sso_sessions_ = *std::move(sessions);

  if (is_asked_for && !read.has_profile(read.profile_)) {
    return unusable_credentials(fmt::format(
        "there is no profile '{}' in the AWS files '{}' and '{}'{}", read.profile_, read.credentials_path_,
        read.config_path_, read.caller_names_profile() ? "" : ": see the variable AWS_PROFILE"));
  }
  return read;
}

std::string_view Configuration::variable(std::string_view name) const {
  const auto found = search_.environment.find(std::string(name));
  return found == search_.environment.end() ? std::string_view() : std::string_view(found->second);
}

bool Configuration::uses_fips() const {
  return search_.use_fips.value_or(equal_ignoring_case(variable("AWS_USE_FIPS_ENDPOINT"), "true"));
}

bool Configuration::has_profile(std::string_view profile) const {
  return credentials_.contains(profile) || config_.contains(profile);
}

Secret Configuration::setting(std::string_view profile, std::string_view name) const {
  Secret said = setting_of(credentials_, profile, name);
  return said.empty() ? setting_of(config_, profile, name) : said;
}

std::string Configuration::text(std::string_view profile, std::string_view name) const {
  return std::string(setting(profile, name).reveal());
}

Secret Configuration::setting_in(SharedFileKind file, std::string_view profile, std::string_view name) const {
  return setting_of(file == SharedFileKind::credentials ? credentials_ : config_, profile, name);
}

const ProfileSettings* Configuration::sso_session(std::string_view name) const {
  const auto found = sso_sessions_.find(name);
  return found == sso_sessions_.end() ? nullptr : &found->second;
}

const std::string& Configuration::path_of(SharedFileKind file) const {
  return file == SharedFileKind::credentials ? credentials_path_ : config_path_;
}

Result<std::string> find_region(const Configuration& configuration) {
  std::string region = configuration.caller_region();
  if (region.empty()) region = configuration.variable("AWS_REGION");
  if (region.empty()) region = configuration.variable("AWS_DEFAULT_REGION");
  if (region.empty()) region = configuration.text(configuration.profile(), "region");
  if (!region.empty() && !is_host_label(region)) {
    return unusable_credentials(
        "the AWS region in the environment or profile is no region's name, such as us-east-1");
  }
  return region;
}

Result<http::Endpoint> service_endpoint(const Configuration& configuration, const ServiceName& service,
                                        std::string_view region) {
  const auto [url, where] = configured_endpoint(configuration, service);
  if (!url.empty()) {
    auto endpoint = http::parse_endpoint(url);
    const bool is_http = endpoint && (endpoint->scheme == "https" || endpoint->scheme == "http");
    if (!is_http || (!endpoint->secure() && !http::is_loopback(endpoint->host))) {
      return unusable_credentials(fmt::format(
          "{} is no address that credentials can be had from: it must begin with https://", where));
    }
    return *std::move(endpoint);
  }
  if (region.empty()) {
    return unusable_credentials(
        "no AWS region is named, and each has an STS of its own: set AWS_REGION, or region in the profile");
  }
  std::string host = service_host_plain_in_govcloud(service.host, region, configuration.uses_fips());
  return http::Endpoint{"https", std::move(host), 443, "/"};
}

}  // namespace skymarshal::aws

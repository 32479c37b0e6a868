#include "aws/credentials.hpp"

#include "aws/shared_file.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <filesystem>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::aws {
namespace {

constexpr std::size_t file_bytes_max = std::size_t{1} << 20;

/// What one source says; absent settings are empty.
struct Stated {
  Secret access_key_id;
  Secret secret_access_key;
  Secret session_token;
};

/// How the source calls its settings.
struct Names {
  std::string_view access_key_id;
  std::string_view secret_access_key;
  std::string_view session_token;
};

constexpr Names variable_names = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
constexpr Names setting_names = {"aws_access_key_id", "aws_secret_access_key", "aws_session_token"};

/// Nothing if neither half of a key is stated.
Result<std::optional<Credentials>> complete(const Stated& stated, const Names& names,
                                            std::string_view source) {
  if (stated.access_key_id.empty() && stated.secret_access_key.empty()) return std::nullopt;
  if (stated.access_key_id.empty() || stated.secret_access_key.empty()) {
    const bool has_id = !stated.access_key_id.empty();
    return unusable_credentials(fmt::format("{} has {} but no {}: give both, or neither", source,
                                            has_id ? names.access_key_id : names.secret_access_key,
                                            has_id ? names.secret_access_key : names.access_key_id));
  }
  const std::pair<std::string_view, const Secret*> words[] = {
      {names.access_key_id, &stated.access_key_id},
      {names.secret_access_key, &stated.secret_access_key},
      {names.session_token, &stated.session_token}};
  for (const auto& [name, value] : words) {
    if (!value->empty() && !is_visible_ascii(value->reveal())) {
      return unusable_credentials(
          fmt::format("{} of {} is not one word of plain characters: copy it anew", name, source));
    }
  }
  return Credentials{std::string(stated.access_key_id.reveal()), stated.secret_access_key,
                     stated.session_token};
}

std::string_view variable(const CredentialSearch& search, std::string_view name) {
  const auto found = search.environment.find(std::string(name));
  return found == search.environment.end() ? std::string_view() : std::string_view(found->second);
}

Secret secret_variable(const CredentialSearch& search, std::string_view name) {
  return Secret(std::string(variable(search, name)));
}

/// Empty if nobody says where it is.
std::string place_of(const CredentialSearch& search, std::string_view variable_name,
                     std::string_view default_name) {
  const std::string_view home = variable(search, "HOME");
  std::string_view named = variable(search, variable_name);
  if (named.empty()) return home.empty() ? std::string() : fmt::format("{}/.aws/{}", home, default_name);
  // As a shell has it; a variable that was set elsewhere may hold it still.
  if (!home.empty() && (named == "~" || named.starts_with("~/"))) {
    named.remove_prefix(1);
    return std::string(home).append(named);
  }
  return std::string(named);
}

/// No profiles where there is no such file.
Result<Profiles> read_profiles(const std::string& path, SharedFileKind kind) {
  std::error_code ignored;  // What cannot be looked at is not there for us.
  if (path.empty() || !std::filesystem::is_regular_file(path, ignored)) return Profiles();
  auto text = read_file(path, file_bytes_max);
  if (!text) return unusable_credentials(fmt::format("the file {} cannot be read", path));
  const Secret wiped(*std::move(text));
  if (wiped.reveal().size() > file_bytes_max) {
    return unusable_credentials(fmt::format("the file {} is larger than {} bytes", path, file_bytes_max));
  }
  auto profiles = parse_shared_file(wiped.reveal(), kind);
  if (!profiles) {
    return unusable_credentials(
        fmt::format("the file {} cannot be understood: {}", path, profiles.error().message));
  }
  return profiles;
}

/// One file, and what it says of the profile that counts.
struct SharedFile {
  std::string path;
  /// Null if it does not know the profile.
  const ProfileSettings* settings = nullptr;

  Secret find(std::string_view name) const {
    if (settings == nullptr) return {};
    const auto found = settings->find(name);
    return found == settings->end() ? Secret() : found->second;
  }
};

Result<std::string> find_region(const CredentialSearch& search, const SharedFile& credentials,
                                const SharedFile& config) {
  std::string region(variable(search, "AWS_REGION"));
  if (region.empty()) region = variable(search, "AWS_DEFAULT_REGION");
  if (region.empty()) region = credentials.find("region").reveal();
  if (region.empty()) region = config.find("region").reveal();
  if (!region.empty() && !is_host_label(region)) {
    return unusable_credentials(
        "the AWS region in the environment or profile is no region's name, such as us-east-1");
  }
  return region;
}

Result<void> find_keys(const CredentialSearch& search, const std::string& profile,
                       const SharedFile (&files)[2], FoundCredentials& found) {
  if (search.profile.empty()) {
    const Stated stated{secret_variable(search, variable_names.access_key_id),
                        secret_variable(search, variable_names.secret_access_key),
                        secret_variable(search, variable_names.session_token)};
    auto credentials = complete(stated, variable_names, "the environment");
    if (!credentials) return credentials.error();
    found.credentials = std::move(*credentials);
    found.source = "the environment";
  }
  // A pair comes from one file: halves of two files never belong together.
  for (const SharedFile& file : files) {
    if (found.credentials) break;
    const Stated stated{file.find(setting_names.access_key_id), file.find(setting_names.secret_access_key),
                        file.find(setting_names.session_token)};
    found.source = fmt::format("profile {} of {}", profile, file.path);
    auto credentials = complete(stated, setting_names, found.source);
    if (!credentials) return credentials.error();
    found.credentials = std::move(*credentials);
  }
  if (!found.credentials) found.source.clear();
  return {};
}

}  // namespace

Result<FoundCredentials> find_credentials(const CredentialSearch& search) {
  const std::string_view variable_profile = variable(search, "AWS_PROFILE");
  const bool is_asked_for = !search.profile.empty() || !variable_profile.empty();
  std::string profile = search.profile;
  if (profile.empty()) profile = is_asked_for ? variable_profile : std::string_view("default");

  SharedFile files[2] = {{place_of(search, "AWS_SHARED_CREDENTIALS_FILE", "credentials")},
                         {place_of(search, "AWS_CONFIG_FILE", "config")}};
  const auto credentials_profiles = read_profiles(files[0].path, SharedFileKind::credentials);
  if (!credentials_profiles) return credentials_profiles.error();
  const auto config_profiles = read_profiles(files[1].path, SharedFileKind::config);
  if (!config_profiles) return config_profiles.error();
  const auto settings_in = [&profile](const Profiles& profiles) {
    const auto at = profiles.find(profile);
    return at == profiles.end() ? nullptr : &at->second;
  };
  files[0].settings = settings_in(*credentials_profiles);
  files[1].settings = settings_in(*config_profiles);
  if (is_asked_for && files[0].settings == nullptr && files[1].settings == nullptr) {
    return unusable_credentials(fmt::format("there is no profile '{}' in the AWS files '{}' and '{}'{}",
                                            profile, files[0].path, files[1].path,
                                            search.profile.empty() ? ": see the variable AWS_PROFILE" : ""));
  }

  FoundCredentials found;
  const Result<void> looked = find_keys(search, profile, files, found);
  if (!looked) return looked.error();
  auto region = find_region(search, files[0], files[1]);
  if (!region) return region.error();
  found.region = std::move(*region);
  return found;
}

}  // namespace skymarshal::aws

// What a process is told about AWS, as AWS's own tools are: its variables, and the profiles of the two shared
// files. Read once; a value. Environment and files' places are given by the caller.
// Sources: docs.aws.amazon.com/sdkref/latest/guide/file-format.html, .../environment-variables.html and
// .../feature-ss-endpoints.html
#pragma once

#include "aws/error.hpp"
#include "aws/shared_file.hpp"
#include "http/url.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::aws {

struct ConfigurationSearch {
  /// The process's variables by name.
  std::map<std::string, std::string> environment;
  /// Named by the caller; then the variables with keys are passed over. Empty: AWS_PROFILE, else "default".
  std::string profile = {};
  /// Named by the caller; stands above all that is found. Empty: what is found.
  std::string region = {};
  /// Whether services are reached at their FIPS endpoints, if the caller knows; else AWS_USE_FIPS_ENDPOINT
  /// does.
  std::optional<bool> use_fips = {};
};

class Configuration {
 public:
  /// Files that are not there are no error; one that cannot be understood is, and so is a profile that was
  /// asked for (by the caller or AWS_PROFILE) and is in none: unusable_credentials. No message holds a
  /// secret.
  static Result<Configuration> read(ConfigurationSearch search);

  /// Empty if it is not set.
  std::string_view variable(std::string_view name) const;
  const std::map<std::string, std::string>& environment() const { return search_.environment; }

  const std::string& caller_region() const { return search_.region; }
  bool uses_fips() const;

  /// The one that counts.
  const std::string& profile() const { return profile_; }
  /// Then variables that name credentials are passed over.
  bool caller_names_profile() const { return !search_.profile.empty(); }

  bool has_profile(std::string_view profile) const;
  /// What both files say of a profile, the credentials file first; empty if neither says it.
  Secret setting(std::string_view profile, std::string_view name) const;
  /// For settings that are no secret.
  std::string text(std::string_view profile, std::string_view name) const;
  /// What one file says of it.
  Secret setting_in(SharedFileKind file, std::string_view profile, std::string_view name) const;
  /// Of [sso-session NAME]; null if there is none.
  const ProfileSettings* sso_session(std::string_view name) const;
  /// Empty if nobody says where it is.
  const std::string& path_of(SharedFileKind file) const;

 private:
  ConfigurationSearch search_;
  std::string profile_;
  std::string credentials_path_;
  std::string config_path_;
  Profiles credentials_;
  Profiles config_;
  Profiles sso_sessions_;
};

/// The caller's, else AWS_REGION, else AWS_DEFAULT_REGION, else the profile's `region`; empty if nobody says.
/// unusable_credentials if it is no region's name.
Result<std::string> find_region(const Configuration& configuration);

/// A service that credentials are had from.
struct ServiceName {
  /// As in its host: "sts", "portal.sso".
  std::string_view host;
  /// As in the variable AWS_ENDPOINT_URL_STS.
  std::string_view variable;
};

/// The service's own of the region, or where AWS_ENDPOINT_URL_{variable}, AWS_ENDPOINT_URL or the profile's
/// endpoint_url says. Secrets go there and come from there, so it is https, or this machine. `region` may be
/// empty where one of them says it.
Result<http::Endpoint> service_endpoint(const Configuration& configuration, const ServiceName& service,
                                        std::string_view region);

}  // namespace skymarshal::aws

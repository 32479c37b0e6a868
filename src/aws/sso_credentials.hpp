// Credentials of a role in IAM Identity Center, for whoever has signed in by `aws sso login`: the token that
// it left in a file, made new while it can be, and exchanged for the role's credentials. Opens no browser.
// Coroutines of one look for credentials.
// Sources: docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html,
// docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html,
// docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
#pragma once

#include "aws/credential_source.hpp"

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::aws {

/// What a profile says about signing in.
struct SsoSettings {
  std::string profile;
  std::string account_id;
  std::string role_name;
  std::string start_url;
  std::string region;
  /// Of [sso-session …]; empty where the profile says it all, as older ones do.
  std::string session = {};
};

/// Of the profile and of the session that it names; nullopt if it does not sign in so.
Result<std::optional<SsoSettings>> read_sso_settings(const Configuration& configuration,
                                                     const std::string& profile);

/// ~/.aws/sso/cache/{SHA-1 of the session's name or start URL}.json
std::string sso_token_path(const Configuration& configuration, const SsoSettings& settings);

boost::asio::awaitable<SourceAnswer> sso_credentials(const SourceParts& parts, std::string profile);

}  // namespace skymarshal::aws

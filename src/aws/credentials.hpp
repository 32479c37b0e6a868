// AWS credentials and where they come from: the environment, and the shared files of the AWS tools. Plain
// values; environment and files' places are given by the caller.
// Sources: docs.aws.amazon.com/sdkref/latest/guide/file-format.html and .../environment-variables.html
#pragma once

#include "aws/error.hpp"
#include "base/secret.hpp"

#include <map>
#include <optional>
#include <string>

namespace skymarshal::aws {

struct Credentials {
  /// Not secret; sent with every request.
  std::string access_key_id;
  Secret secret_access_key;
  /// Of temporary credentials; else empty. Sent with every request as X-Amz-Security-Token.
  Secret session_token;
};

struct CredentialSearch {
  /// The process's variables by name: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN,
  /// AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE, AWS_REGION, AWS_DEFAULT_REGION, HOME.
  std::map<std::string, std::string> environment;
  /// Named by the caller; then the variables with keys are passed over. Empty: AWS_PROFILE, else "default".
  std::string profile;
};

struct FoundCredentials {
  std::optional<Credentials> credentials;
  /// AWS_REGION, else AWS_DEFAULT_REGION, else the profile's `region`; empty if nobody says.
  std::string region;
  /// For messages: "the environment", "profile ops of /home/…/.aws/credentials"; empty if there are none.
  std::string source;
};

/// Nothing found is no error, but a profile that was asked for (by option or AWS_PROFILE) and is not there,
/// one half of a key, and a file that cannot be understood are: unusable_credentials says which and what to
/// do. No message holds a secret.
Result<FoundCredentials> find_credentials(const CredentialSearch& search);

}  // namespace skymarshal::aws

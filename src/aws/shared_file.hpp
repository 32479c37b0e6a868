// The text of the files that AWS's tools share, ~/.aws/config and ~/.aws/credentials, as profiles. Pure.
// Source: docs.aws.amazon.com/sdkref/latest/guide/file-format.html; where that is silent, as botocore reads
// it, but for comments behind a value, which are comments here.
#pragma once

#include "aws/error.hpp"
#include "base/secret.hpp"

#include <map>
#include <string>
#include <string_view>

namespace skymarshal::aws {

/// Settings by name, in lower case. Any of them may be a secret.
using ProfileSettings = std::map<std::string, Secret, std::less<>>;
using Profiles = std::map<std::string, ProfileSettings, std::less<>>;

enum class SharedFileKind {
  /// Profiles are named [default], [name].
  credentials,
  /// Profiles are named [default], [profile name]; sections of other kinds are passed over.
  config,
  /// The sections [sso-session name] of the config file, and no others.
  sso_sessions,
};

/// Settings nested below another (indented further) are passed over. A profile or setting that is there twice
/// is merged, the later one wins; [profile default] stands above [default]. A value that goes on in a second
/// line has a line end behind it. unusable_credentials: "line 3 …", without anything of the line's own.
Result<Profiles> parse_shared_file(std::string_view text, SharedFileKind kind);

}  // namespace skymarshal::aws

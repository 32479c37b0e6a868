// What a signature is good for: "20260101/us-east-1/execute-api/aws4_request". Plain values, pure.
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::aws {

struct CredentialScope {
  /// YYYYMMDD, UTC.
  std::string date;
  std::string region;
  std::string service;

  /// "date/region/service/aws4_request"
  std::string text() const;
  bool operator==(const CredentialScope&) const = default;
};

/// What a request says it was signed with: "AKID…/date/region/service/aws4_request".
struct CredentialName {
  std::string access_key_id;
  CredentialScope scope;
};

/// nullopt unless it has those five parts: a key id of 1 to 128 letters, digits, '_', '-' and '.', eight
/// digits, a region and a service of 1 to 64 letters, digits, '_', '-' and '.', and "aws4_request".
std::optional<CredentialName> parse_credential(std::string_view text);
/// What parse_credential reads.
std::string to_text(const CredentialName& credential);

/// "20260101T123456Z": X-Amz-Date's form (ISO 8601 basic, UTC, whole seconds).
std::string amz_date(WallTime time);
/// Exactly that form and a time that exists, else nullopt.
std::optional<WallTime> parse_amz_date(std::string_view text);

}  // namespace skymarshal::aws

// Signs requests: AWS Signature Version 4, in header form and as presigned URLs. Pure; time is given.
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include "aws/canonical_request.hpp"
#include "aws/credential_scope.hpp"
#include "aws/credentials.hpp"
#include "aws/error.hpp"
#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "http/message.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace skymarshal::aws {

/// The key of one day, region and service, derived from a secret access key by four HMACs.
Sha256 derive_signing_key(const Secret& secret_access_key, const CredentialScope& scope);

/// "AWS4-HMAC-SHA256\n{amz_date}\n{scope}\n{hash of the canonical request}"
std::string string_to_sign(std::string_view amz_date, const CredentialScope& scope,
                           std::string_view canonical_request);

/// 64 lower-case hex digits.
std::string signature(const Sha256& signing_key, std::string_view string_to_sign);

struct SigningOptions {
  std::string region;
  std::string service = "execute-api";
  PathRules path = {};
  /// Also send (and sign) X-Amz-Content-Sha256.
  bool send_payload_hash = false;
};

/// Adds X-Amz-Date, X-Amz-Security-Token where there is a token, and Authorization; fields of those names are
/// replaced. Signs every field the request has but those that proxies change (Connection, User-Agent,
/// Transfer-Encoding, Expect) and those of names::added_on_the_way. The request must have its final Host
/// field. malformed_request if it has none, or if its target is broken.
Result<void> sign(http::Request& request, const Credentials& credentials, const SigningOptions& options,
                  WallTime now);

/// Adds X-Amz-Algorithm, -Credential, -Date, -Expires, -SignedHeaders, -Security-Token and -Signature to the
/// query of the target. All fields the request has are signed and must be sent along. Errors as of sign();
/// `valid_for` is 1 s to 7 days.
Result<void> presign(http::Request& request, const Credentials& credentials, const SigningOptions& options,
                     WallTime now, std::chrono::seconds valid_for);

}  // namespace skymarshal::aws

// The one canonical form of a request, for signing it and for verifying signatures: AWS Signature Version 4.
// Pure: no clock, no keys.
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, step 1
#pragma once

#include "aws/error.hpp"
#include "http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::aws {

/// How the path is written; services differ.
struct PathRules {
  /// Every service but S3 signs the path percent-encoded twice: once as it is sent, and once more.
  bool encode_twice = true;
  /// Dot segments and repeated slashes are resolved first (RFC 3986 section 6.2.2.3); not for S3.
  bool normalize = true;
};

struct CanonicalForm {
  PathRules path;
  /// Names of the fields to sign: lower case, sorted, without repetition.
  std::vector<std::string> signed_headers;
  /// Lower-case hex SHA-256 of the body, or "UNSIGNED-PAYLOAD".
  std::string payload_hash;
  /// A query parameter that is left out: "X-Amz-Signature" of a presigned request; else empty.
  std::string_view left_out_parameter = {};
};

/// The canonical request of `request`. Its target is read as it stands (percent-encoded origin form). Query
/// parameters are decoded, encoded anew in the one way there is and sorted by name, then value; "+" is a
/// plus. Field values are trimmed, runs of white space become one space, repeated fields are joined by
/// commas. malformed_request: a broken percent-encoding, or a name in signed_headers that the request has
/// not.
Result<std::string> canonical_request(const http::Request& request, const CanonicalForm& form);

/// Hex SHA-256, as CanonicalForm wants it.
std::string payload_hash(std::string_view body);

}  // namespace skymarshal::aws

// The names that Signature Version 4 gives its fields and parameters, and the form of a signature; signer
// and verifier share them.
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace skymarshal::aws::names {

inline constexpr std::string_view algorithm_of_signatures = "AWS4-HMAC-SHA256";

/// Parameters of a presigned request.
inline constexpr std::string_view algorithm = "X-Amz-Algorithm";
inline constexpr std::string_view credential = "X-Amz-Credential";
/// Also a header field.
inline constexpr std::string_view date = "X-Amz-Date";
inline constexpr std::string_view expires = "X-Amz-Expires";
inline constexpr std::string_view signed_headers = "X-Amz-SignedHeaders";
inline constexpr std::string_view signature = "X-Amz-Signature";
/// Also a header field.
inline constexpr std::string_view security_token = "X-Amz-Security-Token";
/// A header field; signers that move fields into the query make a parameter of it.
inline constexpr std::string_view content_sha256 = "X-Amz-Content-Sha256";

/// What makes a request a presigned one; whatever else begins with X-Amz- is for the endpoint.
inline constexpr std::array<std::string_view, 7> of_presigned_requests = {
    algorithm, credential, date, expires, signed_headers, signature, security_token};

/// Fields that infrastructure adds or changes between the signer and the verifier (CloudFront, load
/// balancers, API Gateway), so that no signature covers them. Lower case.
inline constexpr std::array<std::string_view, 2> added_on_the_way = {"x-amz-cf-id", "x-amzn-trace-id"};

}  // namespace skymarshal::aws::names

namespace skymarshal::aws {

/// Whether it has the form of a signature: 64 lower-case hex digits.
inline bool is_signature(std::string_view text) {
  return text.size() == 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace skymarshal::aws

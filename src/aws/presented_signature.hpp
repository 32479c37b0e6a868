// What a request says of its signature, in words: from the Authorization header or from the query. Reads
// alone; whether the words may be believed is for sigv4_verifier. Pure.
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
#pragma once

#include "aws/field_index.hpp"
#include "aws/sigv4_verifier.hpp"
#include "base/clock.hpp"
#include "http/url.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

namespace skymarshal::aws {

template <typename T>
using Reading = boost::system::result<T, SignatureRefusal>;

SignatureRefusal malformed(std::string message);

/// As it stands in the request; nothing is checked but its form.
struct PresentedSignature {
  std::string credential;
  std::string signed_headers;
  std::string signature;
  std::string session_token;
  /// When, as it is signed: in X-Amz-Date's form, whatever field or parameter said it.
  std::string amz_date;
  WallTime signed_at;
  /// The field that holds the time and must be signed, in lower case; empty where the time is a parameter.
  std::string_view date_field;
  /// Of a presigned request.
  std::optional<std::chrono::seconds> valid_for;
  /// What the request says its body's digest is; nullopt where it says nothing.
  std::optional<std::string> payload_hash;
};

/// Of a request whose x-amz-* fields, Authorization and Date occur once at most.
Reading<PresentedSignature> read_header_form(const FieldIndex& fields);

/// Of a request whose X-Amz-* parameters occur once at most, and in their own spelling. A parameter that is a
/// field as well is refused.
Reading<PresentedSignature> read_query_form(const std::vector<http::QueryParameter>& parameters,
                                            const FieldIndex& fields);

}  // namespace skymarshal::aws

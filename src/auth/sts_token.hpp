// A caller's proof of an AWS identity: a presigned GetCallerIdentity request that only AWS can check, bound
// to one gateway by a signed field. Here it is taken apart and checked to the last letter, as the gateway is
// going to send it. Pure.
// Sources: docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html and
// docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html (query form)
#pragma once

#include "auth/authenticator.hpp"
#include "base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace skymarshal::auth {

/// Before the base64url of the presigned URL.
inline constexpr std::string_view sts_token_prefix = "skymarshal-sts-v1.";
/// Names the gateway that the token is for; must be among the signed fields.
inline constexpr std::string_view sts_server_id_field = "X-Skymarshal-Server-Id";
/// Longest token; session tokens are some thousand bytes at most.
inline constexpr std::size_t sts_token_bytes_max = 12'288;
/// STS takes no request that is older, whatever its X-Amz-Expires says.
inline constexpr std::chrono::seconds sts_token_age_max{900};
/// How far the caller's clock may be ahead.
inline constexpr std::chrono::seconds sts_clock_skew{300};

/// "skymarshal-sts-v1." and the URL.
std::string sts_token_of(std::string_view presigned_url);

/// The request to send. All of it is a bearer's secret but the host and the key id.
struct StsRequest {
  /// One of AWS's own STS endpoints, by name.
  std::string host;
  /// "/?Action=GetCallerIdentity&…", written anew from what was understood.
  std::string target;
  std::string access_key_id;
  /// From then on it is worth nothing.
  WallTime expires_at;
};

/// sts.amazonaws.com, sts.{region}.amazonaws.com, sts.{region}.amazonaws.com.cn; lower case.
bool is_sts_host(std::string_view host);

/// Refuses (malformed_authorization, invalid_token, request_expired) everything but: https, such a host and
/// nothing else of an authority, the path "/", the parameters of a presigned GetCallerIdentity of version
/// 2011-06-15, each once and as it must be, `host` and the server id signed, for a region that fits the host,
/// at most 15 minutes old and 5 ahead.
std::variant<StsRequest, Refusal> read_sts_token(std::string_view token, WallTime now);

}  // namespace skymarshal::auth

// What a gateway refused or failed to do, and what its caller can do about it.
// Pure; texts from gateways are made harmless to terminals.
#pragma once

#include "cli/exit_codes.hpp"
#include "http/message.hpp"

#include <string>
#include <string_view>

namespace skymarshal::cli {

struct GatewayError {
  /// 0 where it came inside a stream.
  unsigned http_status = 0;
  /// Empty where the answer is not ours: a proxy's, say.
  std::string error_code = {};
  std::string message = {};
  std::string request_id = {};
  /// JSON, or empty.
  std::string details = {};
  /// As in Retry-After, or empty.
  std::string retry_after = {};
};

/// Of an answer whose status is not one of success. Any body is accepted.
GatewayError read_gateway_error(const http::Response& response);

/// A sentence or more, a line each, without a line end behind the last. `identity` says as whom the request
/// was sent, for whoever is not let in.
std::string error_text(const GatewayError& error, std::string_view identity = {});
/// The error body of the API, for an error that came inside a stream. `timestamp` as in ISO 8601.
std::string error_json(const GatewayError& error, std::string_view timestamp);
ExitCode exit_code_of(const GatewayError& error);

}  // namespace skymarshal::cli

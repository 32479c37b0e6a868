// The runtime's side of its protocol as text: what an invocation may look like, and how a refusal does.
// Pure: no sockets, no clock. Everything that arrives is bounded before it is believed.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::agents::server {

struct InvokeRequest {
  std::string prompt;
  /// Empty if none was given.
  std::string session_id;
};

struct InvokeLimits {
  std::size_t prompt_bytes_max = 64 * 1024;
  std::size_t session_id_bytes_max = 256;
  std::size_t depth_max = 32;
};

/// A WebSocket message {"action":"invoke","payload":{"prompt":…,"session_id":…}}.
/// Fails with Errc::invalid_request and a message that says what to send instead.
Result<InvokeRequest> parse_invoke_message(std::string_view json, const InvokeLimits& limits);

/// A WebSocket message {"action":"forget","payload":{"session_id":…}}: the session, as long as ids may be;
/// nullopt for anything else.
std::optional<std::string> parse_forget_message(std::string_view json, const InvokeLimits& limits);

/// The answer to one.
std::string forgotten_message();

/// A body of POST /invocations: {"prompt":…,"session_id":…}. Other members are left to other clients.
Result<InvokeRequest> parse_invocation_body(std::string_view json, const InvokeLimits& limits);

/// {"type":"error","error":{"code":…,"message":…}}
std::string error_message(std::string_view code, std::string_view message);

}  // namespace skymarshal::agents::server

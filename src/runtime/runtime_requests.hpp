// Requests towards a runtime over HTTP, an upgrade to a WebSocket among them: what they say of the session
// and its principal, and what a refusal of theirs means. No sockets.
#pragma once

#include "base/clock.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "invocations/agent_runtime.hpp"
#include "runtime/run_attempt.hpp"
#include "runtime/runtime_access.hpp"

#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::runtime {

/// The name that AgentCore gives the field that routes a session to its own micro-VM.
inline constexpr std::string_view session_field = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id";
inline constexpr std::string_view user_field = "X-Amzn-Bedrock-AgentCore-Runtime-User-Id";

/// With Host, the session's field and, where the options say so, the user's.
http::Request request_to_runtime(std::string method, const RuntimeOptions& options,
                                 const invocations::RuntimeRequest& invocation);

/// The principal as it can stand in that field: 1 to 1024 visible characters (API_InvokeAgentRuntime,
/// runtimeUserId). Others become the hash of what they are, and stay apart from each other.
std::string user_id_of(const Principal& principal);

struct Refusal {
  http::Response answer;
  /// For the log.
  std::string cause;
  /// The prompt had been sent: an agent may have been at work.
  bool prompt_was_sent = false;
  WallTime now;
};

/// What an answer that is no success means, and whether another attempt may follow. `access` may be null,
/// then the runtime is none of AWS's.
boost::asio::awaitable<AttemptOutcome> judge_refusal(Refusal refusal, RuntimeAccess* access,
                                                     RuntimeAccess::Pass pass);

}  // namespace skymarshal::runtime

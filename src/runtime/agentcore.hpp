// Where an AgentCore Runtime is reached, by its ARN: the service's endpoints and paths. Pure.
// Sources: docs.aws.amazon.com/bedrock-agentcore/latest/APIReference/API_InvokeAgentRuntime.html and
// .../API_StopRuntimeSession.html; docs.aws.amazon.com/bedrock-agentcore/latest/devguide/
// runtime-get-started-websocket.html.
#pragma once

#include "base/error.hpp"
#include "http/url.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::runtime {

/// The service's quota for one WebSocket frame, 32 KB, which cannot be raised
/// (docs.aws.amazon.com/bedrock-agentcore/latest/devguide/bedrock-agentcore-limits.html).
inline constexpr std::size_t agentcore_frame_bytes_max = 32'000;

struct RuntimeArn {
  std::string text;
  std::string region;
};

/// arn:PARTITION:bedrock-agentcore:REGION:ACCOUNT:runtime/NAME. Errc::invalid_request says what is wrong.
Result<RuntimeArn> parse_runtime_arn(std::string_view text);

struct AgentCoreAddress {
  RuntimeArn arn;
  /// Of the runtime's endpoint; empty for DEFAULT.
  std::string qualifier = {};
  /// Scheme, host and port that stand for the service's own: a VPC endpoint's name, or a test's.
  std::optional<http::Endpoint> override = {};
  bool use_fips = false;
};

/// wss://…/runtimes/{ARN}/ws, its ARN percent-encoded once.
http::Endpoint websocket_endpoint(const AgentCoreAddress& address);
/// https://…/runtimes/{ARN}/invocations
http::Endpoint invocations_endpoint(const AgentCoreAddress& address);
/// https://…/runtimes/{ARN}/stopruntimesession
http::Endpoint stop_endpoint(const AgentCoreAddress& address);

}  // namespace skymarshal::runtime

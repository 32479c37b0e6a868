// One question to a gateway and what becomes of its answer, for the commands that ask and show.
#pragma once

#include "cli/commands.hpp"
#include "cli/gateway_client.hpp"
#include "http/message.hpp"

#include <functional>
#include <string>

namespace skymarshal::cli {

struct ApiCall {
  const EndpointArguments& endpoint;
  std::function<http::Request(const GatewayClient&)> request;
  /// What of a good answer is printed.
  std::function<std::string(const http::Response&)> text;
  /// An error is printed as the gateway wrote it.
  bool json = false;
};

/// Asks, and prints the answer or what went wrong. Blocks.
ExitCode run_api_call(const ApiCall& call, const Environment& environment);

}  // namespace skymarshal::cli

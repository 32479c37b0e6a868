// Which runtime the settings name, made: the embedded one, one behind a URL by WebSocket or HTTP, or
// AgentCore. Part of the composition root; called once at start.
#pragma once

#include "app/aws_access.hpp"
#include "app/embedded_runtime.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "invocations/agent_runtime.hpp"
#include "runtime/http_runtime.hpp"
#include "runtime/websocket_runtime.hpp"
#include "settings/settings.hpp"

#include <functional>
#include <memory>

namespace skymarshal::app {

/// Must outlive the runtime.
struct RuntimeParts {
  const settings::Settings& settings;
  const Clock& clock;
  RandomSource& random;
  Logger& log;
  /// Asked only where requests have to be signed.
  std::function<Result<AwsAccess*>()> aws;
};

struct ChosenRuntime {
  /// Null unless it is this process's own; started.
  std::unique_ptr<EmbeddedRuntime> embedded;
  std::unique_ptr<invocations::AgentRuntime> runtime;
};

/// Errors say what to do.
Result<ChosenRuntime> choose_runtime(const RuntimeParts& parts);

/// The options of the parts, by the settings. The endpoint is the caller's to set.
runtime::WebSocketRuntimeOptions websocket_options(const settings::Settings& settings);
runtime::HttpRuntimeOptions http_options(const settings::Settings& settings);

}  // namespace skymarshal::app

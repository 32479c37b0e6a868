// An invocation watched to its end, as events come: shown to a person, or printed for a program. A stream
// that breaks is taken up again where it broke, also before its first event if its request has a key.
#pragma once

#include "cli/exit_codes.hpp"
#include "cli/gateway_client.hpp"
#include "cli/terminal.hpp"
#include "http/message.hpp"

#include <cstdint>
#include <string>

namespace skymarshal::cli {

struct WatchOptions {
  /// The answer alone, JSON on one line.
  bool json = false;
  /// Show where every number comes from, too.
  bool explain = false;
  std::int64_t timeout_seconds = 330;
  /// As it was given, for the commands that are suggested.
  std::string endpoint_url;
  /// Known before the stream tells it; else empty.
  std::string request_id = {};
};

/// Sends a request that is answered by a stream of events, and blocks until the invocation has ended.
ExitCode watch_invocation(const WatchOptions& options, GatewayClient client, Terminal terminal,
                          const http::Request& request);

}  // namespace skymarshal::cli

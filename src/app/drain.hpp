// How a gateway leaves: seen first by those who send requests to it, then with no new work, then with what
// ran ended or told to end, and last with its connections closed. Blocks the controlling thread.
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "gateway/gateway.hpp"
#include "server/server.hpp"

namespace skymarshal::app {

struct DrainLimits {
  /// For which it still takes work while health says `draining`, so that balancers notice.
  Milliseconds announcement{0};
  /// For what runs and waits to end by itself, and to reach its reader; then it ends with Errc::interrupted.
  Milliseconds running{30'000};
};

/// Afterwards the server has no thread left. To be called once.
void drain(gateway::Gateway& gateway, server::Server& server, DrainLimits limits, const Clock& clock,
           Logger& log);

}  // namespace skymarshal::app

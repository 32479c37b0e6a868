// The embedded agents with an event loop and a thread of their own, so that they stand on the other side of a
// WebSocket like any runtime. Made, started and stopped from one controlling thread.
#pragma once

#include "agents/server/agent_server.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "settings/settings.hpp"

#include <cstdint>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>

namespace skymarshal::app {

/// What the settings make of the embedded agents: their pace, what scores count, the airline's day, the
/// language model. `random` must outlive the runtime. Errc::store_unavailable if the operations database
/// cannot be opened, Errc::invalid_request if TLS cannot be had.
Result<agents::server::AgentServer::Options> agent_options(const settings::Settings& settings,
                                                           RandomSource& random);

class EmbeddedRuntime {
 public:
  /// `clock` and `log` must outlive it.
  EmbeddedRuntime(agents::server::AgentServer::Options options, const Clock& clock, Logger& log);
  /// Stops it.
  ~EmbeddedRuntime();
  EmbeddedRuntime(const EmbeddedRuntime&) = delete;
  EmbeddedRuntime& operator=(const EmbeddedRuntime&) = delete;

  /// Listens and serves; gives the real port. Call it once.
  Result<std::uint16_t> start(const std::string& host, std::uint16_t port);
  /// Lets what runs finish, within the options' stop_grace, and returns when all has ended.
  void stop();

 private:
  boost::asio::io_context io_{1};
  agents::server::AgentServer server_;
  std::thread thread_;
};

}  // namespace skymarshal::app

// The embedded agents with an event loop and a thread of their own, so that they stand on the other side of a
// WebSocket like any runtime. Made, started and stopped from one controlling thread.
#pragma once

#include "agents/agent_server.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

#include <cstdint>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>

namespace skymarshal::app {

class EmbeddedRuntime {
 public:
  /// `clock` and `log` must outlive it.
  EmbeddedRuntime(agents::AgentServer::Options options, const Clock& clock, Logger& log);
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
  agents::AgentServer server_;
  std::thread thread_;
};

}  // namespace skymarshal::app

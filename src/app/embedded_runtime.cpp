#include "app/embedded_runtime.hpp"

#include <utility>

namespace skymarshal::app {

EmbeddedRuntime::EmbeddedRuntime(agents::AgentServer::Options options, const Clock& clock, Logger& log)
    : server_(io_.get_executor(), std::move(options), clock, log) {}

EmbeddedRuntime::~EmbeddedRuntime() { stop(); }

Result<std::uint16_t> EmbeddedRuntime::start(const std::string& host, std::uint16_t port) {
  const auto listening = server_.listen(host, port);
  if (!listening) return listening;
  server_.start();
  thread_ = std::thread([this] { io_.run(); });
  return listening;
}

void EmbeddedRuntime::stop() {
  if (!thread_.joinable()) return;
  server_.stop();
  thread_.join();
}

}  // namespace skymarshal::app

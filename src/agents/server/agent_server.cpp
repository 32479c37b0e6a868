#include "agents/server/agent_server.hpp"

#include "agents/server/agent_handler.hpp"
#include "server/listener.hpp"

#include <utility>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

namespace skymarshal::agents::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

skymarshal::server::ListenerOptions listener_options(const AgentServer::Options& options) {
  skymarshal::server::ListenerOptions listener;
  listener.connections_max = options.connections_max;
  listener.connection.limits.header_bytes_max = options.header_bytes_max;
  listener.connection.limits.body_bytes_max = options.body_bytes_max;
  listener.connection.header_timeout = options.header_timeout;
  listener.connection.body_timeout = options.body_timeout;
  listener.connection.idle_timeout = options.idle_timeout;
  listener.connection.write_timeout = options.write_timeout;
  return listener;
}

}  // namespace

/// Shared with what stop() posts.
struct AgentServer::State {
  State(const asio::any_io_executor& executor, const Options& options, const Clock& clock, Logger& logger)
      : log(logger),
        stop_grace(options.stop_grace),
        handler(std::make_shared<AgentHandler>(executor, options, clock, logger)),
        listener(std::make_shared<skymarshal::server::Listener>(
            executor, listener_options(options),
            skymarshal::server::Listener::Ports{*handler, std::nullopt, clock, logger})) {}

  void stop() {
    if (std::exchange(stopped, true)) return;
    handler->stop();
    listener->close_within(stop_grace);
  }

  Logger& log;
  Milliseconds stop_grace;
  std::shared_ptr<AgentHandler> handler;
  std::shared_ptr<skymarshal::server::Listener> listener;
  bool stopped = false;
};

AgentServer::AgentServer(asio::any_io_executor executor, Options options, const Clock& clock, Logger& logger)
    : executor_(std::move(executor)), state_(std::make_shared<State>(executor_, options, clock, logger)) {}

AgentServer::~AgentServer() = default;

Result<std::uint16_t> AgentServer::listen(const std::string& host, std::uint16_t port) {
  error_code failed;
  const std::string numeric = host == "localhost" ? "127.0.0.1" : host;
  const tcp::endpoint endpoint(asio::ip::make_address(numeric, failed), port);
  if (!failed) failed = state_->listener->bind(endpoint, skymarshal::server::Listener::Port::alone);
  if (failed) {
    return make_error(Errc::invalid_request,
                      fmt::format("Cannot listen on {}:{}: {}.", host, port, failed.message()));
  }
  const std::uint16_t real = state_->listener->local_endpoint().port();
  state_->log.info("runtime_listening", {{"host", std::string_view(host)}, {"port", std::int64_t{real}}});
  return real;
}

void AgentServer::start() { state_->listener->start(); }

void AgentServer::stop() {
  asio::dispatch(executor_, [state = state_] { state->stop(); });
}

}  // namespace skymarshal::agents::server

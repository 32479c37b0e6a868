#include "agents/server/agent_server.hpp"

#include "agents/server/agent_connection.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace skymarshal::agents::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

asio::awaitable<void> accept_connections(std::shared_ptr<AgentServerState> server) {
  while (!server->stopping) {
    if (server->connections.size() >= server->options.connections_max) {
      co_await server->room.wait_until(Wakeup::never);
      continue;
    }
    auto [failed, socket] = co_await server->acceptor.async_accept(as_result);
    if (server->stopping) break;
    if (failed) {
      // Out of descriptors, or a client that was gone before it was taken: others may do better in a moment.
      const SteadyTime retry = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
      co_await server->room.wait_until(retry);
      continue;
    }
    asio::co_spawn(server->executor, serve_connection(server, std::move(socket)), asio::detached);
  }
}

/// Connections may end while we walk, so the walk is over a copy that keeps them.
void end_connections(AgentServerState& server, void (AgentConnection::*how)()) {
  std::vector<std::shared_ptr<AgentConnection>> all;
  all.reserve(server.connections.size());
  for (AgentConnection* connection : server.connections) all.push_back(connection->shared_from_this());
  for (const auto& connection : all) ((*connection).*how)();
}

void stop_server(const std::shared_ptr<AgentServerState>& server) {
  if (std::exchange(server->stopping, true)) return;
  error_code ignored;
  server->acceptor.close(ignored);
  server->room.wake();
  if (server->connections.empty()) return;
  server->grace.expires_after(server->options.stop_grace);
  server->grace.async_wait([server](error_code cancelled) {
    if (!cancelled) end_connections(*server, &AgentConnection::cut);
  });
  end_connections(*server, &AgentConnection::stop);
}

}  // namespace

AgentServerState::AgentServerState(asio::any_io_executor the_executor, AgentServer::Options the_options,
                                   const Clock& the_clock, Logger& the_logger)
    : executor(std::move(the_executor)),
      options(std::move(the_options)),
      clock(the_clock),
      logger(the_logger),
      acceptor(executor),
      room(executor),
      grace(executor),
      memory(options.memory, clock),
      orchestrator(options.agents.empty() ? assessment::seven_agents() : options.agents, options.weights,
                   clock),
      status_changed(clock.wall_now()) {
  if (options.language_model) {
    language_model = std::make_unique<wording::LanguageModel>(executor, *options.language_model, logger);
  }
}

void AgentServerState::invocation_began() {
  if (running++ == 0) status_changed = clock.wall_now();
}

void AgentServerState::invocation_ended() {
  if (--running == 0) status_changed = clock.wall_now();
}

void AgentServerState::connection_ended(AgentConnection* connection) {
  connections.erase(connection);
  room.wake();
  // Nothing is left to cut, so the timer must not keep the executor's context running.
  if (stopping && connections.empty()) grace.cancel();
}

bool AgentServerState::next_message(assessment::Assessment& assessment, std::string& message) {
  const bool more = assessment.next(message);
  for (const assessment::Failure& failure : assessment.take_failures()) {
    logger.error("assessment_incomplete",
                 {{"what", std::string_view(failure.what)}, {"reason", std::string_view(failure.reason)}});
  }
  return more;
}

AgentServer::AgentServer(asio::any_io_executor executor, Options options, const Clock& clock, Logger& logger)
    : state_(std::make_shared<AgentServerState>(std::move(executor), std::move(options), clock, logger)) {}

AgentServer::~AgentServer() = default;

Result<std::uint16_t> AgentServer::listen(const std::string& host, std::uint16_t port) {
  error_code failed;
  const std::string numeric = host == "localhost" ? "127.0.0.1" : host;
  const auto address = asio::ip::make_address(numeric, failed);
  tcp::acceptor& acceptor = state_->acceptor;
  const tcp::endpoint endpoint(address, port);
  if (!failed) acceptor.open(endpoint.protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(tcp::acceptor::max_listen_connections, failed);
  const tcp::endpoint real = failed ? endpoint : acceptor.local_endpoint(failed);
  if (failed) {
    error_code ignored;
    acceptor.close(ignored);
    return make_error(Errc::connection_failed,
                      fmt::format("Cannot listen on {}:{}: {}.", host, port, failed.message()));
  }
  state_->logger.info("runtime_listening",
                      {{"host", std::string_view(host)}, {"port", std::int64_t{real.port()}}});
  return real.port();
}

void AgentServer::start() { asio::co_spawn(state_->executor, accept_connections(state_), asio::detached); }

void AgentServer::stop() {
  asio::dispatch(state_->executor, [state = state_] { stop_server(state); });
}

}  // namespace skymarshal::agents::server

// Agents behind a WebSocket, ws:// or wss://: one connection an invocation, closed on every path before it
// ends. One object serves all threads; each run stays on the executor it was started on. The rules of the
// conversation are InvocationProtocol's; here are only the socket, the limits and the retries.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "invocations/agent_runtime.hpp"
#include "net/tls.hpp"
#include "net/websocket_client.hpp"
#include "runtime/run_attempt.hpp"
#include "runtime/runtime_probe.hpp"

#include <optional>
#include <string_view>

namespace skymarshal::runtime {

struct WebSocketRuntimeOptions : RuntimeOptions {
  /// A ping this often keeps the path open. Whether it is answered ends nothing: an agent that computes
  /// without a pause answers none, and has its silence limit all the same.
  Milliseconds ping_interval{20'000};
  /// It is the embedded one, which can be asked to forget a session; others would take that for an
  /// invocation.
  bool can_forget = false;
  net::WebSocketClient::Options websocket;
};

class WebSocketRuntime final : public invocations::AgentRuntime {
 public:
  /// `tls` is needed for wss endpoints. The references must outlive the object.
  WebSocketRuntime(WebSocketRuntimeOptions options, std::optional<net::TlsContext> tls, const Clock& clock,
                   RandomSource& random, Logger& log);

  boost::asio::awaitable<invocations::RunOutcome> run(invocations::RuntimeRequest request, ChunkSink& sink,
                                                      StopSignal& stop) override;
  boost::asio::awaitable<Result<void>> probe() override;
  /// Within the connect_timeout.
  boost::asio::awaitable<Result<void>> forget(SessionId session) override;
  std::string_view name() const override { return options_.name; }

 private:
  class Connection;

  WebSocketRuntimeOptions options_;
  std::optional<net::TlsContext> tls_;
  const Clock& clock_;
  RandomSource& random_;
  Logger& log_;
  RuntimeProbe probe_;
};

}  // namespace skymarshal::runtime

// The gateway itself: takes a request from any host, in one fixed order of steps, and has it answered.
// One object serves all threads. It owns what invocations share; the ports it is given must outlive it.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "gateway/authorizer.hpp"
#include "gateway/cors.hpp"
#include "gateway/exchange.hpp"
#include "gateway/health.hpp"
#include "gateway/invocation_endpoints.hpp"
#include "gateway/invoke_mode.hpp"
#include "gateway/request_validation.hpp"
#include "gateway/session_endpoints.hpp"
#include "http/handler.hpp"
#include "http/response_writer.hpp"
#include "http/router.hpp"
#include "invocations/agent_runtime.hpp"
#include "invocations/invocation_service.hpp"
#include "invocations/invocation_store.hpp"
#include "invocations/session_store.hpp"
#include "limits/rate_limiter.hpp"

#include <atomic>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::gateway {

struct GatewayOptions {
  std::string version;
  /// As CorsPolicy takes them.
  std::vector<std::string> allowed_origins = {"*"};
  std::string own_scheme = "http";
  /// Silence on a stream before a keep-alive comment is sent.
  Milliseconds keep_alive{15'000};
  invocations::InvocationService::Options invocations;
  /// How long an invocation goes on when its last reader has left, where nobody was promised its end.
  Milliseconds disconnect_grace{30'000};
  /// How long a whole answer is waited for before it becomes a 202; zero: for as long as it takes.
  Milliseconds buffered_wait{0};
  /// Whether what is streamed is kept as it comes, so that it can be resumed after a restart.
  bool keep_streams = true;
};

class Gateway final : public http::Handler {
 public:
  struct Ports {
    Authorizer& authorizer;
    limits::RateLimiter& limiter;
    invocations::AgentRuntime& runtime;
    invocations::SessionStore& sessions;
    invocations::InvocationStore& invocations;
    invocations::Fleet& fleet;
    const Clock& clock;
    RandomSource& random;
    Logger& log;
  };

  Gateway(GatewayOptions options, Ports ports);
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  boost::asio::awaitable<void> handle(http::Request request, http::ResponseWriter& writer) override;
  /// With the same body and headers as any other error.
  boost::asio::awaitable<void> refuse(Error error, http::ResponseWriter& writer) override;

  /// From now on health says 503 and `draining`, so that balancers send nobody here any more; all else goes
  /// on.
  void announce_draining() { draining_announced_ = true; }
  /// From now on new invocations are refused with Errc::shutting_down; the running ones go on.
  void begin_draining() { service_.begin_draining(); }
  bool draining() const { return service_.draining(); }
  /// Asks all invocations to end.
  void stop_invocations(const Error& reason) { service_.stop_all(reason); }
  /// As InvocationService::settle_begins.
  boost::asio::awaitable<void> settle_begins() { return service_.settle_begins(); }
  /// As InvocationService::cancel_here.
  void cancel_here(const RequestId& id) { service_.cancel_here(id); }
  /// As InvocationService::runs.
  bool runs(const RequestId& id) { return service_.runs(id); }
  /// As InvocationService::idle.
  bool idle() const { return service_.idle(); }

  HealthMonitor& health() { return health_; }

 private:
  using Handler = boost::asio::awaitable<Result<void>> (Gateway::*)(Exchange&);
  struct Route {
    std::string_view pattern;
    Handler handler;
    bool needs_authorization;
  };

  void add_routes();
  boost::asio::awaitable<Result<void>> dispatch(Exchange& exchange);
  boost::asio::awaitable<Result<void>> authorize(Exchange& exchange);
  boost::asio::awaitable<Result<void>> limit(Exchange& exchange);
  boost::asio::awaitable<Result<void>> invoke(Exchange& exchange);
  boost::asio::awaitable<Result<invocations::Submitted>> submit(Exchange& exchange, InvokeCommand command,
                                                                const InvokeMode& mode);
  boost::asio::awaitable<void> answer(Exchange& exchange, invocations::Submitted submitted,
                                      const InvokeMode& mode);
  boost::asio::awaitable<Result<void>> list_invocations(Exchange& exchange) {
    return invocations_.list(exchange);
  }
  boost::asio::awaitable<Result<void>> invocation_state(Exchange& exchange) {
    return invocations_.state(exchange);
  }
  boost::asio::awaitable<Result<void>> invocation_events(Exchange& exchange) {
    return invocations_.events(exchange);
  }
  boost::asio::awaitable<Result<void>> cancel_invocation(Exchange& exchange) {
    return invocations_.cancel(exchange);
  }
  boost::asio::awaitable<Result<void>> create_session(Exchange& exchange) {
    return sessions_.create(exchange);
  }
  boost::asio::awaitable<Result<void>> list_sessions(Exchange& exchange) { return sessions_.list(exchange); }
  boost::asio::awaitable<Result<void>> session_history(Exchange& exchange) {
    return sessions_.history(exchange);
  }
  boost::asio::awaitable<Result<void>> erase_session(Exchange& exchange) { return sessions_.erase(exchange); }
  boost::asio::awaitable<Result<void>> health_check(Exchange& exchange);
  boost::asio::awaitable<Result<void>> preflight(Exchange& exchange);
  void log_exchange(const Exchange& exchange) const;

  GatewayOptions options_;
  Ports ports_;
  CorsPolicy cors_;
  invocations::InvocationService service_;
  InvocationEndpoints invocations_;
  SessionEndpoints sessions_;
  HealthMonitor health_;
  http::Router<Route> router_;
  std::atomic<bool> draining_announced_ = false;
};

}  // namespace skymarshal::gateway

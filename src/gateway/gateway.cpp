#include "gateway/gateway.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "gateway/content_negotiation.hpp"
#include "gateway/request_validation.hpp"
#include "invocations/session_errors.hpp"
#include "limits/rate_limit_answer.hpp"

#include <exception>

#include <boost/asio/this_coro.hpp>

namespace skymarshal::gateway {
namespace {

namespace asio = boost::asio;

/// v and digits: v2, v10.
bool names_a_version(std::string_view segment) {
  return segment.starts_with('v') && is_digits(segment.substr(1));
}

Error not_found(const http::Target& target) {
  if (target.segments.size() >= 2 && target.segments[0] == "api" && names_a_version(target.segments[1]) &&
      target.segments[1] != "v1") {
    return make_error(Errc::unsupported_version, "this gateway speaks API version v1: use /api/v1/…",
                      R"({"supported_versions":["v1"]})");
  }
  return make_error(Errc::not_found,
                    "there is nothing here: the API is at /api/v1/invoke, /api/v1/sessions and "
                    "/api/v1/health");
}

std::string joined(const std::vector<std::string>& methods) {
  std::string list;
  for (const std::string& method : methods) {
    list += method + ", ";
    if (method == "GET") list += "HEAD, ";
  }
  return list + "OPTIONS";
}

}  // namespace

Gateway::Gateway(GatewayOptions options, Ports ports)
    : options_(std::move(options)),
      ports_(ports),
      cors_(options_.allowed_origins, options_.own_scheme),
      gate_(options_.gate),
      turns_(options_.turns),
      sessions_(ports.store, turns_, ports.random),
      health_(options_.version, ports.runtime, ports.store, gate_, ports.clock) {
  add_routes();
}

void Gateway::add_routes() {
  const auto add = [this](const char* method, std::string_view pattern, Handler handler,
                          bool needs_authorization) {
    router_.add(method, pattern, Route{pattern, handler, needs_authorization});
  };
  add("POST", "/api/v1/invoke", &Gateway::invoke, true);
  add("POST", "/api/v1/sessions", &Gateway::create_session, true);
  add("GET", "/api/v1/sessions", &Gateway::list_sessions, true);
  add("GET", "/api/v1/sessions/{session_id}", &Gateway::session_history, true);
  add("DELETE", "/api/v1/sessions/{session_id}", &Gateway::erase_session, true);
  add("GET", "/api/v1/health", &Gateway::health_check, false);
}

asio::awaitable<void> Gateway::handle(http::Request request, http::ResponseWriter& writer) {
  Exchange exchange(std::move(request), writer, RequestId::generate(ports_.random), ports_.clock, cors_);
  std::optional<Error> failure;
  try {
    const Result<void> done = co_await dispatch(exchange);
    if (!done) failure = done.error();
  } catch (const std::exception& bug) {
    ports_.log.error("request_failed", {{"request_id", exchange.request_id().view()},
                                        {"error_message", std::string_view(bug.what())}});
    failure = make_error(Errc::internal, "something went wrong inside the gateway: try again");
  }
  // What has begun to answer cannot take its words back.
  if (failure && exchange.status() == 0) co_await exchange.send_problem(std::move(*failure));
  log_exchange(exchange);
}

asio::awaitable<void> Gateway::refuse(Error error, http::ResponseWriter& writer) {
  Exchange exchange(http::Request(), writer, RequestId::generate(ports_.random), ports_.clock, cors_);
  co_await exchange.send_problem(std::move(error));
  log_exchange(exchange);
}

/// Route, then authorise, then limit, then whatever the route does: what is cheapest to refuse is refused
/// first, nobody learns anything about sessions before it is known who asks, and what a limit refuses has
/// cost nothing more.
asio::awaitable<Result<void>> Gateway::dispatch(Exchange& exchange) {
  const http::Request& request = exchange.request();
  if (request.method == "OPTIONS") co_return co_await preflight(exchange);
  auto target = http::parse_target(request.target);
  if (!target) co_return target.error();
  exchange.target = std::move(*target);

  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
  auto match = router_.find(method, exchange.target.segments);
  if (match.handler == nullptr && match.allowed.empty()) co_return not_found(exchange.target);
  if (match.handler == nullptr) {
    exchange.answer_headers.add("Allow", joined(match.allowed));
    co_return make_error(Errc::method_not_allowed, "this path takes " + joined(match.allowed));
  }
  exchange.route = match.handler->pattern;
  exchange.parameters = std::move(match.parameters);

  if (match.handler->needs_authorization) {
    const Result<void> authorized = co_await authorize(exchange);
    if (!authorized) co_return authorized.error();
    const Result<void> within_limits = co_await limit(exchange);
    if (!within_limits) co_return within_limits.error();
  }
  const Handler handler = match.handler->handler;
  co_return co_await (this->*handler)(exchange);
}

asio::awaitable<Result<void>> Gateway::authorize(Exchange& exchange) {
  const SteadyTime started = ports_.clock.steady_now();
  const Attempt attempt{exchange.request(), exchange.target, exchange.request_id()};
  auto principal = co_await ports_.authorizer.authorize(attempt);
  exchange.timings.auth =
      std::chrono::duration_cast<std::chrono::microseconds>(ports_.clock.steady_now() - started);
  if (principal) {
    exchange.principal = std::move(*principal);
    co_return Result<void>();
  }
  const std::string challenge = ports_.authorizer.challenge();
  if (principal.error().code == Errc::unauthorized && !challenge.empty()) {
    exchange.answer_headers.add("WWW-Authenticate", challenge);
  }
  co_return principal.error();
}

/// Whatever becomes of the request from here on, its answer says how much is left.
asio::awaitable<Result<void>> Gateway::limit(Exchange& exchange) {
  const auto decision = co_await ports_.limiter.admit(exchange.principal);
  if (!decision) co_return decision.error();
  limits::add_rate_limit_headers(*decision, exchange.answer_headers);
  if (!decision->admitted) co_return limits::rate_limited(*decision);
  co_return Result<void>();
}

asio::awaitable<Result<void>> Gateway::invoke(Exchange& exchange) {
  const http::Request& request = exchange.request();
  const Result<void> acceptable = check_invoke_headers(request.headers);
  if (!acceptable) co_return acceptable.error();
  auto command = read_invoke_command(request.body);
  if (!command) co_return command.error();
  const bool streaming = command->streaming.value_or(prefers_event_stream(request.headers));
  auto source = co_await submit(exchange, std::move(command->prompt), command->session_id);
  if (!source) co_return source.error();
  if (streaming)
    co_await answer_streamed(exchange, *std::move(source), options_.keep_alive);
  else
    co_await answer_buffered(exchange, *std::move(source));
  co_return Result<void>();
}

/// Everything that can refuse an invocation has its say before the first byte of an answer, also of a
/// streamed one. First the room, as what is refused for want of it must not have cost a write; then the
/// durable claim, then the session's turn.
asio::awaitable<Result<AnswerSource>> Gateway::submit(Exchange& exchange, std::string prompt,
                                                      std::optional<SessionId> session) {
  auto admission = gate_.admit();
  // Looked at by one who is admitted already, and so is waited for: nothing starts after a drain has ended.
  if (draining_) {
    co_return make_error(Errc::shutting_down,
                         "this server is shutting down: try again, another one will answer");
  }
  if (!admission) co_return admission.error();
  if (session) {
    // Its first turn may still run: then the store does not know yet whose it is.
    if (turns_.taken_by_another(*session, exchange.principal)) co_return invocations::session_not_found();
    const auto claimed = co_await ports_.store.claim(*session, exchange.principal);
    if (!claimed) co_return claimed.error();
  } else {
    // A fresh name belongs to nobody; its first saved interaction makes it a session.
    session = SessionId::generate(ports_.random);
  }
  exchange.session_id = session;
  const auto executor = co_await asio::this_coro::executor;
  auto turn = turns_.join(*session, exchange.principal, executor);
  if (!turn) co_return turn.error();

  invocations::Invocation::Subject subject{exchange.request_id(), *session, exchange.principal,
                                           std::move(prompt)};
  const invocations::Invocation::Services services{ports_.runtime, ports_.store, ports_.clock, ports_.log,
                                                   registry_};
  const invocations::Invocation::Options options{
      invocations::WhenUnread::end_after(options_.disconnect_grace), options_.journal_bytes_max};
  const auto invocation = invocations::Invocation::start(services, options, std::move(subject), executor,
                                                         std::move(*turn), std::move(*admission));
  co_return AnswerSource{invocation->journal(), exchange.request_id(), *session, invocation->attach()};
}

asio::awaitable<Result<void>> Gateway::health_check(Exchange& exchange) {
  HealthMonitor::Report report = health_.report(draining_announced_ || draining_);
  co_await exchange.send_json(report.status, std::move(report.body));
  co_return Result<void>();
}

asio::awaitable<Result<void>> Gateway::preflight(Exchange& exchange) {
  exchange.route = "preflight";
  http::ResponseHead head;
  head.status = 204;
  const Result<void> allowed = cors_.add_preflight_headers(exchange.request().headers, head.headers);
  if (!allowed) co_return allowed.error();
  co_await exchange.send(std::move(head), std::string_view());
  co_return Result<void>();
}

bool Gateway::idle() const {
  // In this order: an invocation gives its place in the gate back before it is saved, and is in the registry
  // from before that until its end can be read.
  const invocations::ConcurrencyGate::Counts counts = gate_.counts();
  return counts.running == 0 && counts.queued == 0 && registry_.empty();
}

void Gateway::log_exchange(const Exchange& exchange) const {
  if (!ports_.log.enabled(LogLevel::info)) return;
  const std::string session = exchange.session_id ? exchange.session_id->str() : std::string();
  ports_.log.info("request", {{"request_id", exchange.request_id().view()},
                              {"session_id", std::string_view(session)},
                              {"principal", std::string_view(exchange.principal.id)},
                              {"method", std::string_view(exchange.request().method)},
                              {"route", exchange.route},
                              {"status", static_cast<std::int64_t>(exchange.status())},
                              {"error_code", exchange.error_code()},
                              {"duration_us", static_cast<std::int64_t>(exchange.elapsed().count())}});
}

}  // namespace skymarshal::gateway

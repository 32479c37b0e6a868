#include "gateway/gateway.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "gateway/answers.hpp"
#include "gateway/content_negotiation.hpp"
#include "limits/rate_limit_answer.hpp"

#include <algorithm>
#include <exception>

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
                    "there is nothing here: the API is at /api/v1/invoke, /api/v1/invocations, "
                    "/api/v1/sessions and /api/v1/health");
}

/// Nobody is kept waiting longer than what stands in front lets them.
InvocationEndpoints::Options endpoint_options(const GatewayOptions& gateway) {
  InvocationEndpoints::Options options;
  options.keep_alive = gateway.keep_alive;
  const bool is_bounded = gateway.buffered_wait > Milliseconds::zero();
  if (is_bounded) options.wait_max = std::min(options.wait_max, gateway.buffered_wait);
  return options;
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
      service_(options_.invocations, {ports.runtime, ports.sessions, ports.invocations, ports.fleet,
                                      ports.clock, ports.random, ports.log}),
      invocations_(service_, endpoint_options(options_)),
      sessions_({ports.sessions, ports.runtime, service_.turns(), ports.fleet, ports.random, ports.log}),
      health_(options_.version, ports.runtime, ports.sessions, service_.gate(), ports.clock, &ports.limiter) {
  add_routes();
}

void Gateway::add_routes() {
  const auto add = [this](const char* method, std::string_view pattern, Handler handler,
                          bool needs_authorization) {
    router_.add(method, pattern, Route{pattern, handler, needs_authorization});
  };
  add("POST", "/api/v1/invoke", &Gateway::invoke, true);
  add("GET", "/api/v1/invocations", &Gateway::list_invocations, true);
  add("GET", "/api/v1/invocations/{request_id}", &Gateway::invocation_state, true);
  add("GET", "/api/v1/invocations/{request_id}/events", &Gateway::invocation_events, true);
  add("DELETE", "/api/v1/invocations/{request_id}", &Gateway::cancel_invocation, true);
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
  const Result<void> acceptable = check_body_headers(request.headers);
  if (!acceptable) co_return acceptable.error();
  auto command = read_invoke_command(request.body);
  if (!command) co_return command.error();
  const auto mode = read_invoke_mode(request.headers, exchange.target, *command, options_.buffered_wait);
  if (!mode) co_return mode.error();
  exchange.session_id = command->session_id;
  auto submitted = co_await submit(exchange, *std::move(command), *mode);
  if (!submitted) co_return submitted.error();
  exchange.session_id = submitted->invocation.head.session_id;
  if (submitted->is_repeat) exchange.answer_headers.add("Idempotency-Replayed", "true");
  co_await answer(exchange, *std::move(submitted), *mode);
  co_return Result<void>();
}

asio::awaitable<Result<invocations::Submitted>> Gateway::submit(Exchange& exchange, InvokeCommand command,
                                                                const InvokeMode& mode) {
  invocations::Submission submission;
  submission.request_id = exchange.request_id();
  submission.principal = exchange.principal;
  submission.prompt = std::move(command.prompt);
  submission.session_id = command.session_id;
  submission.claim = mode.claim;
  submission.trace = http::read_trace_context(exchange.request().headers);
  // Who waits for the whole answer needs only the end.
  submission.after.seq = invocations::behind_all;
  if (mode.streaming) submission.after = mode.after.value_or(invocations::Place());
  submission.only_repeats = mode.after.has_value();
  // Who is promised an end gets it, whatever becomes of the connection.
  const bool is_promised = mode.claim || mode.respond_async;
  const bool may_be_asked_for = mode.wait || (mode.streaming && options_.keep_streams);
  if (may_be_asked_for) submission.keeping = invocations::Keeping::wanted;
  if (is_promised) submission.keeping = invocations::Keeping::required;
  if (!is_promised) submission.when_unread = invocations::WhenUnread::end_after(options_.disconnect_grace);
  return service_.submit(std::move(submission));
}

asio::awaitable<void> Gateway::answer(Exchange& exchange, invocations::Submitted submitted,
                                      const InvokeMode& mode) {
  invocations::FoundInvocation& invocation = submitted.invocation;
  if (invocation.is_read_to_the_end) co_return co_await answer_nothing_more(exchange);
  if (mode.streaming) {
    StreamOptions options;
    options.keep_alive = options_.keep_alive;
    if (mode.claim) options.ids = EventIds::yes;
    if (mode.after) options.after = invocation.after;
    co_return co_await answer_streamed(exchange, std::move(invocation.source), options);
  }
  // What could not be kept can only be waited for.
  const bool may_be_left = submitted.is_kept;
  if (may_be_left && !mode.preferences_applied.empty()) {
    exchange.answer_headers.add("Preference-Applied", mode.preferences_applied);
  }
  SteadyTime deadline = Wakeup::never;
  if (may_be_left && mode.wait) deadline = std::chrono::steady_clock::now() + *mode.wait;
  const Waited waited = co_await wait_for_end(exchange, invocation.source, deadline);
  if (waited == Waited::client_gone) co_return;
  if (waited == Waited::end) co_return co_await answer_with_end(exchange, invocation.source);
  service_.waive_readers(invocation.source.request_id);
  co_await answer_accepted(exchange, invocation.source);
}

asio::awaitable<Result<void>> Gateway::health_check(Exchange& exchange) {
  HealthMonitor::Report report = health_.report(draining_announced_ || draining());
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

#include "runtime/agentcore_runtime.hpp"

#include "aws/service_error.hpp"
#include "base/cancellable_scope.hpp"
#include "base/wakeup.hpp"
#include "net/deadline.hpp"
#include "runtime/runtime_requests.hpp"
#include "runtime/runtime_words.hpp"

#include <string_view>
#include <utility>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

namespace skymarshal::runtime {
namespace {

namespace asio = boost::asio;

constexpr std::size_t answer_bytes_max = 64 * 1024;

http::Request stop_request(const http::Endpoint& endpoint, const SessionId& session) {
  http::Request request{"POST", endpoint.target, {}, "{}"};
  request.headers.add("Host", endpoint.authority());
  request.headers.add(std::string(session_field), session.str());
  request.headers.add("Content-Type", "application/json");
  return request;
}

/// Not now, but soon perhaps.
bool may_be_stopped_later(const aws::ServiceError& refusal) {
  return aws::is_throttling(refusal) || aws::is_transient(refusal) || refusal.status == 409;
}

Error not_stopped(std::string_view why) {
  return make_error(Errc::runtime_error, fmt::format("StopRuntimeSession: {}", why));
}

}  // namespace

AgentCoreRuntime::AgentCoreRuntime(Parts parts, StopOptions stop_options)
    : parts_(std::move(parts)), client_({}, parts_.tls), stop_options_(std::move(stop_options)) {}

asio::awaitable<Result<void>> AgentCoreRuntime::forget(SessionId session) {
  const auto executor = co_await asio::this_coro::executor;
  std::string failure = "no answer";
  CancellableScope scope(executor);
  net::Deadline deadline(executor, [&scope] { scope.cancel(); });
  deadline.expires_after(stop_options_.timeout);
  const auto stopped = co_await scope.run(stop(session, failure));
  if (stopped) co_return *stopped;
  co_return not_stopped(fmt::format("not within {} ms: {}", stop_options_.timeout.count(), failure));
}

asio::awaitable<Result<void>> AgentCoreRuntime::stop(SessionId session, std::string& failure) {
  Retries retries(stop_options_.retry, parts_.random);
  for (;;) {
    StopAnswer answer = co_await ask_to_stop(session);
    if (answer.failure.empty()) co_return Result<void>();
    failure = std::move(answer.failure);
    const auto delay = retries.delay_after(answer.again);
    if (!delay) co_return not_stopped(failure);
    Wakeup pause(co_await asio::this_coro::executor);
    co_await pause.wait_until(std::chrono::steady_clock::now() + *delay);
  }
}

asio::awaitable<AgentCoreRuntime::StopAnswer> AgentCoreRuntime::ask_to_stop(SessionId session) {
  net::FetchOptions limits;
  limits.connect_timeout = stop_options_.timeout;
  limits.total_timeout = stop_options_.timeout;
  limits.body_bytes_max = answer_bytes_max;
  // Stopped twice is stopped.
  limits.repeatable = true;
  http::Request request = stop_request(parts_.stop_endpoint, session);
  RuntimeAccess::Pass pass;
  auto unauthorised = co_await parts_.access->authorize(request, pass);
  if (unauthorised) co_return StopAnswer{std::move(unauthorised->cause), Again::later};
  const auto answer = co_await net::fetch(client_, parts_.stop_endpoint, std::move(request), limits);
  if (!answer) co_return StopAnswer{answer.error().message, Again::later};
  if (answer->status < 300 || answer->status == 404) co_return StopAnswer{};
  aws::ServiceError refusal = aws::read_service_error(*answer);
  StopAnswer refused;
  refused.failure =
      fmt::format("HTTP {} {}", refusal.status, plain_words(refusal.code, RuntimeWords::name_bytes_max));
  if (may_be_stopped_later(refusal)) {
    refused.again = Again::later;
  } else if (co_await parts_.access->may_authorize_again(std::move(refusal), std::move(pass))) {
    refused.again = Again::at_once;
  }
  co_return refused;
}

}  // namespace skymarshal::runtime

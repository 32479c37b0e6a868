#include "runtime/agentcore_runtime.hpp"

#include "aws/service_error.hpp"
#include "runtime/runtime_requests.hpp"
#include "runtime/runtime_words.hpp"

#include <utility>

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

Error not_stopped(std::string why) {
  return make_error(Errc::runtime_error, "StopRuntimeSession: " + std::move(why));
}

}  // namespace

AgentCoreRuntime::AgentCoreRuntime(Parts parts, Milliseconds stop_timeout)
    : parts_(std::move(parts)), client_({}, parts_.tls), stop_timeout_(stop_timeout) {}

asio::awaitable<Result<void>> AgentCoreRuntime::forget(SessionId session) {
  net::FetchOptions limits;
  limits.connect_timeout = stop_timeout_;
  limits.total_timeout = stop_timeout_;
  limits.body_bytes_max = answer_bytes_max;
  // Stopped twice is stopped.
  limits.repeatable = true;
  aws::ServiceError refusal;
  for (bool first = true;; first = false) {
    http::Request request = stop_request(parts_.stop_endpoint, session);
    RuntimeAccess::Pass pass;
    const auto unauthorised = co_await parts_.access->authorize(request, pass);
    if (unauthorised) co_return not_stopped(unauthorised->cause);
    const auto answer = co_await net::fetch(client_, parts_.stop_endpoint, std::move(request), limits);
    if (!answer) co_return not_stopped(answer.error().message);
    if (answer->status < 300 || answer->status == 404) co_return Result<void>();
    refusal = aws::read_service_error(*answer);
    const bool again = first && co_await parts_.access->may_authorize_again(refusal, std::move(pass));
    if (!again) break;
  }
  co_return not_stopped("HTTP " + std::to_string(refusal.status) + " " +
                        plain_words(refusal.code, RuntimeWords::name_bytes_max));
}

}  // namespace skymarshal::runtime

#include "gateway/exchange.hpp"

#include "http/problem.hpp"

#include <fmt/format.h>

namespace skymarshal::gateway {

namespace asio = boost::asio;

Exchange::Exchange(http::Request request, http::ResponseWriter& writer, const RequestId& request_id,
                   const Clock& clock, const CorsPolicy& cors)
    : request_(std::move(request)),
      writer_(writer),
      request_id_(request_id),
      clock_(clock),
      cors_(cors),
      started_(clock.steady_now()) {}

asio::awaitable<bool> Exchange::send(http::ResponseHead head, std::string_view body) {
  status_ = head.status;
  add_common_headers(head.headers);
  co_return co_await writer_.send(std::move(head), body);
}

asio::awaitable<bool> Exchange::send_json(unsigned status, std::string body) {
  http::ResponseHead head;
  head.status = status;
  head.headers.add("Content-Type", "application/json");
  co_return co_await send(std::move(head), body);
}

asio::awaitable<bool> Exchange::send_problem(Error error) {
  note_error(error);
  const std::string body = http::problem_body(error, request_id_, clock_.wall_now());
  co_return co_await send(http::problem_head(error), body);
}

void Exchange::note_error(const Error& error) { error_code_ = http::error_code(error.code); }

void Exchange::start(http::ResponseHead head) {
  status_ = head.status;
  add_common_headers(head.headers);
  writer_.start(std::move(head));
}

std::chrono::microseconds Exchange::elapsed() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(clock_.steady_now() - started_);
}

void Exchange::add_common_headers(http::Headers& headers) const {
  for (const http::Header& field : answer_headers) headers.add(field.name, field.value);
  headers.add("X-Request-Id", request_id_.str());
  headers.add("X-Api-Version", "v1");
  headers.add("Server-Timing", server_timing());
  cors_.add_headers(request_.headers, headers);
}

/// https://www.w3.org/TR/server-timing/: durations in milliseconds.
std::string Exchange::server_timing() const {
  fmt::memory_buffer out;
  const auto to = std::back_inserter(out);
  const auto in_ms = [](std::chrono::microseconds duration) {
    return static_cast<double>(duration.count()) / 1000;
  };
  if (timings.auth) fmt::format_to(to, "auth;dur={:.3f}, ", in_ms(*timings.auth));
  if (timings.queue) fmt::format_to(to, "queue;dur={}, ", timings.queue->count());
  if (timings.connect) fmt::format_to(to, "connect;dur={}, ", timings.connect->count());
  if (timings.first_message) fmt::format_to(to, "first_message;dur={}, ", timings.first_message->count());
  fmt::format_to(to, "total;dur={:.3f}", in_ms(elapsed()));
  return fmt::to_string(out);
}

}  // namespace skymarshal::gateway

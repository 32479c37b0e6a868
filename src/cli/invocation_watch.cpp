#include "cli/invocation_watch.hpp"

#include "base/id.hpp"
#include "base/time_format.hpp"
#include "cli/answer_text.hpp"
#include "cli/commands.hpp"
#include "cli/gateway_errors.hpp"
#include "cli/invoke_events.hpp"
#include "cli/progress_view.hpp"
#include "http/sse.hpp"

#include <array>
#include <cstdio>
#include <exception>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

namespace asio = boost::asio;

constexpr Milliseconds redraw_interval{100};
constexpr std::uint64_t answer_bytes_max = 512ULL * 1024 * 1024;
/// Before each attempt to take a broken stream up again. Together they stay below the time that a gateway
/// lets an invocation go on without readers.
constexpr std::array resume_pauses = {Milliseconds(200), Milliseconds(1'000), Milliseconds(3'000),
                                      Milliseconds(8'000)};

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

/// One invocation, watched from its request to its end.
class InvocationWatch {
 public:
  InvocationWatch(const WatchOptions& options, GatewayClient client, Terminal terminal)
      : options_(options),
        client_(std::move(client)),
        terminal_(terminal),
        view_(terminal),
        timer_(io_),
        request_id_(options.request_id) {}

  ExitCode run(const http::Request& request) {
    started_ = clock_.steady_now();
    asio::co_spawn(io_, watch(request), [this](std::exception_ptr failure, Result<void> outcome) {
      timer_.cancel();
      over_ = true;
      if (failure) std::rethrow_exception(failure);
      if (!outcome) fail(outcome.error());
    });
    if (terminal_.live && !options_.json) {
      asio::co_spawn(io_, redraw(), [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
      });
    }
    io_.run();
    return exit_code_;
  }

 private:
  /// The invocation goes on while its reader is away, for some time at least.
  asio::awaitable<Result<void>> watch(const http::Request& request) {
    auto outcome = co_await read_stream(request);
    bool has_a_key = false;
    std::string heard;
    std::size_t failures = 0;
    while (!outcome && !ended_ && is_lost(outcome.error().code)) {
      // A connection that brought something was a good one.
      if (last_event_ != heard) failures = 0;
      heard = last_event_;
      if (failures == resume_pauses.size()) break;
      // The gateway may have taken it on without our hearing of it: under its key it is the same again.
      has_a_key =
          has_a_key || (outcome.error().code == Errc::interrupted && request.headers.find("Idempotency-Key"));
      if (!knows_id() && !has_a_key) break;
      say("The connection was lost: going on where it broke.");
      asio::steady_timer timer(io_, resume_pauses[failures++]);
      co_await timer.async_wait(asio::use_awaitable);
      outcome = co_await read_stream(request_to_go_on(request));
    }
    co_return outcome;
  }

  static bool is_lost(Errc code) { return code == Errc::interrupted || code == Errc::connection_failed; }

  bool knows_id() const { return RequestId::parse(request_id_).has_value(); }

  http::Request request_to_go_on(const http::Request& first) const {
    if (!knows_id()) return first;
    http::Request rest = client_.request("GET", "/api/v1/invocations/" + request_id_ + "/events");
    if (!last_event_.empty()) rest.headers.add("Last-Event-ID", last_event_);
    return rest;
  }

  asio::awaitable<Result<void>> read_stream(http::Request request) {
    net::FetchOptions options;
    options.total_timeout = std::chrono::seconds(options_.timeout_seconds);
    options.body_bytes_max = answer_bytes_max;
    net::HttpExchange exchange(client_.http(), options);
    const Result<void> is_signed = client_.sign(request);
    if (!is_signed) co_return is_signed.error();
    const auto head = co_await exchange.send(client_.endpoint(), std::move(request));
    if (!head) co_return exchange_error(head.error());
    const std::string_view type = head->headers.find("Content-Type").value_or(std::string_view());
    if (head->status != 200 || !type.starts_with("text/event-stream")) {
      auto body = co_await exchange.read_rest();
      if (!body) co_return exchange_error(body.error());
      refuse(http::Response{head->status, head->headers, std::move(*body)});
      co_return Result<void>();
    }
    co_return co_await follow(exchange);
  }

  /// Reads the stream to the event that ends it.
  asio::awaitable<Result<void>> follow(net::HttpExchange& exchange) {
    http::SseParser parser;
    while (!ended_) {
      const auto piece = co_await exchange.read_piece();
      if (!piece) co_return exchange_error(piece.error());
      if (piece->empty()) {
        co_return make_error(Errc::interrupted,
                             "the stream ended before the answer did: the gateway, or something between, "
                             "closed it. Try again");
      }
      if (!parser.feed(*piece)) {
        co_return make_error(Errc::payload_too_large, "the gateway sent an event that is too large");
      }
      while (auto event = parser.next()) {
        const auto read = read_invoke_event(std::move(event->data));
        if (!read) co_return read.error();
        if (!read->seq.empty()) last_event_ = read->seq;
        std::visit([this](const auto& known) { take(known); }, read->event);
      }
    }
    co_return Result<void>();
  }

  asio::awaitable<void> redraw() {
    while (!over_) {
      timer_.expires_after(redraw_interval);
      co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
      if (!ended_ && streaming_) print(view_.on_tick(elapsed()));
    }
  }

  void take(const StreamStarted& event) {
    session_ = event.session_id;
    request_id_ = event.request_id;
    streaming_ = true;
    if (!options_.json) print(view_.on_started(event, elapsed()));
  }
  void take(const AgentSpoke& event) {
    if (!options_.json) print(view_.on_agent(event, elapsed()));
  }
  void take(const StreamCompleted& event) {
    ended_ = true;
    if (options_.json) return print(event.response + "\n");
    print(view_.on_end(elapsed()));
    print(result_text(event.response, {terminal_, next_command()}));
    if (options_.explain) print(explanation_text(event.response, terminal_));
  }
  void take(const StreamFailed& event) {
    report({0, event.error_code, event.error_message, event.request_id, event.details, {}});
  }
  void take(const OtherEvent&) {}

  /// The gateway answered without a stream.
  void refuse(const http::Response& response) {
    const GatewayError error = read_gateway_error(response);
    if (!options_.json || error.error_code.empty()) return report(error);
    ended_ = true;
    print(response.body + "\n");
    exit_code_ = exit_code_of(error);
  }

  void report(const GatewayError& error) {
    end_view();
    exit_code_ = exit_code_of(error);
    if (options_.json && !error.error_code.empty())
      print(error_json(error, iso8601(clock_.wall_now())) + "\n");
    else
      print_error(error_text(error, client_.signing().description()));
  }

  void fail(const Error& error) {
    end_view();
    exit_code_ = exit_code_of(error.code);
    print_error(error.message);
    // Whoever leaves early has not stopped the agents at once, and what they say is saved.
    if (knows_id()) {
      print_error(fmt::format("The agents may have gone on: '{} {}' tells.",
                              command_at("invocations show", options_.endpoint_url), request_id_));
    }
  }

  void end_view() {
    if (streaming_ && !ended_ && !options_.json) print(view_.on_end(elapsed()));
    ended_ = true;
  }

  void say(const std::string& message) const {
    if (!options_.json) print_error(message);
  }

  std::string next_command() const {
    if (!SessionId::parse(session_)) return {};
    return fmt::format("{} --session {}", command_at("invoke", options_.endpoint_url), session_);
  }

  Milliseconds elapsed() const {
    return std::chrono::duration_cast<Milliseconds>(clock_.steady_now() - started_);
  }

  const WatchOptions& options_;
  GatewayClient client_;
  Terminal terminal_;
  ProgressView view_;
  SystemClock clock_;
  SteadyTime started_;
  asio::io_context io_{1};
  asio::steady_timer timer_;
  std::string session_;
  std::string request_id_;
  /// Its seq.
  std::string last_event_;
  bool streaming_ = false;
  bool ended_ = false;
  bool over_ = false;
  ExitCode exit_code_ = ExitCode::done;
};

}  // namespace

ExitCode watch_invocation(const WatchOptions& options, GatewayClient client, Terminal terminal,
                          const http::Request& request) {
  return InvocationWatch(options, std::move(client), terminal).run(request);
}

}  // namespace skymarshal::cli

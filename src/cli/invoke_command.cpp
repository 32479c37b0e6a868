#include "base/id.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/time_format.hpp"
#include "base/utf8.hpp"
#include "cli/answer_text.hpp"
#include "cli/commands.hpp"
#include "cli/gateway_client.hpp"
#include "cli/gateway_errors.hpp"
#include "cli/invoke_events.hpp"
#include "cli/progress_view.hpp"
#include "cli/terminal.hpp"
#include "http/sse.hpp"

#include <cstdio>
#include <exception>
#include <iostream>
#include <iterator>

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
/// Longer prompts are refused by the gateway; this only keeps a wrong file from being read to its end.
constexpr std::size_t prompt_bytes_max = 1024 * 1024;
constexpr std::uint64_t answer_bytes_max = 512ULL * 1024 * 1024;

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

ExitCode usage_error(const std::string& message) {
  print_error(message);
  return ExitCode::usage;
}

/// The prompt itself, or standard input for "-".
Result<std::string> read_prompt(const std::string& argument) {
  std::string prompt = argument;
  if (argument == "-") {
    prompt.clear();
    for (std::istreambuf_iterator<char> at(std::cin), end; at != end && prompt.size() <= prompt_bytes_max;
         ++at) {
      prompt += *at;
    }
    prompt = std::string(without_byte_order_mark(prompt));
  }
  while (prompt.ends_with('\n') || prompt.ends_with('\r')) prompt.pop_back();
  if (prompt.size() > prompt_bytes_max) {
    return make_error(Errc::invalid_request, "the prompt is longer than 10,000 characters");
  }
  if (!is_utf8(prompt)) return make_error(Errc::invalid_request, "the prompt is not text in UTF-8");
  return prompt;
}

/// One invocation, watched from its request to its end.
class Invocation {
 public:
  Invocation(const InvokeCommand& command, GatewayClient client, Terminal terminal)
      : command_(command), client_(std::move(client)), terminal_(terminal), view_(terminal), timer_(io_) {}

  ExitCode run(const std::string& prompt) {
    started_ = clock_.steady_now();
    asio::co_spawn(io_, converse(prompt), [this](std::exception_ptr failure, Result<void> outcome) {
      timer_.cancel();
      over_ = true;
      if (failure) std::rethrow_exception(failure);
      if (!outcome) fail(outcome.error());
    });
    if (terminal_.live && !command_.json) {
      asio::co_spawn(io_, redraw(), [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
      });
    }
    io_.run();
    return exit_code_;
  }

 private:
  asio::awaitable<Result<void>> converse(std::string prompt) {
    net::FetchOptions options;
    options.total_timeout = std::chrono::seconds(command_.timeout_seconds);
    options.body_bytes_max = answer_bytes_max;
    net::HttpExchange exchange(client_.http(), options);
    http::Request request = client_.request("POST", "/api/v1/invoke", request_body(prompt));
    request.headers.add("Accept", "text/event-stream, application/json");
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
        std::visit([this](const auto& known) { take(known); }, *read);
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
    streaming_ = true;
    if (!command_.json) print(view_.on_started(event, elapsed()));
  }
  void take(const AgentSpoke& event) {
    if (!command_.json) print(view_.on_agent(event, elapsed()));
  }
  void take(const StreamCompleted& event) {
    ended_ = true;
    if (command_.json) return print(event.response + "\n");
    print(view_.on_end(elapsed()));
    print(result_text(event.response, {terminal_, next_command()}));
    if (command_.explain) print(explanation_text(event.response, terminal_));
  }
  void take(const StreamFailed& event) {
    report({0, event.error_code, event.error_message, event.request_id, event.details, {}});
  }
  void take(const OtherEvent&) {}

  /// The gateway answered without a stream.
  void refuse(const http::Response& response) {
    const GatewayError error = read_gateway_error(response);
    if (!command_.json || error.error_code.empty()) return report(error);
    ended_ = true;
    print(response.body + "\n");
    exit_code_ = exit_code_of(error);
  }

  void report(const GatewayError& error) {
    end_view();
    exit_code_ = exit_code_of(error);
    if (command_.json && !error.error_code.empty())
      print(error_json(error, iso8601(clock_.wall_now())) + "\n");
    else
      print_error(error_text(error, client_.signing().description()));
  }

  void fail(const Error& error) {
    end_view();
    exit_code_ = exit_code_of(error.code);
    print_error(error.message);
    // Whoever leaves early has not stopped the agents at once, and what they say is saved.
    if (SessionId::parse(session_)) {
      print_error("The agents may have gone on: 'skymarshal sessions show " + session_ + "' tells.");
    }
  }

  void end_view() {
    if (streaming_ && !ended_ && !command_.json) print(view_.on_end(elapsed()));
    ended_ = true;
  }

  std::string request_body(std::string_view prompt) const {
    std::string body;
    JsonWriter json(body);
    json.begin_object().member("prompt", prompt);
    if (!command_.session.empty()) json.member("session_id", std::string_view(command_.session));
    json.member("streaming", true).end_object();
    return body;
  }

  std::string next_command() const {
    if (!SessionId::parse(session_)) return {};
    const std::string endpoint = command_.endpoint.url == EndpointArguments().url
                                     ? std::string()
                                     : "--endpoint " + command_.endpoint.url + " ";
    return fmt::format("skymarshal invoke {}--session {}", endpoint, session_);
  }

  Milliseconds elapsed() const {
    return std::chrono::duration_cast<Milliseconds>(clock_.steady_now() - started_);
  }

  const InvokeCommand& command_;
  GatewayClient client_;
  Terminal terminal_;
  ProgressView view_;
  SystemClock clock_;
  SteadyTime started_;
  asio::io_context io_{1};
  asio::steady_timer timer_;
  std::string session_;
  bool streaming_ = false;
  bool ended_ = false;
  bool over_ = false;
  ExitCode exit_code_ = ExitCode::done;
};

}  // namespace

ExitCode run_invoke(const InvokeCommand& command, const Environment& environment) {
  if (!command.session.empty() && !SessionId::parse(command.session)) {
    return usage_error("'" + command.session +
                       "' is no session: write its id, as 'skymarshal sessions list' shows it");
  }
  const auto prompt = read_prompt(command.prompt);
  if (!prompt) return usage_error(prompt.error().message);
  auto client = GatewayClient::open(command.endpoint, environment);
  if (!client) return usage_error(client.error().message);
  print_error(client->signing().warning(client->endpoint()));
  const Terminal terminal = terminal_of(window_of_standard_output(), environment);
  return Invocation(command, std::move(*client), terminal).run(*prompt);
}

}  // namespace skymarshal::cli

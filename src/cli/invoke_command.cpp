#include "base/id.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "cli/answer_text.hpp"
#include "cli/commands.hpp"
#include "cli/gateway_client.hpp"
#include "cli/gateway_errors.hpp"
#include "cli/invocation_watch.hpp"
#include "cli/terminal.hpp"
#include "http/idempotency_key.hpp"

#include <iostream>
#include <iterator>

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

/// Longer prompts are refused by the gateway; this only keeps a wrong file from being read to its end.
constexpr std::size_t prompt_bytes_max = 1024 * 1024;
constexpr Milliseconds accept_timeout{30'000};

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

http::Request invoke_request(const InvokeCommand& command, const GatewayClient& client,
                             std::string_view prompt) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("prompt", prompt);
  if (!command.session.empty()) json.member("session_id", std::string_view(command.session));
  json.member("streaming", !command.is_async).end_object();
  http::Request request = client.request("POST", "/api/v1/invoke", std::move(body));
  request.headers.add("Accept", "text/event-stream, application/json");
  if (command.idempotency_key) request.headers.add("Idempotency-Key", *command.idempotency_key);
  if (command.is_async) request.headers.add("Prefer", "respond-async");
  return request;
}

/// What a gateway has taken on, or had taken on before and knows the end of.
ExitCode begin(const InvokeCommand& command, const GatewayClient& client, http::Request request) {
  const auto response = client.fetch(std::move(request), accept_timeout);
  if (!response) {
    print_error(response.error().message);
    return exit_code_of(response.error().code);
  }
  if (command.json) fmt::print("{}\n", response->body);
  if (response->status >= 300) {
    const GatewayError error = read_gateway_error(*response);
    if (!command.json) print_error(error_text(error, client.signing().description()));
    return exit_code_of(error);
  }
  if (command.json) return ExitCode::done;
  const std::string id = response_field(response->body, "request_id");
  fmt::print("{}\n", id);
  if (response->status == 200) {
    print_error(fmt::format("It has ended: '{} {}' has the answer.",
                            command_at("invocations show", command.endpoint.url), id));
    return ExitCode::done;
  }
  print_error(fmt::format("It runs on: '{0} {2}' shows the agents, '{1} {2}' the answer.",
                          command_at("invocations follow", command.endpoint.url),
                          command_at("invocations show", command.endpoint.url), id));
  return ExitCode::done;
}

}  // namespace

ExitCode run_invoke(const InvokeCommand& command, const Environment& environment) {
  if (!command.session.empty() && !SessionId::parse(command.session)) {
    return usage_error("'" + command.session +
                       "' is no session: write its id, as 'skymarshal sessions list' shows it");
  }
  if (command.idempotency_key && !http::is_idempotency_key(*command.idempotency_key)) {
    return usage_error("an idempotency key has 1 to 255 visible ASCII characters: a UUID will do");
  }
  const auto prompt = read_prompt(command.prompt);
  if (!prompt) return usage_error(prompt.error().message);
  auto client = GatewayClient::open(command.endpoint, environment);
  if (!client) return usage_error(client.error().message);
  print_error(client->signing().warning(client->endpoint()));
  http::Request request = invoke_request(command, *client, *prompt);
  if (command.is_async) return begin(command, *client, std::move(request));
  const Terminal terminal = terminal_of(window_of_standard_output(), environment);
  const WatchOptions options{command.json, command.explain, command.timeout_seconds, command.endpoint.url};
  return watch_invocation(options, std::move(*client), terminal, request);
}

}  // namespace skymarshal::cli

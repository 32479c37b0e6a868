#include "base/id.hpp"
#include "cli/answer_text.hpp"
#include "cli/api_call.hpp"
#include "cli/commands.hpp"
#include "cli/invocation_watch.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

using InvocationsAction = InvocationsCommand::Action;

constexpr std::string_view invocations_path = "/api/v1/invocations";

http::Request invocations_request(const InvocationsCommand& command, const GatewayClient& client) {
  if (command.action == InvocationsAction::cancel) {
    return client.request("DELETE", fmt::format("{}/{}", invocations_path, command.id));
  }
  if (command.action == InvocationsAction::show) {
    return client.request("GET", fmt::format("{}/{}", invocations_path, command.id));
  }
  if (command.action == InvocationsAction::follow) {
    return client.request("GET", fmt::format("{}/{}/events", invocations_path, command.id));
  }
  std::string target = fmt::format("{}?limit={}", invocations_path, command.limit);
  if (!command.status.empty()) target += "&status=" + command.status;
  if (!command.cursor.empty()) target += "&cursor=" + http::percent_encode(command.cursor);
  return client.request("GET", target);
}

ExitCode follow(const InvocationsCommand& command, const Environment& environment) {
  auto client = GatewayClient::open(command.endpoint, environment);
  if (!client) {
    print_error(client.error().message);
    return ExitCode::usage;
  }
  print_error(client->signing().warning(client->endpoint()));
  const WatchOptions options{command.json, command.explain, command.timeout_seconds, command.endpoint.url,
                             command.id};
  const http::Request request = invocations_request(command, *client);
  const Terminal terminal = terminal_of(window_of_standard_output(), environment);
  return watch_invocation(options, *std::move(client), terminal, request);
}

}  // namespace

ExitCode run_invocations(const InvocationsCommand& command, const Environment& environment) {
  if (command.action != InvocationsAction::list && !RequestId::parse(command.id)) {
    print_error("'" + command.id +
                "' is no invocation: write its id, as 'skymarshal invocations list' shows it");
    return ExitCode::usage;
  }
  if (command.action == InvocationsAction::follow) return follow(command, environment);
  const Terminal terminal = terminal_of(window_of_standard_output(), environment);
  const auto text = [&](const http::Response& response) {
    if (command.json) return response.body + "\n";
    if (command.action == InvocationsAction::list) return invocation_list_text(response.body);
    return invocation_text(response.body, {terminal}, command.explain);
  };
  const auto request = [&command](const GatewayClient& client) {
    return invocations_request(command, client);
  };
  return run_api_call({command.endpoint, request, text, command.json}, environment);
}

}  // namespace skymarshal::cli

#include "base/id.hpp"
#include "cli/answer_text.hpp"
#include "cli/api_call.hpp"
#include "cli/commands.hpp"
#include "cli/gateway_client.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

using SessionsAction = SessionsCommand::Action;

std::string page_query(const SessionsCommand& command) {
  std::string query = fmt::format("?limit={}", command.limit);
  if (!command.status.empty()) query += "&status=" + command.status;
  if (!command.cursor.empty()) query += "&cursor=" + http::percent_encode(command.cursor);
  return query;
}

http::Request request_of(const SessionsCommand& command, const GatewayClient& client) {
  const std::string sessions = "/api/v1/sessions";
  switch (command.action) {
    case SessionsAction::create:
      return client.request("POST", sessions);
    case SessionsAction::list:
      return client.request("GET", sessions + page_query(command));
    case SessionsAction::show:
      return client.request("GET", sessions + "/" + command.id + page_query(command));
    case SessionsAction::erase:
      return client.request("DELETE", sessions + "/" + command.id);
  }
  return {};
}

std::string text_of(const SessionsCommand& command, const http::Response& response) {
  if (command.json && command.action != SessionsAction::erase) return response.body + "\n";
  switch (command.action) {
    case SessionsAction::create:
      return response_field(response.body, "session_id") + "\n";
    case SessionsAction::list:
      return session_list_text(response.body);
    case SessionsAction::show:
      return session_history_text(response.body, Terminal().width);
    case SessionsAction::erase:
      return fmt::format("erased session {}\n", command.id);
  }
  return {};
}

}  // namespace

ExitCode run_sessions(const SessionsCommand& command, const Environment& environment) {
  const bool has_id = command.action == SessionsAction::show || command.action == SessionsAction::erase;
  if (has_id && !SessionId::parse(command.id)) {
    print_error("'" + command.id + "' is no session: write its id, as 'skymarshal sessions list' shows it");
    return ExitCode::usage;
  }
  const auto request = [&command](const GatewayClient& client) { return request_of(command, client); };
  const auto text = [&command](const http::Response& response) { return text_of(command, response); };
  return run_api_call({command.endpoint, request, text, command.json}, environment);
}

}  // namespace skymarshal::cli

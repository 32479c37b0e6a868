#include "cli/gateway_errors.hpp"

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/utf8.hpp"
#include "cli/text_layout.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

struct Advice {
  std::string_view error_code;
  std::string_view text;
};

/// By details.reason of a 401.
constexpr std::array advices_to_the_unknown = {
    Advice{
        "MISSING_CREDENTIALS",
        "Say who you are: --profile NAME or the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; for "
        "other gateways --sts-server-id ID or --bearer-token-file FILE."},
    Advice{"SIGNATURE_MISMATCH",
           "Is it the right key, secret, region or server id? Where the gateway runs, 'skymarshal keys list' "
           "shows its keys. A proxy that changes the Host or the path breaks signatures, too."},
    Advice{"REQUEST_EXPIRED", "Is this machine's clock right? If it is, get new credentials."},
    Advice{"MALFORMED_AUTHORIZATION",
           "Does the gateway take another kind? AWS keys, --sts-server-id ID and --bearer-token-file FILE go "
           "to different gateways."},
    Advice{"INVALID_TOKEN", "Get a new token."},
};

constexpr std::array advices = {
    Advice{"FORBIDDEN", "Ask whoever runs the gateway to allow it, or use other credentials."},
    Advice{"IDENTITY_UNAVAILABLE", "The gateway could not ask whether you are who you say."},
    Advice{"SESSION_EXPIRED", "Leave --session out to begin a new session."},
    Advice{"SESSION_BUSY", "Wait until the session's running turn has ended."},
    Advice{"INVOCATION_NOT_FOUND", "It was started by somebody else, or is long gone."},
    Advice{"SESSION_NOT_FOUND", "'skymarshal sessions list' shows your sessions."},
    Advice{"CONNECTION_FAILED", "The gateway is there, but its agents are not: see its --runtime-url."},
    Advice{"RUNTIME_UNAVAILABLE",
           "The gateway is there, but its agents take nothing now: see its --runtime-url."},
    Advice{"RUNTIME_REFUSED", "The gateway may not use its runtime: see its --runtime-url."},
    Advice{"UNSUPPORTED_VERSION", "This program and the gateway are of different versions."},
};

/// Of a 401.
std::string reason_of(const GatewayError& error) {
  std::string details = error.details;
  return json_object(pad_json(details)).text("reason");
}

template <std::size_t N>
std::string advice_line(const std::array<Advice, N>& all, std::string_view code) {
  const auto advice = std::ranges::find(all, code, &Advice::error_code);
  return advice == all.end() ? std::string() : fmt::format("\n{}", advice->text);
}

/// details.errors[]: a line each, unless it only repeats the message.
std::string field_errors(const GatewayError& error) {
  std::string details = error.details;
  std::string out;
  const auto members = json_object(pad_json(details));
  const auto errors = members.find("errors");
  if (!errors) return out;
  for (const std::string_view entry : json_elements(*errors)) {
    const auto fields = json_object(entry);
    const std::string message = fields.text("message");
    if (error.message.find(message) != std::string::npos) continue;
    out += fmt::format("\n  {}: {}", one_line(fields.text("field")), one_line(message));
  }
  return out;
}

}  // namespace

GatewayError read_gateway_error(const http::Response& response) {
  GatewayError error;
  error.http_status = response.status;
  error.retry_after = response.headers.find("Retry-After").value_or(std::string_view());
  error.request_id = response.headers.find("X-Request-Id").value_or(std::string_view());
  std::string body = response.body;
  const std::string_view padded = pad_json(body);
  if (validate_json(padded)) {
    const auto members = json_object(padded);
    error.error_code = members.text("error_code");
    error.message = members.text("error_message");
    if (const auto details = members.find("details")) error.details = *details;
    if (error.request_id.empty()) error.request_id = members.text("request_id");
  }
  return error;
}

std::string error_text(const GatewayError& error, std::string_view identity) {
  std::string text;
  if (error.error_code.empty()) {
    text = fmt::format("the endpoint answered HTTP {} {}, which no SkyMarshal gateway says: see --endpoint",
                       error.http_status, http::reason_phrase(error.http_status));
    return text;
  }
  text = fmt::format("{}: {}", one_line(error.error_code), one_line(error.message));
  text += field_errors(error);
  if (!error.retry_after.empty()) {
    text += fmt::format("\nTry again in {} s.", one_line(error.retry_after));
  }
  text += advice_line(advices, error.error_code);
  if (error.error_code == "UNAUTHORIZED") text += advice_line(advices_to_the_unknown, reason_of(error));
  const bool is_refused = exit_code_of(error) == ExitCode::not_allowed;
  if (is_refused && !identity.empty()) text += fmt::format("\n({})", one_line(identity));
  if (!error.request_id.empty()) text += fmt::format("\n(request {})", one_line(error.request_id));
  return text;
}

std::string error_json(const GatewayError& error, std::string_view timestamp) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("status", "error").member("request_id", std::string_view(error.request_id));
  json.member("error_code", std::string_view(error.error_code));
  json.member("error_message", std::string_view(error.message));
  if (!error.details.empty()) json.raw_member("details", error.details);
  json.member("timestamp", timestamp).end_object();
  return body;
}

ExitCode exit_code_of(const GatewayError& error) { return exit_code_of(error.error_code, error.http_status); }

}  // namespace skymarshal::cli

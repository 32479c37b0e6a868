#include "agents/server/runtime_http.hpp"

#include "agents/server/runtime_messages.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "http/media_type.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace skymarshal::agents::server {
namespace {

std::string health_report(bool busy, WallTime last_work) {
  std::string body;
  JsonWriter(body)
      .begin_object()
      .member("status", busy ? "HealthyBusy" : "Healthy")
      .member("time_of_last_update", unix_ms(last_work) / 1000)
      .end_object();
  return body;
}

/// Whether one of the field's list is this token.
bool lists(const http::Headers& headers, std::string_view field, std::string_view token) {
  const std::string list = headers.combined(field).value_or(std::string());
  return std::ranges::any_of(split(list, ','),
                             [token](std::string_view one) { return equal_ignoring_case(one, token); });
}

}  // namespace

http::Response json_answer(std::string body) {
  http::Response response;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

http::Response refusal(unsigned status, std::string_view code, std::string_view message) {
  http::Response response = json_answer(error_message(code, message));
  response.status = status;
  return response;
}

http::Response answer_without_agents(std::string_view method, std::string_view path, bool busy,
                                     WallTime last_work) {
  if (path == "/ping" && (method == "GET" || method == "HEAD")) {
    return json_answer(health_report(busy, last_work));
  }
  if (path == "/ping" || path == "/invocations") {
    http::Response response = refusal(405, "METHOD_NOT_ALLOWED", "The Allow header names the methods.");
    response.headers.add("Allow", path == "/ping" ? "GET, HEAD" : "POST");
    return response;
  }
  if (path == "/ws") {
    http::Response response = refusal(426, "INVALID_REQUEST", "/ws is a WebSocket (RFC 6455).");
    // RFC 9110 section 7.8: whoever sends Upgrade lists it as an option of the connection.
    response.headers.add("Upgrade", "websocket");
    response.headers.add("Connection", "Upgrade");
    return response;
  }
  return refusal(404, "NOT_FOUND", "There are /ws, /ping and /invocations.");
}

bool asks_for_websocket(const http::Request& request) {
  return request.method == "GET" && path_of(request.target) == "/ws" &&
         lists(request.headers, "Connection", "upgrade") && lists(request.headers, "Upgrade", "websocket");
}

bool asks_for_events(const http::Headers& headers) {
  const std::string accepted = headers.combined("Accept").value_or(std::string());
  const std::vector<http::MediaRange> ranges = http::read_accept(accepted);
  return http::weight_of("text/event-stream", ranges) > http::weight_of("application/json", ranges);
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

}  // namespace skymarshal::agents::server

#include "agents/server/runtime_http.hpp"

#include "agents/server/runtime_messages.hpp"
#include "base/json_writer.hpp"

#include <fmt/format.h>

namespace skymarshal::agents::server {
namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Content Too Large";
    case 426:
      return "Upgrade Required";
    case 431:
      return "Request Header Fields Too Large";
    default:
      return "Internal Server Error";
  }
}

std::string health_report(bool busy, WallTime changed) {
  std::string body;
  JsonWriter(body)
      .begin_object()
      .member("status", busy ? "HealthyBusy" : "Healthy")
      .member("time_of_last_update", unix_ms(changed) / 1000)
      .end_object();
  return body;
}

}  // namespace

HttpAnswer refuse(int status, std::string_view code, std::string_view message) {
  return HttpAnswer{status, error_message(code, message)};
}

HttpAnswer answer_without_agents(std::string_view method, std::string_view path, bool busy,
                                 WallTime changed) {
  if (path == "/ping" && (method == "GET" || method == "HEAD")) return {200, health_report(busy, changed)};
  if (path == "/ping" || path == "/invocations") {
    HttpAnswer answer = refuse(405, "METHOD_NOT_ALLOWED", "The Allow header names the methods.");
    answer.allow = path == "/ping" ? "GET, HEAD" : "POST";
    return answer;
  }
  if (path == "/ws") return refuse(426, "INVALID_REQUEST", "/ws is a WebSocket (RFC 6455).");
  return refuse(404, "NOT_FOUND", "There are /ws, /ping and /invocations.");
}

std::string answer_head(const HttpAnswer& answer, bool keep_alive) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
                                 answer.status, reason_of(answer.status), answer.body.size());
  if (!answer.allow.empty()) head += fmt::format("Allow: {}\r\n", answer.allow);
  if (answer.status == 426) head += "Upgrade: websocket\r\n";
  if (!keep_alive) head += "Connection: close\r\n";
  return head + "\r\n";
}

std::string stream_head(bool chunked, bool keep_alive) {
  std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n";
  if (chunked) head += "Transfer-Encoding: chunked\r\n";
  if (!chunked || !keep_alive) head += "Connection: close\r\n";
  return head + "\r\n";
}

std::string stream_event(std::string_view message, bool chunked) {
  constexpr std::string_view begin = "data: ";
  constexpr std::string_view end = "\n\n";
  if (!chunked) return fmt::format("{}{}{}", begin, message, end);
  return fmt::format("{:x}\r\n{}{}{}\r\n", begin.size() + message.size() + end.size(), begin, message, end);
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

}  // namespace skymarshal::agents::server

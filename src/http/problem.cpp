#include "http/problem.hpp"

#include "base/json_writer.hpp"
#include "base/time_format.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace skymarshal::http {
namespace {

/// Of a 503 whose cause did not say when it will be over.
constexpr std::chrono::seconds unavailable_retry_after{5};

struct Row {
  Errc errc;
  unsigned status;
  std::string_view code;
};

constexpr std::array rows = {
    Row{Errc::invalid_json, 400, "INVALID_JSON"},
    Row{Errc::invalid_request, 400, "INVALID_REQUEST"},
    Row{Errc::unauthorized, 401, "UNAUTHORIZED"},
    Row{Errc::forbidden, 403, "FORBIDDEN"},
    Row{Errc::not_found, 404, "NOT_FOUND"},
    Row{Errc::unsupported_version, 404, "UNSUPPORTED_VERSION"},
    Row{Errc::session_not_found, 404, "SESSION_NOT_FOUND"},
    Row{Errc::invocation_not_found, 404, "INVOCATION_NOT_FOUND"},
    Row{Errc::method_not_allowed, 405, "METHOD_NOT_ALLOWED"},
    Row{Errc::request_timeout, 408, "REQUEST_TIMEOUT"},
    Row{Errc::session_expired, 409, "SESSION_EXPIRED"},
    Row{Errc::session_busy, 409, "SESSION_BUSY"},
    Row{Errc::invocation_gone, 410, "INVOCATION_GONE"},
    Row{Errc::payload_too_large, 413, "PAYLOAD_TOO_LARGE"},
    Row{Errc::uri_too_long, 414, "URI_TOO_LONG"},
    Row{Errc::unsupported_media_type, 415, "UNSUPPORTED_MEDIA_TYPE"},
    Row{Errc::idempotency_conflict, 422, "IDEMPOTENCY_CONFLICT"},
    Row{Errc::headers_too_large, 431, "HEADERS_TOO_LARGE"},
    Row{Errc::rate_limited, 429, "RATE_LIMITED"},
    Row{Errc::internal, 500, "INTERNAL_ERROR"},
    Row{Errc::store_refused, 500, "STORE_REFUSED"},
    Row{Errc::connection_failed, 502, "CONNECTION_FAILED"},
    Row{Errc::runtime_refused, 502, "RUNTIME_REFUSED"},
    Row{Errc::runtime_error, 502, "RUNTIME_ERROR"},
    Row{Errc::runtime_protocol_error, 502, "RUNTIME_PROTOCOL_ERROR"},
    Row{Errc::overloaded, 503, "OVERLOADED"},
    Row{Errc::runtime_unavailable, 503, "RUNTIME_UNAVAILABLE"},
    Row{Errc::store_unavailable, 503, "STORE_UNAVAILABLE"},
    Row{Errc::identity_unavailable, 503, "IDENTITY_UNAVAILABLE"},
    Row{Errc::shutting_down, 503, "SHUTTING_DOWN"},
    Row{Errc::timeout, 504, "TIMEOUT"},
    // These two end journals; a buffered reader meets them only when it is the server that cancels.
    Row{Errc::cancelled, 503, "CANCELLED"},
    Row{Errc::interrupted, 503, "INTERRUPTED"},
};

constexpr const Row& row_of(Errc code) {
  for (const Row& row : rows) {
    if (row.errc == code) return row;
  }
  return row_of(Errc::internal);
}

}  // namespace

unsigned http_status(Errc code) { return row_of(code).status; }

std::string_view error_code(Errc code) { return row_of(code).code; }

std::optional<Errc> parse_error_code(std::string_view code) {
  const auto row = std::ranges::find(rows, code, &Row::code);
  return row == rows.end() ? std::nullopt : std::optional(row->errc);
}

bool is_callers_doing(Errc code) { return code == Errc::cancelled || http_status(code) < 500; }

std::string problem_body(const Error& error, const RequestId& request_id, WallTime timestamp) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("status", "error").member("request_id", request_id.view());
  json.member("error_code", error_code(error.code)).member("error_message", error.message);
  if (!error.details.empty()) json.raw_member("details", error.details);
  json.member("timestamp", iso8601(timestamp)).end_object();
  return body;
}

ResponseHead problem_head(const Error& error) {
  ResponseHead head;
  head.status = http_status(error.code);
  head.headers.add("Content-Type", "application/json");
  std::optional<std::chrono::seconds> retry_after = error.retry_after;
  if (head.status == 503 && !retry_after) retry_after = unavailable_retry_after;
  if (retry_after) head.headers.add("Retry-After", std::to_string(retry_after->count()));
  return head;
}

Response problem_response(const Error& error, const RequestId& request_id, WallTime timestamp) {
  ResponseHead head = problem_head(error);
  return {head.status, std::move(head.headers), problem_body(error, request_id, timestamp)};
}

}  // namespace skymarshal::http

#include "gateway/content_negotiation.hpp"

#include "base/text.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::gateway {
namespace {

bool is_zero_weight(std::string_view parameter) {
  if (parameter.size() < 3 || !equal_ignoring_case(parameter.substr(0, 2), "q=")) return false;
  return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
}

bool is_utf8_charset(std::string_view parameter) {
  return equal_ignoring_case(parameter, "charset=utf-8") ||
         equal_ignoring_case(parameter, "charset=\"utf-8\"");
}

bool is_json_in_utf8(std::string_view content_type) {
  const std::vector<std::string_view> parts = split(content_type, ';');
  if (!equal_ignoring_case(parts.front(), "application/json")) return false;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (!parts[i].empty() && !is_utf8_charset(parts[i])) return false;
  }
  return true;
}

}  // namespace

Result<void> check_body_headers(const http::Headers& headers) {
  // Two of them contradict each other, or try to; joined they are no media type.
  const auto content_type = headers.combined("Content-Type");
  if (content_type && !is_json_in_utf8(*content_type)) {
    return make_error(Errc::unsupported_media_type,
                      "send the body as Content-Type: application/json, in UTF-8");
  }
  if (const auto encoding = headers.find("Content-Encoding");
      encoding && !equal_ignoring_case(*encoding, "identity")) {
    return make_error(Errc::unsupported_media_type, "send the body without Content-Encoding");
  }
  return {};
}

Result<void> check_invoke_headers(const http::Headers& headers) {
  if (const Result<void> body = check_body_headers(headers); !body) return body;
  // Taking the key without honouring it could run, and bill, the agents twice.
  if (headers.find("Idempotency-Key")) {
    return make_error(Errc::invalid_request,
                      "Idempotency-Key is not supported by this version: leave it out");
  }
  return {};
}

bool accepts_event_stream(const http::Headers& headers) {
  const std::string accept = headers.combined("Accept").value_or(std::string());
  for (const std::string_view range : split(accept, ',')) {
    const std::vector<std::string_view> parts = split(range, ';');
    if (!equal_ignoring_case(parts.front(), "text/event-stream")) continue;
    bool refused = false;
    for (const std::string_view parameter : parts) refused = refused || is_zero_weight(parameter);
    if (!refused) return true;
  }
  return false;
}

}  // namespace skymarshal::gateway

#include "gateway/content_negotiation.hpp"

#include "base/text.hpp"
#include "http/media_type.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::gateway {
namespace {

/// Any parameters may stand there (RFC 8259 section 11 knows none), but what names another charset is not
/// what will be read.
bool is_json_in_utf8(std::string_view content_type) {
  const std::vector<std::string_view> parts = http::split_unquoted(content_type, ';');
  if (!equal_ignoring_case(parts.front(), "application/json")) return false;
  return std::ranges::all_of(parts.begin() + 1, parts.end(), [](std::string_view part) {
    if (part.empty()) return true;
    const auto parameter = http::read_parameter(part);
    if (!parameter) return false;
    return !equal_ignoring_case(parameter->name, "charset") ||
           equal_ignoring_case(parameter->value, "utf-8") || equal_ignoring_case(parameter->value, "utf8");
  });
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

bool prefers_event_stream(const http::Headers& headers) {
  const std::string accept = headers.combined("Accept").value_or(std::string());
  const std::vector<http::MediaRange> ranges = http::read_accept(accept);
  return http::weight_of("text/event-stream", ranges) > http::weight_of("application/json", ranges);
}

}  // namespace skymarshal::gateway

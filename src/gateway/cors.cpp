#include "gateway/cors.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::gateway {
namespace {

/// For who asks without naming any: those that mean something here.
constexpr std::string_view fields_read =
    "Authorization, Content-Type, Accept, Prefer, Idempotency-Key, Last-Event-ID, X-Amz-Date, "
    "X-Amz-Security-Token, X-Amz-Content-Sha256, X-Skymarshal-Server-Id, traceparent";

/// As browsers write origins: without the port that the scheme has anyway (RFC 6454 section 6.1).
std::string_view without_default_port(std::string_view host, std::string_view scheme) {
  const std::string_view port = scheme == "https" ? ":443" : ":80";
  if (host.ends_with(port)) host.remove_suffix(port.size());
  return host;
}

}  // namespace

void CorsPolicy::add_headers(const http::Headers& request, http::Headers& headers) const {
  if (std::ranges::count(allowed_origins_, "*") > 0) {
    headers.add("Access-Control-Allow-Origin", "*");
  } else {
    headers.add("Access-Control-Allow-Origin", origin_to_name(request));
    headers.add("Vary", "Origin");
  }
  headers.add("Access-Control-Expose-Headers",
              "X-Request-Id, X-Api-Version, Server-Timing, Retry-After, Location, X-Session-Persisted, "
              "Preference-Applied, Idempotency-Replayed, "
              "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, WWW-Authenticate");
}

std::string CorsPolicy::origin_to_name(const http::Headers& request) const {
  const std::string_view origin = request.find("Origin").value_or(std::string_view());
  if (!allowed_origins_.empty()) {
    const bool matches = std::ranges::count(allowed_origins_, origin) > 0;
    return matches ? std::string(origin) : allowed_origins_.front();
  }
  // Where plain HTTP is spoken here, a proxy may speak HTTPS for us; the other way round a page could have
  // been forged on its way.
  const std::string secure = own_origin(request, "https");
  return origin == secure ? secure : own_origin(request, own_scheme_);
}

/// Who names no host (HTTP/1.0) is no browser, and whatever stands there tells it nothing.
std::string CorsPolicy::own_origin(const http::Headers& request, std::string_view scheme) const {
  const std::string_view host = request.find("Host").value_or("localhost");
  return std::string(scheme).append("://").append(without_default_port(host, scheme));
}

Result<void> CorsPolicy::add_preflight_headers(const http::Headers& asked, http::Headers& headers) const {
  constexpr std::size_t names_max = 64;
  std::string allowed;
  std::size_t count = 0;
  const std::string list = asked.combined("Access-Control-Request-Headers").value_or(std::string());
  for (const std::string_view name : split(list, ',')) {
    // A list may have empty elements (RFC 9110 section 5.6.1.2).
    if (name.empty()) continue;
    if (!http::is_token(name) || ++count > names_max) {
      return make_error(Errc::invalid_request,
                        "Access-Control-Request-Headers must be a list of at most 64 header names");
    }
    if (!allowed.empty()) allowed += ", ";
    allowed += name;
  }
  headers.add("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE, OPTIONS");
  headers.add("Access-Control-Allow-Headers",
              allowed.empty() ? std::string(fields_read) : std::move(allowed));
  headers.add("Access-Control-Max-Age", "600");
  return {};
}

}  // namespace skymarshal::gateway

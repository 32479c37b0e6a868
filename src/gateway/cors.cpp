#include "gateway/cors.hpp"

#include <algorithm>

namespace skymarshal::gateway {

void CorsPolicy::add_headers(std::string_view origin, http::Headers& headers) const {
  if (std::ranges::count(allowed_origins_, "*") > 0) {
    headers.add("Access-Control-Allow-Origin", "*");
  } else {
    const bool matches = std::ranges::count(allowed_origins_, origin) > 0;
    headers.add("Access-Control-Allow-Origin", matches ? std::string(origin) : allowed_origins_.front());
    headers.add("Vary", "Origin");
  }
  headers.add("Access-Control-Expose-Headers",
              "X-Request-Id, X-Api-Version, Server-Timing, Retry-After, Location, X-Session-Persisted, "
              "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, WWW-Authenticate");
}

void CorsPolicy::add_preflight_headers(http::Headers& headers) const {
  headers.add("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE, OPTIONS");
  headers.add("Access-Control-Allow-Headers",
              "Authorization, Content-Type, Accept, Prefer, Idempotency-Key, Last-Event-ID, X-Amz-Date, "
              "X-Amz-Security-Token, X-Amz-Content-Sha256, X-Skymarshal-Server-Id, traceparent");
  headers.add("Access-Control-Max-Age", "600");
}

}  // namespace skymarshal::gateway

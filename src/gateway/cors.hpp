// Which web pages may call: the CORS headers (WHATWG Fetch, section 3.3) of every answer, and of preflights.
// Pure.
#pragma once

#include "http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::gateway {

class CorsPolicy {
 public:
  /// Origins as scheme://host[:port], or "*" for all; at least one.
  explicit CorsPolicy(std::vector<std::string> allowed_origins)
      : allowed_origins_(std::move(allowed_origins)) {}

  /// For an answer to a request of `origin`, empty if it sent none. A matching origin is echoed; else the
  /// first of the list is named, which a browser then refuses.
  void add_headers(std::string_view origin, http::Headers& headers) const;
  /// What a preflight wants to know in addition.
  void add_preflight_headers(http::Headers& headers) const;

 private:
  std::vector<std::string> allowed_origins_;
};

}  // namespace skymarshal::gateway

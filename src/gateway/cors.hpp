// Which web pages may call: the CORS headers (WHATWG Fetch, section 3.3) of every answer, and of preflights.
// Pure.
#pragma once

#include "base/error.hpp"
#include "http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::gateway {

class CorsPolicy {
 public:
  /// Origins as scheme://host[:port], or "*" for all. With none, only pages of the origin that a request was
  /// sent to may call: the host and port that it names itself, whatever addresses are listened on and
  /// whatever proxy stands before them. `own_scheme` is what this server speaks, http or https.
  explicit CorsPolicy(std::vector<std::string> allowed_origins, std::string own_scheme = "http")
      : allowed_origins_(std::move(allowed_origins)), own_scheme_(std::move(own_scheme)) {}

  /// For the answer to a request with these headers. A matching Origin is echoed; else the first of the list
  /// is named, or the request's own origin, which a browser then refuses.
  void add_headers(const http::Headers& request, http::Headers& headers) const;
  /// What a preflight wants to know in addition: every field may be sent that `asked`, its own headers, name
  /// in Access-Control-Request-Headers. Which fields mean something is for the request itself to find out;
  /// proxies and SDKs add some that nobody here knows. To who names none, those that mean something are told.
  /// Errc::invalid_request if they are no list of at most 64 field names.
  Result<void> add_preflight_headers(const http::Headers& asked, http::Headers& headers) const;

 private:
  std::string origin_to_name(const http::Headers& request) const;
  std::string own_origin(const http::Headers& request, std::string_view scheme) const;

  std::vector<std::string> allowed_origins_;
  std::string own_scheme_;
};

}  // namespace skymarshal::gateway

// Addresses as text, taken apart: request targets from clients, and endpoints from settings. Pure.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::http {

/// Percent-encodes all but A-Z a-z 0-9 - . _ ~ (RFC 3986 section 2.3) with upper-case digits. '/' is kept
/// where `keep_slashes`.
std::string percent_encode(std::string_view bytes, bool keep_slashes = false);
/// nullopt for a '%' that two hex digits do not follow. "+" is a plus.
std::optional<std::string> percent_decode(std::string_view text);

struct QueryParameter {
  std::string name;
  std::string value;
};

/// A request target in origin form, percent-decoded.
struct Target {
  /// "/a/b%2Fc" gives {"a", "b/c"}: an encoded slash never separates.
  std::vector<std::string> segments;
  std::vector<QueryParameter> query;

  /// The first parameter of that name.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

/// Refuses (Errc::invalid_request) what is not RFC 9112 origin form or decodes to anything but UTF-8 without
/// NUL.
Result<Target> parse_target(std::string_view target);

/// Where a service is: scheme://host[:port][/path][?query].
struct Endpoint {
  std::string scheme;
  /// Host name or address, an IPv6 address without brackets.
  std::string host;
  std::uint16_t port = 0;
  /// Path and query, percent-encoded, "/" at least.
  std::string target;

  bool secure() const { return scheme == "https" || scheme == "wss"; }
  /// host:port as the Host header wants it: brackets around IPv6, no port where it is the scheme's own.
  std::string authority() const;
};

/// Schemes http, https, ws, wss. User names, fragments and anything else are refused with a message that says
/// why.
Result<Endpoint> parse_endpoint(std::string_view url);

/// Whether it is meant as a URL and not as the name of a file: it holds "://".
bool looks_like_url(std::string_view text);

struct HostPort {
  std::string host;
  std::uint16_t port = 0;

  /// host:port, with brackets around IPv6.
  std::string text() const;
};
/// "host:port" to listen on; an IPv6 address stands in brackets.
Result<HostPort> parse_host_port(std::string_view text);

/// Whether only this machine can reach the host: localhost and the loopback addresses.
bool is_loopback(std::string_view host);

}  // namespace skymarshal::http

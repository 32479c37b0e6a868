#include "http/url.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace skymarshal::http {
namespace {

bool is_text(std::string_view decoded) {
  return decoded.find('\0') == std::string_view::npos && is_utf8(decoded);
}

Error bad_target() {
  return make_error(Errc::invalid_request,
                    "the request target is not a valid path: percent-encode it as UTF-8");
}

Error bad_endpoint(std::string_view url, std::string_view why) {
  return make_error(Errc::invalid_request,
                    "'" + std::string(url) + "' is no usable URL: " + std::string(why));
}

std::uint16_t default_port(std::string_view scheme) {
  return scheme == "https" || scheme == "wss" ? 443 : 80;
}

constexpr bool is_unreserved(char c) {
  return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/// -1 for no digit.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// As it stands in a URL (RFC 3986 section 3.2.2).
std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

std::string percent_encode(std::string_view bytes, bool keep_slashes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(bytes.size());
  for (const char c : bytes) {
    if (is_unreserved(c) || (keep_slashes && c == '/')) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4U];
    encoded += digits[byte & 0xFU];
  }
  return encoded;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::optional<std::string_view> Target::parameter(std::string_view name) const {
  for (const QueryParameter& parameter : query) {
    if (parameter.name == name) return parameter.value;
  }
  return std::nullopt;
}

Result<Target> parse_target(std::string_view target) {
  // Checked before Boost.URL sees it: a fragment has no place in a request target (RFC 9112 section 3.2.1).
  if (target.empty() || target.front() != '/' || target.find('#') != std::string_view::npos)
    return bad_target();
  const auto parsed = boost::urls::parse_origin_form(target);
  if (!parsed) return bad_target();

  Target out;
  for (const auto encoded : parsed->encoded_segments()) {
    std::string segment(encoded.size(), '\0');
    segment.resize(encoded.decode({}, boost::urls::string_token::assign_to(segment)).size());
    if (!is_text(segment)) return bad_target();
    out.segments.push_back(std::move(segment));
  }
  if (!parsed->has_query() || parsed->encoded_query().empty()) return out;
  for (const auto parameter : parsed->encoded_params()) {
    // In a query "+" is a space, as forms send it.
    boost::urls::encoding_opts form;
    form.space_as_plus = true;
    QueryParameter decoded;
    parameter.key.decode(form, boost::urls::string_token::assign_to(decoded.name));
    if (parameter.has_value)
      parameter.value.decode(form, boost::urls::string_token::assign_to(decoded.value));
    if (!is_text(decoded.name) || !is_text(decoded.value)) return bad_target();
    out.query.push_back(std::move(decoded));
  }
  return out;
}

std::string Endpoint::authority() const {
  return port == default_port(scheme) ? bracketed(host) : HostPort{host, port}.text();
}

std::string HostPort::text() const { return bracketed(host) + ":" + std::to_string(port); }

bool looks_like_url(std::string_view text) { return text.find("://") != std::string_view::npos; }

bool is_loopback(std::string_view host) {
  if (host == "localhost") return true;
  const auto v4 = boost::urls::parse_ipv4_address(host);
  const auto v6 = boost::urls::parse_ipv6_address(host);
  return (v4 && v4->is_loopback()) || (v6 && v6->is_loopback());
}

Result<Endpoint> parse_endpoint(std::string_view url) {
  if (url.find('#') != std::string_view::npos) return bad_endpoint(url, "it must not have a fragment (#)");
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos)
    return bad_endpoint(url, "it must begin with http://, https://, ws:// or wss://");
  Endpoint endpoint;
  endpoint.scheme = url.substr(0, colon);
  if (endpoint.scheme != "http" && endpoint.scheme != "https" && endpoint.scheme != "ws" &&
      endpoint.scheme != "wss") {
    return bad_endpoint(url, "it must begin with http://, https://, ws:// or wss://");
  }
  const std::string_view rest = url.substr(colon + 3);
  const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, authority_end);
  if (authority.find('@') != std::string_view::npos) return bad_endpoint(url, "it must not hold a user name");

  const auto host_port =
      parse_host_port(authority.find(':') == std::string_view::npos || authority.ends_with(']')
                          ? std::string(authority) + ":" + std::to_string(default_port(endpoint.scheme))
                          : std::string(authority));
  if (!host_port || host_port->port == 0) return bad_endpoint(url, "its host or port is not valid");
  endpoint.host = host_port->host;
  endpoint.port = host_port->port;

  endpoint.target = rest.substr(authority_end);
  if (endpoint.target.empty() || endpoint.target.front() == '?') endpoint.target.insert(0, "/");
  if (!boost::urls::parse_origin_form(endpoint.target)) return bad_endpoint(url, "its path is not valid");
  return endpoint;
}

Result<HostPort> parse_host_port(std::string_view text) {
  const Error bad = make_error(
      Errc::invalid_request,
      "'" + std::string(text) + "' is no address: write HOST:PORT, as 127.0.0.1:8080 or [::1]:8080");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad;
  std::string_view host = text.substr(0, colon);
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
  if (!port) return bad;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return bad;
  }
  const auto host_character = [](char c) {
    return is_letter_or_digit(c) || std::string_view(".-_:%").find(c) != std::string_view::npos;
  };
  if (host.empty() || !std::ranges::all_of(host, host_character)) return bad;
  return HostPort{std::string(host), *port};
}

}  // namespace skymarshal::http

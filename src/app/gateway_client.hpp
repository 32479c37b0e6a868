// The command line's way to a gateway: where it is, and what every request to it carries.
// Copied freely; the exchanges themselves are HttpClient's.
#pragma once

#include "app/cli.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "net/http_client.hpp"
#include "net/tls.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::app {

class GatewayClient {
 public:
  /// Errc::invalid_request if the URL is none of an HTTP server.
  static Result<GatewayClient> open(const EndpointArguments& arguments);

  /// `path` is that of the API; a path in the endpoint's URL comes before it.
  http::Request request(std::string method, std::string_view path, std::string body = {}) const;
  const http::Endpoint& endpoint() const { return endpoint_; }
  /// For an HttpClient of one's own; null for plain endpoints.
  net::TlsContext* tls() { return tls_ ? &*tls_ : nullptr; }

  /// A whole exchange; blocks the caller.
  Result<http::Response> fetch(http::Request request, Milliseconds timeout);

 private:
  explicit GatewayClient(http::Endpoint endpoint) : endpoint_(std::move(endpoint)) {}

  http::Endpoint endpoint_;
  std::optional<net::TlsContext> tls_;
};

/// With what to do about it, where nobody answers.
std::string connection_error_text(const Error& error);

}  // namespace skymarshal::app

// The command line's way to a gateway: where it is, as whom it is asked, and what every request carries.
// Copied freely; the exchanges themselves are net's.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "cli/cli.hpp"
#include "cli/request_signing.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "net/http_client.hpp"

#include <map>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::cli {

class GatewayClient {
 public:
  /// Errc::invalid_request if the URL is none of an HTTP server, or credentials that were asked for are not
  /// there. `environment` is the process's.
  static Result<GatewayClient> open(const EndpointArguments& arguments,
                                    const std::map<std::string, std::string>& environment);

  /// `path` is that of the API; a path in the endpoint's URL comes before it.
  http::Request request(std::string method, std::string_view path, std::string body = {}) const;
  const http::Endpoint& endpoint() const { return endpoint_; }
  /// For exchanges of one's own.
  const net::HttpClient& http() const { return http_; }

  const RequestSigning& signing() const { return signing_; }

  /// Proves who sends the request, which may not be changed after this. Errc::invalid_request.
  Result<void> sign(http::Request& request) const;
  /// A whole exchange, signed; blocks the caller.
  Result<http::Response> fetch(http::Request request, Milliseconds timeout) const;

 private:
  explicit GatewayClient(http::Endpoint endpoint);

  http::Endpoint endpoint_;
  RequestSigning signing_;
  net::HttpClient http_;
};

/// A command that asks the same gateway, as a person would type it: "skymarshal invoke --endpoint URL". `url`
/// as it was given.
std::string command_at(std::string_view command, const std::string& url);

/// What went wrong on our side of the connection, in the API's words, with what to do about it.
Error exchange_error(const net::Error& error);

}  // namespace skymarshal::cli

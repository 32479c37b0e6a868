#include "cli/gateway_client.hpp"

#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace skymarshal::cli {
namespace {

namespace asio = boost::asio;

}  // namespace

GatewayClient::GatewayClient(http::Endpoint endpoint)
    : endpoint_(std::move(endpoint)), http_(net::one_connection_each) {}

Result<GatewayClient> GatewayClient::open(const EndpointArguments& arguments,
                                          const std::map<std::string, std::string>& environment) {
  const auto endpoint = http::parse_endpoint(arguments.url);
  if (!endpoint) return endpoint.error();
  if (endpoint->scheme != "http" && endpoint->scheme != "https") {
    return make_error(Errc::invalid_request,
                      "'" + arguments.url +
                          "' is no address of a gateway: it must begin with http:// or "
                          "https://");
  }
  auto signing = RequestSigning::open(arguments.signing, environment);
  if (!signing) return signing.error();
  GatewayClient client(*endpoint);
  client.signing_ = *std::move(signing);
  // The query of a base URL has no meaning for the requests below it.
  std::string& base = client.endpoint_.target;
  base.erase(std::min(base.find('?'), base.size()));
  while (base.ends_with('/')) base.pop_back();
  if (!endpoint->secure()) return client;
  auto tls = net::TlsContext::client(arguments.ca_file);
  if (!tls) return exchange_error(tls.error());
  client.http_ = net::HttpClient(net::one_connection_each, std::move(*tls));
  return client;
}

http::Request GatewayClient::request(std::string method, std::string_view path, std::string body) const {
  http::Request request{std::move(method), endpoint_.target + std::string(path), {}, std::move(body)};
  request.headers.add("Host", endpoint_.authority());
  request.headers.add("User-Agent", std::string("skymarshal/") + SKYMARSHAL_VERSION);
  if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
  return request;
}

Result<void> GatewayClient::sign(http::Request& request) const {
  return signing_.sign(request, SystemClock().wall_now());
}

Result<http::Response> GatewayClient::fetch(http::Request request, Milliseconds timeout) const {
  const Result<void> is_signed = sign(request);
  if (!is_signed) return is_signed.error();
  asio::io_context io;
  net::FetchOptions options;
  options.total_timeout = timeout;
  std::optional<net::Result<http::Response>> outcome;
  asio::co_spawn(io, net::fetch(http_, endpoint_, std::move(request), options),
                 [&outcome](std::exception_ptr failure, net::Result<http::Response> response) {
                   if (failure) std::rethrow_exception(failure);
                   outcome = std::move(response);
                 });
  io.run();
  if (!*outcome) return exchange_error(outcome->error());
  return std::move(**outcome);
}

std::string command_at(std::string_view command, const std::string& url) {
  const bool is_default = url == EndpointArguments().url;
  return fmt::format("skymarshal {}{}", command, is_default ? std::string() : " --endpoint " + url);
}

Error exchange_error(const net::Error& error) {
  using Kind = net::ErrorKind;
  switch (error.kind) {
    case Kind::unreachable:
      return make_error(Errc::connection_failed,
                        error.message +
                            "\nIs the gateway running? 'skymarshal serve --dev' starts one here; --endpoint "
                            "URL names another.");
    case Kind::untrusted:
      return make_error(
          Errc::connection_failed,
          error.message +
              "\nIf its certificate comes from an authority of your own, name that with --ca-file FILE.");
    case Kind::timed_out:
      return make_error(Errc::timeout, error.message);
    case Kind::broken:
      return make_error(Errc::interrupted, error.message);
    case Kind::malformed:
      return make_error(Errc::runtime_protocol_error, error.message);
    case Kind::too_large:
      return make_error(Errc::payload_too_large, error.message);
    case Kind::bad_file:
      return make_error(Errc::invalid_request, error.message);
  }
  return make_error(Errc::internal, error.message);
}

}  // namespace skymarshal::cli

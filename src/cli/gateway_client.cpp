#include "cli/gateway_client.hpp"

#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

namespace skymarshal::cli {
namespace {

namespace asio = boost::asio;

/// Owns its client, so that nothing of the exchange is left when it ends.
asio::awaitable<Result<http::Response>> fetch_all(net::HttpClient::Options options, net::TlsContext* tls,
                                                  http::Endpoint endpoint, http::Request request) {
  const auto executor = co_await asio::this_coro::executor;
  net::HttpClient client(executor, options, tls);
  auto head = co_await client.send(std::move(endpoint), std::move(request));
  if (!head) co_return exchange_error(head.error());
  auto body = co_await client.read_rest();
  if (!body) co_return exchange_error(body.error());
  co_return http::Response{head->status, std::move(head->headers), std::move(*body)};
}

}  // namespace

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
  client.tls_ = std::move(*tls);
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

Result<http::Response> GatewayClient::fetch(http::Request request, Milliseconds timeout) {
  const Result<void> is_signed = sign(request);
  if (!is_signed) return is_signed.error();
  asio::io_context io;
  net::HttpClient::Options options;
  options.total_timeout = timeout;
  std::optional<Result<http::Response>> outcome;
  asio::co_spawn(io, fetch_all(options, tls(), endpoint_, std::move(request)),
                 [&outcome](std::exception_ptr failure, Result<http::Response> response) {
                   if (failure) std::rethrow_exception(failure);
                   outcome = std::move(response);
                 });
  io.run();
  return std::move(*outcome);
}

Error exchange_error(const net::Error& error) {
  using Kind = net::Error::Kind;
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

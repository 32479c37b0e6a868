#include "net/dial.hpp"

#include "base/wakeup.hpp"
#include "net/deadline.hpp"
#include "net/resolved_names.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto await_tuple = asio::as_tuple(asio::use_awaitable);

Error unconnected(ErrorKind kind, const http::Endpoint& endpoint, const std::string& what) {
  return {kind, "could not connect to " + endpoint.authority() + ": " + what};
}

Error unreachable(const http::Endpoint& endpoint, const error_code& error) {
  return unconnected(ErrorKind::unreachable, endpoint, error.message());
}

Error given_up(const http::Endpoint& endpoint) {
  return unreachable(endpoint, asio::error::operation_aborted);
}

}  // namespace

/// Shared with the system's look-up, which may end after whoever asked has given up.
struct Dialer::Resolution {
  explicit Resolution(const asio::any_io_executor& executor) : done(executor) {}
  Wakeup done;
  error_code failure;
  tcp::resolver::results_type found;
};

Dialer::Dialer(const asio::any_io_executor& executor) : resolver_(executor), race_(executor) {}

void Dialer::cancel() {
  cancelled_ = true;
  resolver_.cancel();
  if (resolution_) resolution_->done.wake();
  race_.cancel();
}

asio::awaitable<Result<void>> Dialer::connect(tcp::socket& socket, const http::Endpoint& endpoint) {
  error_code not_an_address;
  const auto address = asio::ip::make_address(endpoint.host, not_an_address);
  if (cancelled_) co_return given_up(endpoint);
  error_code failure;
  if (!not_an_address) {
    const tcp::endpoint only(address, endpoint.port);
    std::tie(failure) = co_await socket.async_connect(only, await_tuple);
  } else {
    ResolvedNames& names = resolved_names(resolver_.get_executor());
    const std::string name = endpoint.host + ':' + std::to_string(endpoint.port);
    ResolvedNames::Addresses addresses = names.find(name, std::chrono::steady_clock::now());
    if (addresses.empty()) {
      failure = co_await resolve(endpoint, addresses);
      if (cancelled_) co_return given_up(endpoint);
      if (failure) co_return unreachable(endpoint, failure);
      names.keep(name, addresses, std::chrono::steady_clock::now());
    }
    failure = co_await race_.run(socket, interleaved(addresses));
    // It may have moved, also where nobody answered until somebody lost patience: the next one asks again.
    if (failure) names.forget(name);
  }
  if (failure) co_return unreachable(endpoint, failure);
  // A message must leave at once; without the option, the only loss is some delay.
  socket.set_option(tcp::no_delay(true), failure);
  co_return Result<void>();
}

asio::awaitable<error_code> Dialer::resolve(const http::Endpoint& endpoint,
                                            std::vector<tcp::endpoint>& addresses) {
  const std::string service = std::to_string(endpoint.port);
  const auto resolution = std::make_shared<Resolution>(resolver_.get_executor());
  resolution_ = resolution;
  resolver_.async_resolve(endpoint.host, service,
                          [resolution](const error_code& error, tcp::resolver::results_type found) {
                            resolution->failure = error;
                            resolution->found = std::move(found);
                            resolution->done.wake();
                          });
  co_await resolution->done.wait_until(Wakeup::never);
  for (const auto& entry : resolution->found) addresses.push_back(entry.endpoint());
  co_return resolution->failure;
}

asio::awaitable<Result<std::unique_ptr<ByteStream>>> dial(http::Endpoint endpoint, const TlsContext* tls,
                                                          Milliseconds limit) {
  if (endpoint.secure() && tls == nullptr)
    co_return unconnected(ErrorKind::untrusted, endpoint, "no authorities are trusted");
  const auto executor = co_await asio::this_coro::executor;
  tcp::socket socket(executor);
  Dialer dialer(executor);
  std::unique_ptr<TlsStream> secure;
  bool expired = false;
  Deadline deadline(executor, [&] {
    expired = true;
    dialer.cancel();
    error_code ignored;  // It may not be open yet.
    socket.close(ignored);
    if (secure) secure->close();
  });
  deadline.expires_after(limit);
  const Error timed_out{ErrorKind::timed_out, "no connection to " + endpoint.authority() + " within " +
                                                  std::to_string(limit.count()) + " ms"};

  const Result<void> connected = co_await dialer.connect(socket, endpoint);
  if (expired) co_return timed_out;
  if (!connected) co_return connected.error();
  if (!endpoint.secure()) co_return make_plain_stream(std::move(socket));

  secure = make_tls_client_stream(std::move(socket), *tls, endpoint.host);
  const error_code failure = co_await secure->handshake();
  if (expired) co_return timed_out;
  if (failure) co_return unconnected(ErrorKind::untrusted, endpoint, "TLS: " + failure.message());
  co_return std::unique_ptr<ByteStream>(std::move(secure));
}

}  // namespace skymarshal::net

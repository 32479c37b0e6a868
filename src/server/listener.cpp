#include "server/listener.hpp"

#include "base/spawn.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto await_tuple = asio::as_tuple(asio::use_awaitable);
/// Before accepting is tried again when there are too many connections or descriptors.
constexpr Milliseconds accept_pause{20};

class Counted {
 public:
  explicit Counted(std::shared_ptr<Listener::Count> count) : count_(std::move(count)) { ++*count_; }
  ~Counted() { --*count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::shared_ptr<Listener::Count> count_;
};

}  // namespace

/// Among the listener's connections, or handshakes, for as long as the scope lasts. The last one to go calls
/// the last call off, so that its timer keeps no event loop running.
class Listener::Listed {
 public:
  Listed(Listener& listener, Connection& connection) : listener_(listener), connection_(&connection) {
    listener_.connections_.insert(connection_);
  }
  Listed(Listener& listener, net::ByteStream& handshake) : listener_(listener), handshake_(&handshake) {
    listener_.handshakes_.insert(handshake_);
  }
  ~Listed() {
    listener_.connections_.erase(connection_);
    listener_.handshakes_.erase(handshake_);
    if (listener_.draining_ && listener_.empty()) listener_.last_call_.cancel();
  }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;

 private:
  Listener& listener_;
  Connection* connection_ = nullptr;
  net::ByteStream* handshake_ = nullptr;
};

Listener::Listener(asio::any_io_executor executor, ListenerOptions options, Ports ports,
                   std::shared_ptr<Count> open)
    : executor_(std::move(executor)),
      options_(options),
      ports_(std::move(ports)),
      open_(std::move(open)),
      acceptor_(executor_),
      last_call_(executor_) {}

error_code Listener::probe(const tcp::endpoint& endpoint) {
  asio::io_context io;
  tcp::acceptor alone(io);
  error_code error;
  alone.open(endpoint.protocol(), error);
  if (!error) alone.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) alone.bind(endpoint, error);
  if (!error) alone.listen(1, error);
  return error;
}

error_code Listener::bind(const tcp::endpoint& endpoint, Port port) {
  using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && port == Port::shared) acceptor_.set_option(ReusePort(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    error_code ignored;  // Only the first failure says anything.
    acceptor_.close(ignored);
  }
  return error;
}

void Listener::start() {
  if (draining_) return;
  spawn_or_log(executor_, accept_loop(shared_from_this()), ports_.log, "accept");
}

void Listener::drain() {
  draining_ = true;
  error_code ignored;  // Closed already is as good.
  acceptor_.close(ignored);
  for (Connection* const connection : connections_) connection->drain();
}

void Listener::close_within(Milliseconds limit) {
  drain();
  if (empty()) return;
  if (limit == Milliseconds::zero()) return close_all();
  last_call_.expires_after(limit);
  last_call_.async_wait([self = shared_from_this()](const error_code& called_off) {
    if (!called_off) self->close_all();
  });
}

/// Closing ends no connection before this returns: they hear of it through the executor.
void Listener::close_all() {
  for (Connection* const connection : connections_) connection->close();
  for (net::ByteStream* const stream : handshakes_) stream->close();
}

asio::awaitable<void> Listener::accept_loop(std::shared_ptr<Listener> self) {
  asio::steady_timer pause(executor_);
  while (!draining_) {
    if (*open_ >= options_.connections_max) {
      pause.expires_after(accept_pause);
      co_await pause.async_wait(await_tuple);
      continue;
    }
    auto [error, socket] = co_await acceptor_.async_accept(await_tuple);
    if (draining_) co_return;
    if (error) {
      ports_.log.warning("accept_failed", {{"error_message", std::string_view(error.message())}});
      pause.expires_after(accept_pause);
      co_await pause.async_wait(await_tuple);
      continue;
    }
    spawn_or_log(executor_, serve(self, std::move(socket)), ports_.log, "connection");
  }
}

asio::awaitable<void> Listener::serve(std::shared_ptr<Listener> self, tcp::socket socket) {
  const Counted counted(self->open_);
  error_code error;
  socket.set_option(tcp::no_delay(true), error);
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error) co_return;  // Gone before it was looked at.
  std::unique_ptr<net::ByteStream> stream = co_await open_stream(std::move(socket));
  if (!stream) co_return;
  const auto connection = std::make_shared<Connection>(std::move(stream), peer.address().to_string(),
                                                       options_.connection, ports_.handler, ports_.clock);
  const Listed listed(*this, *connection);
  co_await connection->run();
}

/// nullptr if the client could not be agreed with, or it is too late.
asio::awaitable<std::unique_ptr<net::ByteStream>> Listener::open_stream(tcp::socket socket) {
  if (!ports_.tls) co_return net::make_plain_stream(std::move(socket));
  auto secure = net::make_tls_server_stream(std::move(socket), *ports_.tls);
  const Listed listed(*this, static_cast<net::ByteStream&>(*secure));
  net::Deadline deadline(executor_, [&secure] { secure->close(); });
  deadline.expires_after(options_.connection.header_timeout);
  const error_code error = co_await secure->handshake();
  if (error || draining_) co_return nullptr;
  co_return std::move(secure);
}

}  // namespace skymarshal::server

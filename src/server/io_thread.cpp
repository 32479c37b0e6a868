#include "server/io_thread.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto await_tuple = asio::as_tuple(asio::use_awaitable);
/// Before accepting is tried again when there are too many connections or descriptors.
constexpr Milliseconds accept_pause{20};

/// An entry in a set for as long as the scope lasts.
template <typename T>
class Listed {
 public:
  Listed(std::set<T*>& set, T& entry) : set_(set), entry_(&entry) { set_.insert(entry_); }
  ~Listed() { set_.erase(entry_); }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;

 private:
  std::set<T*>& set_;
  T* entry_;
};

class Counted {
 public:
  explicit Counted(std::atomic<std::size_t>& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::atomic<std::size_t>& count_;
};

}  // namespace

Server::IoThread::IoThread(Server& server)
    : server_(server), work_(asio::make_work_guard(io_)), acceptor_(io_) {}

Server::IoThread::~IoThread() {
  if (thread_.joinable()) {
    close();
    thread_.join();
  }
}

error_code Server::IoThread::probe(const tcp::endpoint& endpoint) {
  asio::io_context io;
  tcp::acceptor alone(io);
  error_code error;
  alone.open(endpoint.protocol(), error);
  if (!error) alone.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) alone.bind(endpoint, error);
  if (!error) alone.listen(1, error);
  return error;
}

error_code Server::IoThread::bind(const tcp::endpoint& endpoint) {
  using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.set_option(ReusePort(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

void Server::IoThread::start() {
  asio::co_spawn(io_, accept_loop(), asio::detached);
  thread_ = std::thread([this] { io_.run(); });
}

void Server::IoThread::drain() {
  asio::post(io_, [this] {
    draining_ = true;
    error_code ignored;  // Closed already is as good.
    acceptor_.close(ignored);
    for (Connection* const connection : connections_) connection->drain();
  });
}

void Server::IoThread::close() {
  asio::post(io_, [this] {
    draining_ = true;
    error_code ignored;  // Closed already is as good.
    acceptor_.close(ignored);
    for (Connection* const connection : connections_) connection->close();
    for (net::ByteStream* const stream : handshakes_) stream->close();
    work_.reset();
  });
}

void Server::IoThread::join() {
  if (thread_.joinable()) thread_.join();
}

asio::awaitable<void> Server::IoThread::accept_loop() {
  asio::steady_timer pause(io_);
  while (!draining_) {
    if (server_.connections_ >= server_.options_.connections_max) {
      pause.expires_after(accept_pause);
      co_await pause.async_wait(await_tuple);
      continue;
    }
    auto [error, socket] = co_await acceptor_.async_accept(await_tuple);
    if (draining_) co_return;
    if (error) {
      server_.log_.warning("accept_failed", {{"error_message", std::string_view(error.message())}});
      pause.expires_after(accept_pause);
      co_await pause.async_wait(await_tuple);
      continue;
    }
    asio::co_spawn(io_, serve(std::move(socket)), asio::detached);
  }
}

asio::awaitable<void> Server::IoThread::serve(tcp::socket socket) {
  const Counted counted(server_.connections_);
  error_code error;
  socket.set_option(tcp::no_delay(true), error);
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error) co_return;  // Gone before it was looked at.

  std::unique_ptr<net::ByteStream> stream;
  if (server_.tls_) {
    auto secure = net::make_tls_server_stream(std::move(socket), *server_.tls_);
    const Listed listed(handshakes_, static_cast<net::ByteStream&>(*secure));
    net::Deadline deadline(io_.get_executor(), [&secure] { secure->close(); });
    deadline.expires_after(server_.options_.connection.header_timeout);
    error = co_await secure->handshake();
    if (error || draining_) co_return;
    stream = std::move(secure);
  } else {
    stream = net::make_plain_stream(std::move(socket));
  }
  const auto connection =
      std::make_shared<Connection>(std::move(stream), peer.address().to_string(), server_.options_.connection,
                                   server_.gateway_, server_.clock_);
  const Listed listed(connections_, *connection);
  co_await connection->run();
}

}  // namespace skymarshal::server

#include "server/server.hpp"

#include "server/listener.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

namespace skymarshal::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// An event loop with its thread and its listener.
class Server::IoThread {
 public:
  IoThread(const Server& server, std::shared_ptr<Listener::Count> open)
      : work_(asio::make_work_guard(io_)),
        listener_(std::make_shared<Listener>(
            io_.get_executor(), ListenerOptions{server.options_.connections_max, server.options_.connection},
            Listener::Ports{server.handler_, server.tls_, server.clock_, server.log_}, std::move(open))) {}

  Listener& listener() { return *listener_; }

  void start() {
    listener_->start();
    thread_ = std::thread([this] { io_.run(); });
  }
  void drain() {
    asio::post(io_, [this] { listener_->drain(); });
  }
  void close_within(Milliseconds limit) {
    asio::post(io_, [this, limit] {
      listener_->close_within(limit);
      work_.reset();
    });
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::shared_ptr<Listener> listener_;
  std::thread thread_;
};

Server::Server(ServerOptions options, http::Handler& handler, std::optional<net::TlsContext> tls,
               const Clock& clock, Logger& log)
    : options_(std::move(options)), handler_(handler), tls_(std::move(tls)), clock_(clock), log_(log) {}

Server::~Server() { close_within(Milliseconds::zero()); }

Result<std::uint16_t> Server::listen() {
  const auto failed = [this](const error_code& error) {
    return make_error(Errc::invalid_request, "cannot listen on " + options_.host + ":" +
                                                 std::to_string(options_.port) + ": " + error.message());
  };
  error_code error;
  asio::io_context resolving;
  tcp::resolver resolver(resolving);
  const auto found =
      resolver.resolve(options_.host, std::to_string(options_.port), tcp::resolver::passive, error);
  if (error) return failed(error);

  tcp::endpoint endpoint = found.begin()->endpoint();
  error = Listener::probe(endpoint);
  if (error) return failed(error);
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const unsigned count = options_.threads == 0 ? cores : options_.threads;
  const auto open = std::make_shared<Listener::Count>(0);
  for (unsigned i = 0; i < count; ++i) {
    auto thread = std::make_unique<IoThread>(*this, open);
    error = thread->listener().bind(endpoint, Listener::Port::shared);
    if (error) return failed(error);
    endpoint = thread->listener().local_endpoint();
    threads_.push_back(std::move(thread));
  }
  return endpoint.port();
}

void Server::start() {
  for (const auto& thread : threads_) thread->start();
}

void Server::drain() {
  for (const auto& thread : threads_) thread->drain();
}

void Server::close_within(Milliseconds limit) {
  for (const auto& thread : threads_) thread->close_within(limit);
  for (const auto& thread : threads_) thread->join();
}

}  // namespace skymarshal::server

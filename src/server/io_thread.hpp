// One event loop on one thread: accepts connections and carries them to their end. Made and joined by the
// Server; everything else happens on its own thread.
#pragma once

#include "server/server.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace skymarshal::server {

class Server::IoThread {
 public:
  explicit IoThread(Server& server);
  ~IoThread();

  /// Whether nobody listens there yet. Sockets that share a port would let a second server in without a word,
  /// and the clients would find now one, now the other.
  static boost::system::error_code probe(const boost::asio::ip::tcp::endpoint& endpoint);

  /// Binds its own socket to the endpoint, shared with the other threads.
  boost::system::error_code bind(const boost::asio::ip::tcp::endpoint& endpoint);
  boost::asio::ip::tcp::endpoint local_endpoint() const { return acceptor_.local_endpoint(); }

  void start();
  /// From any thread: stop accepting, let connections end when they have nothing under way.
  void drain();
  /// From any thread: close every connection and let the loop run out.
  void close();
  void join();

  boost::asio::any_io_executor executor() { return io_.get_executor(); }

 private:
  boost::asio::awaitable<void> accept_loop();
  boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);

  Server& server_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::set<Connection*> connections_;
  /// Handshakes under way, which are no connections yet.
  std::set<net::ByteStream*> handshakes_;
  bool draining_ = false;
  std::thread thread_;
};

}  // namespace skymarshal::server

// One listening socket on one event loop: accepts connections and carries each to its end. Everything about
// it happens on its executor, which must be one thread's; what it has under way shares it. It has no thread
// of its own and knows no signals.
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "http/handler.hpp"
#include "net/tls.hpp"
#include "server/connection.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <unordered_set>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace skymarshal::server {

struct ListenerOptions {
  /// Beyond it, clients wait in the kernel's queue until a connection ends.
  std::size_t connections_max = 10'000;
  ConnectionOptions connection;
};

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  /// What it stands on. Handler, clock and log must outlive the executor's work.
  struct Ports {
    http::Handler& handler;
    /// Without it connections are plain.
    std::optional<net::TlsContext> tls;
    const Clock& clock;
    Logger& log;
  };
  /// Whether other listeners of this process may have the same port (SO_REUSEPORT).
  enum class Port { alone, shared };
  /// Connections open now, of all listeners that count together.
  using Count = std::atomic<std::size_t>;

  Listener(boost::asio::any_io_executor executor, ListenerOptions options, Ports ports,
           std::shared_ptr<Count> open = std::make_shared<Count>(0));
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Whether nobody listens there yet. Sockets that share a port would let a second server in without a word,
  /// and the clients would find now one, now the other.
  static boost::system::error_code probe(const boost::asio::ip::tcp::endpoint& endpoint);

  /// After a failure it may be tried again.
  boost::system::error_code bind(const boost::asio::ip::tcp::endpoint& endpoint, Port port);
  boost::asio::ip::tcp::endpoint local_endpoint() const { return acceptor_.local_endpoint(); }

  /// Begins to accept, unless it was told to end.
  void start();
  /// Accepts nobody any more; connections end when they have nothing under way.
  void drain();
  /// Drains, and closes what is still open after `limit`. Of several limits the last one holds. Afterwards
  /// the executor has nothing of this listener left.
  void close_within(Milliseconds limit);

 private:
  class Listed;

  boost::asio::awaitable<void> accept_loop(std::shared_ptr<Listener> self);
  boost::asio::awaitable<void> serve(std::shared_ptr<Listener> self, boost::asio::ip::tcp::socket socket);
  boost::asio::awaitable<std::unique_ptr<net::ByteStream>> open_stream(boost::asio::ip::tcp::socket socket);
  void close_all();
  bool empty() const { return connections_.empty() && handshakes_.empty(); }

  boost::asio::any_io_executor executor_;
  ListenerOptions options_;
  Ports ports_;
  std::shared_ptr<Count> open_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer last_call_;
  std::unordered_set<Connection*> connections_;
  /// Under way, and no connections yet.
  std::unordered_set<net::ByteStream*> handshakes_;
  bool draining_ = false;
};

}  // namespace skymarshal::server

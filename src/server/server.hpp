// The HTTP/1.1 server: one thread a core, each with its own event loop and its own listening socket on the
// one port (SO_REUSEPORT); a connection stays on the thread that accepted it. Start, drain and join from one
// controlling thread.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "gateway/gateway.hpp"
#include "net/tls.hpp"
#include "server/connection.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

namespace skymarshal::server {

struct ServerOptions {
  /// Address or name to listen on.
  std::string host = "127.0.0.1";
  /// 0 takes any free port.
  std::uint16_t port = 8080;
  /// 0 takes one a core.
  unsigned threads = 0;
  /// Beyond it, clients wait in the kernel's queue until a connection ends.
  std::size_t connections_max = 10'000;
  ConnectionOptions connection;
};

class Server {
 public:
  /// Without `tls` it speaks plain HTTP. The references must outlive the server.
  Server(ServerOptions options, gateway::Gateway& gateway, std::optional<net::TlsContext> tls,
         const Clock& clock, Logger& log);
  /// Closes whatever is open and waits for the threads.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds; gives the real port. Errc::invalid_request if the address cannot be had, with the reason.
  Result<std::uint16_t> listen();
  /// Begins to serve.
  void start();
  /// The first thread's executor, for work in the background.
  boost::asio::any_io_executor executor();

  /// Ends gracefully: accepts nobody, starts nothing new, waits up to `limit` for what runs, ends the rest
  /// with Errc::interrupted, closes. Blocks the caller.
  void drain(Milliseconds limit);
  /// Waits until all threads have ended. After drain().
  void join();

 private:
  class IoThread;

  bool wait_until_idle(Milliseconds limit) const;

  ServerOptions options_;
  gateway::Gateway& gateway_;
  std::optional<net::TlsContext> tls_;
  const Clock& clock_;
  Logger& log_;
  std::atomic<std::size_t> connections_ = 0;
  std::vector<std::unique_ptr<IoThread>> threads_;
};

}  // namespace skymarshal::server

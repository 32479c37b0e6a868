// The HTTP/1.1 server: one thread a core, each with its own event loop and its own listening socket on the
// one port (SO_REUSEPORT); a connection stays on the thread that accepted it. Made, started, drained and
// closed from one controlling thread. When it is time to end is its owner's to say.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "http/handler.hpp"
#include "net/tls.hpp"
#include "server/connection.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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
  Server(ServerOptions options, http::Handler& handler, std::optional<net::TlsContext> tls,
         const Clock& clock, Logger& log);
  /// Closes whatever is open and waits for the threads.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds; gives the real port. Errc::invalid_request if the address cannot be had, with the reason.
  Result<std::uint16_t> listen();
  /// Begins to serve.
  void start();

  /// Accepts nobody any more and closes the connections that wait for a request. What is being answered, and
  /// what was taken over, goes on, its connection to be closed afterwards. Returns at once.
  void drain();
  /// Drains, gives what is still open `limit` to end, closes the rest, and waits until the threads have
  /// ended. What a handler started and did not wait for is waited for, too.
  void close_within(Milliseconds limit);

 private:
  class IoThread;

  ServerOptions options_;
  http::Handler& handler_;
  std::optional<net::TlsContext> tls_;
  const Clock& clock_;
  Logger& log_;
  std::vector<std::unique_ptr<IoThread>> threads_;
};

}  // namespace skymarshal::server

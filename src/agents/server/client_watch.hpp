// Notices that a client hangs up while nothing is read from its socket, because its answer is being made.
// Used by one connection, on its executor.
#pragma once

#include "base/stop_signal.hpp"

#include <memory>

#include <boost/asio/ip/tcp.hpp>

namespace skymarshal::agents::server {

class ClientWatch {
 public:
  /// Raises `left` when the peer closes the connection or its sending side. What it sends meanwhile stays
  /// unread and ends the watch. Both must outlive this.
  ClientWatch(boost::asio::ip::tcp::socket& socket, StopSignal& left);
  /// Ends the watch: nothing is raised after this.
  ~ClientWatch();
  ClientWatch(const ClientWatch&) = delete;
  ClientWatch& operator=(const ClientWatch&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace skymarshal::agents::server

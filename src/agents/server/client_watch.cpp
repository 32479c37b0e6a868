#include "agents/server/client_watch.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

namespace skymarshal::agents::server {

namespace asio = boost::asio;

/// Shared with the wait, which ends a little after it was cancelled.
struct ClientWatch::State {
  State(asio::ip::tcp::socket& the_socket, StopSignal& the_left) : socket(&the_socket), left(&the_left) {}

  asio::ip::tcp::socket* socket;
  StopSignal* left;
  asio::cancellation_signal cancel;
  bool over = false;
};

ClientWatch::ClientWatch(asio::ip::tcp::socket& socket, StopSignal& left)
    : state_(std::make_shared<State>(socket, left)) {
  const auto readable = [state = state_](const boost::system::error_code& failed) {
    if (state->over) return;
    // Readable without a byte to read: that is the end of the stream.
    boost::system::error_code broken;
    const std::size_t waiting = failed ? 0 : state->socket->available(broken);
    if (waiting == 0) state->left->raise(make_error(Errc::cancelled, "left"));
  };
  socket.async_wait(asio::ip::tcp::socket::wait_read,
                    asio::bind_cancellation_slot(state_->cancel.slot(), readable));
}

ClientWatch::~ClientWatch() {
  state_->over = true;
  state_->cancel.emit(asio::cancellation_type::terminal);
}

}  // namespace skymarshal::agents::server

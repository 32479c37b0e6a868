// WebSocketClient over any Beast stream. Included only by websocket_plain.cpp and websocket_tls.cpp: each
// instantiation costs the compiler most of a minute.
#pragma once

#include "base/wakeup.hpp"
#include "net/deadline.hpp"
#include "net/dial.hpp"
#include "net/websocket_client.hpp"

#include <array>
#include <functional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/beast/websocket/teardown.hpp>

namespace skymarshal::net {

/// A layer that tells when Beast begins to wait for the server to hang up first (RFC 6455 section 7.1.1),
/// after a close or a broken frame: the server may never do it.
template <typename Layer>
class ToldLayer : public Layer {
 public:
  using Layer::Layer;
  std::function<void()> on_teardown = [] {};
};

/// Found by Beast in place of its own for `Layer`.
template <typename Layer, typename Handler>
void async_teardown(boost::beast::role_type role, ToldLayer<Layer>& layer, Handler&& handler) {
  layer.on_teardown();
  using boost::beast::websocket::async_teardown;
  async_teardown(role, static_cast<Layer&>(layer), std::forward<Handler>(handler));
}

template <typename NextLayer>
class WebSocketStream : public WebSocketClient {
 public:
  template <typename... Args>
  WebSocketStream(const boost::asio::any_io_executor& executor, http::Endpoint endpoint, Options options,
                  Args&&... next_layer)
      : endpoint_(std::move(endpoint)),
        options_(options),
        dialer_(executor),
        background_(std::make_shared<Background>(executor)),
        farewell_(executor, [this] { abort(); }),
        ws_(std::forward<Args>(next_layer)...) {}

  boost::asio::awaitable<ConnectOutcome> connect(http::Headers headers) override {
    const Result<void> dialed = co_await dialer_.connect(socket(), endpoint_);
    if (!dialed) co_return ConnectOutcome{ConnectOutcome::Kind::unreachable, 0, dialed.error().message};
    if (aborted_) co_return unreachable(boost::asio::error::operation_aborted);
    boost::system::error_code error = co_await secure(ws_.next_layer());
    if (error) co_return unreachable(error);

    apply_options(std::move(headers));
    boost::beast::websocket::response_type response;
    const std::string authority = endpoint_.authority();
    std::tie(error) = co_await ws_.async_handshake(response, authority, endpoint_.target, await_tuple);
    usable_ = !error;
    if (usable_) co_return ConnectOutcome{};
    if (error == boost::beast::websocket::error::upgrade_declined) {
      const unsigned status = response.result_int();
      co_return ConnectOutcome{
          ConnectOutcome::Kind::refused, status,
          "the runtime answered the WebSocket handshake with HTTP " + std::to_string(status)};
    }
    co_return unreachable(error);
  }

  boost::asio::awaitable<boost::system::error_code> send(std::string text) override {
    const auto buffer = boost::asio::buffer(text);
    const auto [error, n] = co_await ws_.async_write(buffer, await_tuple);
    co_return error;
  }

  boost::asio::awaitable<ReadOutcome> read(std::string& message) override {
    message.clear();
    auto buffer = boost::asio::dynamic_buffer(message);
    const auto [error, n] = co_await ws_.async_read(buffer, await_tuple);
    background_->unanswered_pings = 0;
    // Beast answers a broken frame by itself, and must not be asked for more.
    if (error) usable_ = false;
    co_return outcome_of(error);
  }

  boost::asio::awaitable<bool> close() override {
    // Between the bytes of a ping nothing else may be written.
    while (usable_ && background_->pinging) co_await background_->pinged.wait_until(Wakeup::never);
    bool late_message = false;
    if (usable_) {
      // Beast's own close throws away what still arrives, so the frame is written past it; reading on to the
      // server's close then goes as if that had come first.
      const auto frame = boost::asio::buffer(close_frame);
      const auto [error, n] = co_await boost::asio::async_write(ws_.next_layer(), frame, await_tuple);
      if (error) usable_ = false;
    }
    std::string message;
    while (usable_) {
      const ReadOutcome outcome = co_await read(message);
      late_message = late_message || outcome.kind == ReadOutcome::Kind::message ||
                     outcome.kind == ReadOutcome::Kind::too_large;
    }
    abort();
    while (background_->pinging) co_await background_->pinged.wait_until(Wakeup::never);
    co_return late_message;
  }

  void ping() override {
    if (background_->pinging) return;
    background_->pinging = true;
    ++background_->unanswered_pings;
    ws_.async_ping({}, [background = background_](const boost::system::error_code&) {
      background->pinging = false;
      background->pinged.wake();
    });
  }

  int unanswered_pings() const override { return background_->unanswered_pings; }

  void abort() noexcept override {
    aborted_ = true;
    dialer_.cancel();
    boost::system::error_code ignored;  // The descriptor is released either way.
    socket().close(ignored);
  }

 private:
  /// What goes on beside reading and writing. Its operation may complete after the client is gone, so they
  /// share it.
  struct Background {
    explicit Background(const boost::asio::any_io_executor& executor) : pinged(executor) {}
    Wakeup pinged;
    int unanswered_pings = 0;
    bool pinging = false;
  };

  /// RFC 6455 section 5.5.1: a close frame with code 1000. Its mask hides nothing, as nobody chose its
  /// content.
  static constexpr std::array<unsigned char, 8> close_frame = {0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8};
  static constexpr auto await_tuple = boost::asio::as_tuple(boost::asio::use_awaitable);

  /// What stands between the TCP connection and the WebSocket handshake.
  virtual boost::asio::awaitable<boost::system::error_code> secure(NextLayer& layer) = 0;

  boost::asio::ip::tcp::socket& socket() { return boost::beast::get_lowest_layer(ws_); }

  ConnectOutcome unreachable(const boost::system::error_code& error) const {
    return {ConnectOutcome::Kind::unreachable, 0,
            "could not connect to " + endpoint_.authority() + ": " + error.message()};
  }

  void apply_options(http::Headers headers) {
    ws_.read_message_max(options_.message_bytes_max);
    ws_.auto_fragment(true);
    ws_.write_buffer_bytes(options_.fragment_bytes_max);
    ws_.set_option(boost::beast::websocket::stream_base::decorator(
        [headers = std::move(headers)](boost::beast::websocket::request_type& request) {
          for (const http::Header& field : headers) request.set(field.name, field.value);
        }));
    ws_.control_callback([this](boost::beast::websocket::frame_type kind, auto) {
      background_->unanswered_pings = 0;
      close_seen_ = close_seen_ || kind == boost::beast::websocket::frame_type::close;
    });
    ws_.next_layer().on_teardown = [this] { farewell_.expires_after(options_.close_timeout); };
  }

  ReadOutcome outcome_of(const boost::system::error_code& error) const {
    if (!error) return {ReadOutcome::Kind::message, 0};
    if (error == boost::beast::websocket::error::message_too_big) return {ReadOutcome::Kind::too_large, 0};
    if (close_seen_ || error == boost::beast::websocket::error::closed) {
      const auto code = static_cast<std::uint16_t>(ws_.reason().code);
      return {ReadOutcome::Kind::closed, code == 0 ? std::uint16_t{1005} : code};
    }
    return {ReadOutcome::Kind::failed, 0};
  }

  http::Endpoint endpoint_;
  Options options_;
  Dialer dialer_;
  std::shared_ptr<Background> background_;
  Deadline farewell_;
  boost::beast::websocket::stream<ToldLayer<NextLayer>> ws_;
  bool aborted_ = false;
  /// The server's close frame has come.
  bool close_seen_ = false;
  /// Open, and no read has failed.
  bool usable_ = false;
};

}  // namespace skymarshal::net

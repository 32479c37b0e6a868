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
#include <boost/asio/associator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/beast/websocket/teardown.hpp>

namespace skymarshal::net {

/// A layer that tells when Beast begins to wait for the server to hang up first (RFC 6455 section 7.1.1),
/// after a close or a broken frame: the server may never do it. It can be told to read no more: Beast reads
/// on after each frame, and only what waits can be cancelled.
template <typename Layer>
class ToldLayer : public Layer {
 public:
  using Layer::Layer;
  std::function<void()> on_teardown = [] {};
  bool reading_stopped = false;

  template <typename Buffers, typename Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (!reading_stopped) return Layer::async_read_some(buffers, std::forward<Handler>(handler));
    const boost::system::error_code stopped = boost::asio::error::operation_aborted;
    boost::asio::post(this->get_executor(),
                      boost::beast::bind_handler(std::forward<Handler>(handler), stopped, std::size_t{0}));
  }
};

/// A handler that hears nothing of how a teardown went: Beast would report a server that hangs up roughly, or
/// late, in place of the broken frame that came before.
template <typename Handler>
struct DeafHandler {
  Handler handler;
  void operator()(const boost::system::error_code&) { std::move(handler)(boost::system::error_code()); }
};

/// Found by Beast in place of its own for `Layer`.
template <typename Layer, typename Handler>
void async_teardown(boost::beast::role_type role, ToldLayer<Layer>& layer, Handler&& handler) {
  layer.on_teardown();
  using boost::beast::websocket::async_teardown;
  async_teardown(role, static_cast<Layer&>(layer),
                 DeafHandler<std::decay_t<Handler>>{std::forward<Handler>(handler)});
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
    const auto dialed = co_await dialer_.connect(socket(), endpoint_);
    if (!dialed) co_return ConnectOutcome{ConnectOutcome::Kind::unreachable, dialed.error().message};
    if (aborted_) co_return unreachable(boost::asio::error::operation_aborted);
    boost::system::error_code error = co_await secure(ws_.next_layer());
    if (error) co_return unreachable(error);

    apply_options(std::move(headers));
    boost::beast::websocket::response_type response;
    const std::string authority = endpoint_.authority();
    std::tie(error) = co_await ws_.async_handshake(response, authority, endpoint_.target, await_tuple);
    usable_ = !error;
    if (usable_) co_return ConnectOutcome{};
    if (error == boost::beast::websocket::error::upgrade_declined) co_return refusal(response);
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

  boost::asio::awaitable<std::string_view> close() override {
    // Between the bytes of a ping nothing else may be written.
    while (writable() && background_->pinging) co_await background_->pinged.wait_until(Wakeup::never);
    std::string_view oddity;
    if (writable()) {
      // Beast's own close throws away what still arrives, so the frame is written past it; reading on to the
      // server's close then goes as if that had come first.
      const auto frame = boost::asio::buffer(close_frame);
      const auto [error, n] = co_await boost::asio::async_write(ws_.next_layer(), frame, await_tuple);
      if (error && usable_) oddity = "the end of the connection";
      if (error) usable_ = false;
    }
    std::string message;
    while (usable_) {
      const ReadOutcome outcome = co_await read(message);
      if (oddity.empty()) oddity = oddity_of(outcome.kind);
    }
    abort();
    while (background_->pinging) co_await background_->pinged.wait_until(Wakeup::never);
    co_return oddity;
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

  void stop_reading() noexcept override {
    ws_.next_layer().reading_stopped = true;
    boost::system::error_code ignored;  // Nothing may be under way.
    socket().cancel(ignored);
  }

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
    return {ConnectOutcome::Kind::unreachable,
            "could not connect to " + endpoint_.authority() + ": " + error.message()};
  }

  ConnectOutcome refusal(const boost::beast::websocket::response_type& response) const {
    ConnectOutcome outcome{ConnectOutcome::Kind::refused,
                           endpoint_.authority() + " refused the WebSocket handshake", response.result_int()};
    for (const auto& field : response)
      outcome.fields.add(std::string(field.name_string()), std::string(field.value()));
    outcome.body = response.body().substr(0, refusal_body_bytes_max);
    return outcome;
  }

  /// Whether a close frame may still be sent: neither has one been, nor is the connection gone.
  bool writable() const { return usable_ || (ws_.next_layer().reading_stopped && !aborted_ && !close_seen_); }

  /// What a read in the course of a close says about the server's manners.
  static std::string_view oddity_of(ReadOutcome::Kind kind) {
    switch (kind) {
      case ReadOutcome::Kind::message:
        return "a message";
      case ReadOutcome::Kind::too_large:
        return "a message beyond the limit";
      case ReadOutcome::Kind::failed:
        return "no close frame";
      case ReadOutcome::Kind::closed:
        break;
    }
    return {};
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
    namespace websocket = boost::beast::websocket;
    if (!error) return {};
    if (error == websocket::error::message_too_big) return {ReadOutcome::Kind::too_large};
    // Beast answers a close frame by itself, and reports it only if the server still takes the answer.
    if (close_seen_) {
      const websocket::close_reason& said = ws_.reason();
      const auto code = static_cast<std::uint16_t>(said.code);
      return {ReadOutcome::Kind::closed, code == 0 ? std::uint16_t{1005} : code,
              std::string(said.reason.data(), said.reason.size())};
    }
    if (error == websocket::error::bad_frame_payload) {
      return {ReadOutcome::Kind::failed, 0, "a text message is not UTF-8"};
    }
    if (error == boost::asio::error::eof || error == boost::asio::ssl::error::stream_truncated) {
      return {ReadOutcome::Kind::failed, 0, "it was closed without a close frame"};
    }
    return {ReadOutcome::Kind::failed, 0, error.message()};
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

/// Executor, allocator and cancellation slot of a DeafHandler are those of the handler in it.
template <template <typename, typename> class Associator, typename Handler, typename Default>
struct boost::asio::associator<Associator, skymarshal::net::DeafHandler<Handler>, Default>
    : Associator<Handler, Default> {
  static auto get(const skymarshal::net::DeafHandler<Handler>& deaf) noexcept {
    return Associator<Handler, Default>::get(deaf.handler);
  }
  static auto get(const skymarshal::net::DeafHandler<Handler>& deaf, const Default& fallback) noexcept {
    return Associator<Handler, Default>::get(deaf.handler, fallback);
  }
};

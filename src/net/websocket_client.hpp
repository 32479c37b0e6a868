// The client's end of one WebSocket connection (RFC 6455), plain or TLS. Beast does the protocol and stays in
// the two .cpp files. Owned by one invocation, used from its executor only; decides nothing: limits, retries
// and meaning belong to its owner.
#pragma once

#include "base/clock.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "net/tls.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace skymarshal::net {

class WebSocketClient {
 public:
  struct Options {
    /// Largest message accepted, in bytes, all fragments together.
    std::size_t message_bytes_max = 16 * 1024 * 1024;
    /// Messages to the server are cut into frames of at most this many bytes.
    std::size_t fragment_bytes_max = 8 * 1024;
    /// For the server to hang up once close frames have been exchanged; then it is done for it.
    Milliseconds close_timeout{1'000};
  };

  struct ConnectOutcome {
    enum class Kind {
      open,
      /// Name resolution, TCP, TLS, or a server that does not speak HTTP.
      unreachable,
      /// The server answered the handshake with another status than 101.
      refused,
    };
    Kind kind = Kind::open;
    /// What went wrong, for the log: it names the server.
    std::string message = {};
    /// Of the refusal. The fields and the first `refusal_body_bytes_max` bytes of the body are as they came.
    unsigned http_status = 0;
    http::Headers fields = {};
    std::string body = {};
  };
  static constexpr std::size_t refusal_body_bytes_max = 1024;

  struct ReadOutcome {
    enum class Kind { message, closed, too_large, failed };
    Kind kind = Kind::message;
    /// Of a close frame: RFC 6455 section 7.4.1; 1005 where it carried none.
    std::uint16_t close_code = 0;
    /// The close frame's own words, or what went wrong.
    std::string reason = {};
  };

  virtual ~WebSocketClient() = default;

  /// Connects and shakes hands. `headers` go with the upgrade request.
  virtual boost::asio::awaitable<ConnectOutcome> connect(http::Headers headers) = 0;
  /// Sends one text message, fragmented as the options say.
  virtual boost::asio::awaitable<boost::system::error_code> send(std::string text) = 0;
  /// Reads one message, text or binary, into `message` (replaced). Pings are answered by themselves.
  virtual boost::asio::awaitable<ReadOutcome> read(std::string& message) = 0;
  /// Sends a close frame, reads until the server's, and ends the connection. Returns what came that should
  /// not have, in words of static lifetime; empty after a proper close. To be called once.
  virtual boost::asio::awaitable<std::string_view> close() = 0;

  /// Sends a ping; not before the last one is on its way, which makes it do nothing.
  virtual void ping() = 0;
  /// Pings sent since the last sign of life: any frame, pong or data.
  virtual int unanswered_pings() const = 0;

  /// Lets a read under way fail now. Nothing can be read any more, but close() still says goodbye.
  virtual void stop_reading() noexcept = 0;
  /// Ends everything under way at once: pending calls return with a failure. Harmless when closed already.
  virtual void abort() noexcept = 0;
};

/// `tls` may be null for ws endpoints; it must outlive the client.
std::unique_ptr<WebSocketClient> make_websocket_client(const boost::asio::any_io_executor& executor,
                                                       http::Endpoint endpoint, TlsContext* tls,
                                                       WebSocketClient::Options options);

}  // namespace skymarshal::net

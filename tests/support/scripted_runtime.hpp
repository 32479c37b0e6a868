// A runtime behind a real WebSocket, on the test's own io_context, that behaves as badly as a script says.
// It speaks RFC 6455 by its own few lines, so that it can also break it, byte by byte.
#pragma once

#include "http/url.hpp"
#include "net/tls.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace skymarshal::test {

class ScriptedRuntime {
 public:
  /// What it does next on a connection. Behind the last step it reads on, answers pings and closes, and hangs
  /// up when the peer does.
  struct Step {
    enum class Kind { bytes, upgrade, read_head, read_message, read_close, mute, freeze, drop, reset };
    Kind kind = Kind::drop;
    std::string bytes = {};
  };
  using Script = std::vector<Step>;

  /// Answers the handshake with 101.
  static Step upgrade() { return {Step::Kind::upgrade}; }
  /// Answers the handshake with another status; `fields` are whole lines.
  static Step refuse(unsigned status, const std::string& fields = {}, const std::string& body = {});
  static Step read_head() { return {Step::Kind::read_head}; }
  static Step read_message() { return {Step::Kind::read_message}; }
  /// Reads until the peer's close frame, and leaves it unanswered.
  static Step read_close() { return {Step::Kind::read_close}; }
  static Step raw(std::string bytes) { return {Step::Kind::bytes, std::move(bytes)}; }
  static Step text(std::string_view message);
  static Step binary(std::string_view message);
  /// A text message in frames of at most `frame_bytes` each.
  static Step fragments(std::string_view message, std::size_t frame_bytes);
  static Step ping(std::string_view payload = "are you there");
  static Step close(std::uint16_t code, std::string_view reason = {});
  /// Reads everything and answers nothing any more.
  static Step mute() { return {Step::Kind::mute}; }
  /// Does not even read.
  static Step freeze() { return {Step::Kind::freeze}; }
  /// Ends the connection with a FIN, or with an RST.
  static Step drop() { return {Step::Kind::drop}; }
  static Step reset() { return {Step::Kind::reset}; }

  /// Upgrade, read the prompt, say these messages, and close as one should.
  static Script answer(const std::vector<std::string>& messages);

  struct Connection {
    std::string head;
    std::vector<std::string> messages;
    /// Data frames that the messages came in.
    std::size_t frames = 0;
    std::size_t longest_frame = 0;
    int pings = 0;
    int pongs = 0;
    std::optional<std::uint16_t> close_code;
    /// Bytes that it was sent.
    std::size_t sent = 0;
  };

  explicit ScriptedRuntime(boost::asio::io_context& io, std::optional<net::TlsContext> tls = std::nullopt);
  ~ScriptedRuntime();
  ScriptedRuntime(const ScriptedRuntime&) = delete;
  ScriptedRuntime& operator=(const ScriptedRuntime&) = delete;

  /// One script for each connection to come; the last one is for all that follow.
  void play(std::vector<Script> scripts);
  /// Every connection is dropped when it has been sent that many bytes, handshake included.
  void drop_after(std::size_t bytes);

  http::Endpoint endpoint(const std::string& host = "127.0.0.1") const;
  std::vector<Connection> connections() const;
  /// Connections that the peer has not closed: asked of the kernel now, not of what was read so far.
  int open_connections() const;

 private:
  struct State;
  class Peer;

  static boost::asio::awaitable<void> accept(std::shared_ptr<State> state);
  static boost::asio::awaitable<void> serve(std::shared_ptr<State> state, std::size_t index,
                                            boost::asio::ip::tcp::socket socket);

  std::shared_ptr<State> state_;
};

}  // namespace skymarshal::test

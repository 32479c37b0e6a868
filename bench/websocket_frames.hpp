// WebSocket frames (RFC 6455, section 5) as bytes: the writer and the reader of both benchmark programs.
// Knows no socket. Text only, no extensions; enough to be an honest peer, not a library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace skymarshal::bench {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// A complete frame. `mask` 0 writes it unmasked, as a server must; a client gives a mask.
std::string websocket_frame(Opcode opcode, std::string_view payload, std::uint32_t mask = 0);

/// What a server answers to a client's Sec-WebSocket-Key (RFC 6455, section 4.2.2).
std::string websocket_accept(std::string_view key);

/// Puts messages together out of frames that arrive in pieces of any size.
class FrameReader {
 public:
  enum class Event { need_more, message, ping, pong, close, broken };

  /// `expect_masked`: true on the server's side. Refuses messages over `message_bytes_max`.
  FrameReader(bool expect_masked, std::size_t message_bytes_max)
      : expect_masked_(expect_masked), message_bytes_max_(message_bytes_max) {}

  /// Bytes as they came; the caller may also append to this buffer directly.
  std::string& input() { return input_; }
  /// The next event; after it payload() is valid until the next call.
  Event next();
  std::string_view payload() const { return payload_; }
  void reset();

 private:
  struct Head {
    bool final;
    Opcode opcode;
    std::size_t head_bytes;
    std::size_t payload_bytes;
  };
  enum class HeadStatus { complete, incomplete, broken };

  HeadStatus read_head(Head& head) const;
  Event take_frame(const Head& head);
  Event take_data(const Head& head, std::string_view bytes);

  bool expect_masked_;
  std::size_t message_bytes_max_;
  std::string input_;
  std::size_t consumed_ = 0;
  std::string fragments_;
  bool in_fragments_ = false;
  std::string_view payload_;
};

}  // namespace skymarshal::bench

// The straight way: a new WebSocket for each invocation, as the runtime protocol wants it.
#include "lane.hpp"
#include "websocket_frames.hpp"

namespace skymarshal::bench {
namespace {

constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::size_t message_bytes_max = std::size_t{16} * 1024 * 1024;

class WebSocketLane final : public Lane {
 public:
  explicit WebSocketLane(const Surroundings& surroundings) : Lane(surroundings) {
    const LoadOptions& wanted = options();
    upgrade_ = "GET " + wanted.path + " HTTP/1.1\r\nHost: " + wanted.host + ":" +
               std::to_string(wanted.port) +
               "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: " +
               std::string(key) + "\r\n\r\n";
    accept_line_ = "sec-websocket-accept: " + websocket_accept(key);
    invocation_ = R"({"action":"invoke","payload":{"prompt":")" + json_escaped(wanted.prompt) +
                  R"(","session_id":"0f9d3a52-6f1e-4c9b-9a57-3f2f8d1c7b60"}})";
  }

 protected:
  void prepare(bool) override {
    state_ = State::handshake;
    chunks_ = 0;
    frames_.reset();
  }
  std::string_view opening() const override { return upgrade_; }
  std::string& input() override { return frames_.input(); }
  Progress take_input(bool ended) override;

 private:
  enum class State { handshake, answering, closing };

  Progress take_handshake();
  Progress take_frames();
  Progress take_message(std::string_view message);
  bool send(Opcode opcode, std::string_view payload) {
    return stream().write(websocket_frame(opcode, payload, next_mask()));
  }
  std::uint32_t next_mask();

  std::string upgrade_;
  std::string accept_line_;
  std::string invocation_;
  FrameReader frames_{false, message_bytes_max};
  State state_ = State::handshake;
  std::int64_t chunks_ = 0;
  bool close_received_ = false;
  std::uint32_t mask_ = 2463534242;
};

Lane::Progress WebSocketLane::take_input(bool ended) {
  Progress progress = state_ == State::handshake ? take_handshake() : take_frames();
  if (progress != Progress::pending || !ended) return progress;
  if (state_ == State::closing && close_received_) {
    stream().close();
    return Progress::done;
  }
  return fail(state_ == State::closing ? "close_handshake" : "closed");
}

Lane::Progress WebSocketLane::take_handshake() {
  std::string& bytes = frames_.input();
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) return Progress::pending;
  const bool switched = bytes.starts_with("HTTP/1.1 101");
  std::string head = bytes.substr(0, end);
  const std::size_t accept = head.find(accept_line_.substr(accept_line_.find(' ')));
  if (!switched) return fail("handshake_" + head.substr(9, 3), head);
  if (accept == std::string::npos) return fail("handshake_accept", head);
  bytes.erase(0, end + 4);
  state_ = State::answering;
  close_received_ = false;
  if (!send(Opcode::text, invocation_)) return fail("closed");
  return take_frames();
}

Lane::Progress WebSocketLane::take_frames() {
  for (;;) {
    switch (frames_.next()) {
      case FrameReader::Event::need_more:
        return Progress::pending;
      case FrameReader::Event::message:
        if (take_message(frames_.payload()) == Progress::failed) return Progress::failed;
        break;
      case FrameReader::Event::ping:
        if (!send(Opcode::pong, frames_.payload())) return fail("closed");
        break;
      case FrameReader::Event::pong:
        break;
      case FrameReader::Event::close:
        if (state_ != State::closing) return fail("closed", "close frame before the end");
        close_received_ = true;
        break;
      case FrameReader::Event::broken:
        return fail("protocol", "broken frame");
    }
  }
}

Lane::Progress WebSocketLane::take_message(std::string_view message) {
  if (state_ == State::closing) return fail("protocol", "a message after the end");
  if (message.starts_with(R"({"type":"chunk")")) {
    ++chunks_;
    count_chunk(message);
    return Progress::pending;
  }
  if (!message.starts_with(R"({"type":"complete")")) return fail("runtime_error", message);
  if (!is_whole(message, chunks_)) return fail("incomplete", message);
  answered();
  state_ = State::closing;
  if (!send(Opcode::close, "\x03\xE8")) return fail("closed");  // 1000, normal
  return Progress::pending;
}

std::uint32_t WebSocketLane::next_mask() {
  // Xorshift: never zero, which would mean "no mask" here.
  mask_ ^= mask_ << 13;
  mask_ ^= mask_ >> 17;
  mask_ ^= mask_ << 5;
  return mask_;
}

}  // namespace

std::unique_ptr<Lane> make_websocket_lane(const Lane::Surroundings& surroundings) {
  return std::make_unique<WebSocketLane>(surroundings);
}

}  // namespace skymarshal::bench

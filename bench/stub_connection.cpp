#include "stub_connection.hpp"

#include <algorithm>
#include <cctype>

namespace skymarshal::bench {
namespace {

constexpr std::size_t request_bytes_max = std::size_t{16} * 1024;

/// The value of the header `name` (lower case) in a request head, without surrounding space; empty if
/// missing.
std::string_view header_value(std::string_view head, std::string_view name) {
  const auto same_letter = [](char left, char right) {
    return std::tolower(static_cast<unsigned char>(left)) == right;
  };
  std::size_t line = head.find("\r\n");
  while (line != std::string_view::npos && line + 2 < head.size()) {
    const std::size_t start = line + 2;
    line = head.find("\r\n", start);
    std::string_view text = head.substr(start, line - start);
    const bool found = text.size() > name.size() && text[name.size()] == ':' &&
                       std::equal(name.begin(), name.end(), text.begin(),
                                  [&](char right, char left) { return same_letter(left, right); });
    if (!found) continue;
    text.remove_prefix(name.size() + 1);
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
  }
  return {};
}

std::string plain_answer(std::string_view status, std::string_view body) {
  return "HTTP/1.1 " + std::string(status) +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + std::string(body);
}

}  // namespace

StubConnection::Next StubConnection::on_event(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0 && !stream_.write_kept()) return drop_unclean();
  const bool may_have_ended = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if ((events & EPOLLIN) == 0 && !may_have_ended) return Next::keep;
  const ByteStream::Status status = stream_.read(frames_.input(), may_have_ended);
  const Next next = state_ == State::request ? take_request() : take_frames();
  if (next == Next::drop || status == ByteStream::Status::open) return next;
  return drop_unclean();
}

StubConnection::Next StubConnection::take_request() {
  std::string& input = frames_.input();
  const std::size_t end = input.find("\r\n\r\n");
  if (end == std::string::npos) return input.size() > request_bytes_max ? Next::drop : Next::keep;
  const std::string head = input.substr(0, end + 2);
  input.erase(0, end + 4);
  if (head.starts_with("GET /ping")) {
    return reply_and_drop(plain_answer("200 OK", R"({"status":"Healthy"})"));
  }
  const std::string_view key = header_value(head, "sec-websocket-key");
  if (!head.starts_with("GET /ws")) return reply_and_drop(plain_answer("404 Not Found", "{}"));
  if (key.empty()) return reply_and_drop(plain_answer("400 Bad Request", "{}"));
  state_ = State::idle;
  const bool sent = stream_.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: " +
      websocket_accept(key) + "\r\n\r\n");
  return sent ? take_frames() : drop_unclean();
}

StubConnection::Next StubConnection::take_frames() {
  Next result = Next::keep;
  for (;;) {
    const FrameReader::Event event = frames_.next();
    switch (event) {
      case FrameReader::Event::need_more:
        return result;
      case FrameReader::Event::ping:
        if (!stream_.write(websocket_frame(Opcode::pong, frames_.payload()))) return drop_unclean();
        break;
      case FrameReader::Event::pong:
        break;
      case FrameReader::Event::close:
        return reply_and_drop(websocket_frame(Opcode::close, frames_.payload()));
      case FrameReader::Event::message:
        result = take_message();
        if (result == Next::drop) return result;
        break;
      case FrameReader::Event::broken:
        ++counts_.unclean_ends;
        return reply_and_drop(websocket_frame(Opcode::close, "\x03\xEA"));  // 1002, protocol error
    }
  }
}

StubConnection::Next StubConnection::take_message() {
  // One invocation a connection: a second message is against the protocol.
  const bool is_invocation = frames_.payload().find(R"("invoke")") != std::string_view::npos;
  if (state_ != State::idle || !is_invocation) {
    ++counts_.unclean_ends;
    return reply_and_drop(websocket_frame(Opcode::close, "\x03\xF0"));  // 1008, policy violation
  }
  ++counts_.invocations;
  wants_length_ = frames_.payload().find(length_wish) != std::string_view::npos;
  state_ = State::answering;
  return Next::answer;
}

bool StubConnection::send_next(RuntimeAnswer& answer) {
  if (next_chunk_ < answer.chunks()) {
    return stream_.write(answer.chunk(next_chunk_++, monotonic_ns()));
  }
  state_ = State::answered;
  return stream_.write(answer.complete());
}

StubConnection::Next StubConnection::reply_and_drop(std::string_view bytes) {
  // The server closes first (RFC 6455, section 7.1.1), so that the wait after it is not the client's.
  stream_.write(bytes);
  return Next::drop;
}

StubConnection::Next StubConnection::drop_unclean() {
  if (state_ != State::request) ++counts_.unclean_ends;
  return Next::drop;
}

}  // namespace skymarshal::bench

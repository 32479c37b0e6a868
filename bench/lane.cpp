#include "lane.hpp"

#include "runtime_answer.hpp"

#include <cstring>

namespace skymarshal::bench {

Lane::Progress Lane::begin() {
  busy_ = true;
  started_ns_ = monotonic_ns();
  const bool connected = stream_.is_open();
  prepare(connected);
  if (!connected) {
    stream_ = ByteStream(connect_socket(surroundings_.address));
    connection_used_ = false;
    if (!stream_.is_open()) return settle(fail("connect", std::strerror(errno)));
    watch(surroundings_.epoll, stream_.socket(), this);
  }
  if (!stream_.write(opening())) return settle(fail(connected ? "closed" : "connect", std::strerror(errno)));
  return Progress::pending;
}

Lane::Progress Lane::on_event(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0 && !stream_.write_kept()) {
    return settle(fail(connection_used_ ? "closed" : "connect", std::strerror(errno)));
  }
  const bool may_have_ended = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if ((events & EPOLLIN) == 0 && !may_have_ended) return Progress::pending;
  const std::size_t before = stream_.bytes_received();
  const ByteStream::Status status = stream_.read(input(), may_have_ended);
  const int read_error = errno;
  read_ns_ = monotonic_ns();
  const std::size_t received = stream_.bytes_received() - before;
  surroundings_.report.bytes_received += received;
  connection_used_ = connection_used_ || received > 0;
  if (!busy_) {
    // Between two invocations a server may close the connection, and say nothing else.
    if (status != ByteStream::Status::open) stream_.close();
    return Progress::pending;
  }
  if (status == ByteStream::Status::failed && received == 0) {
    return settle(fail(connection_used_ ? "closed" : "connect", std::strerror(read_error)));
  }
  return settle(take_input(status != ByteStream::Status::open));
}

void Lane::abandon() {
  busy_ = false;
  stream_.close();
}

Lane::Progress Lane::settle(Progress progress) {
  if (progress == Progress::pending) return progress;
  busy_ = false;
  if (progress == Progress::failed) stream_.close();
  return progress;
}

Lane::Progress Lane::fail(std::string_view kind, std::string_view detail) {
  error_kind_ = kind;
  error_detail_ = detail.substr(0, 300);
  return Progress::failed;
}

void Lane::count_chunk(std::string_view chunk) {
  has_streamed_ = true;
  LoadReport& report = surroundings_.report;
  ++report.chunks;
  if (!report.recording || !options().reads_stamps()) return;
  const std::int64_t stamp_ns = read_stamp(chunk);
  // What was sent before somebody read has waited for the reader.
  if (stamp_ns > started_ns_) report.chunk_delay.record(read_ns_ - stamp_ns);
}

bool Lane::is_whole(std::string_view answer, std::int64_t chunks) const {
  const std::string& text = options().expected_text;
  if (!text.empty() && answer.find(text) == std::string_view::npos) return false;
  return options().expected_chunks < 0 || options().expected_chunks == chunks;
}

std::string json_escaped(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    if (character == '"' || character == '\\') escaped += '\\';
    escaped += static_cast<unsigned char>(character) < ' ' ? ' ' : character;
  }
  return escaped;
}

}  // namespace skymarshal::bench

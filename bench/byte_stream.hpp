// One non-blocking TCP connection on an edge-triggered epoll: writes at once what the kernel takes, keeps the
// rest; reads all there is. Owned by one connection of the stub or one lane of the load client; one thread.
#pragma once

#include "sockets.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace skymarshal::bench {

class ByteStream {
 public:
  enum class Status { open, ended, failed };

  ByteStream() = default;
  explicit ByteStream(FileDescriptor socket) : socket_(std::move(socket)) {}

  int socket() const { return socket_.get(); }
  bool is_open() const { return socket_.is_open(); }
  std::size_t bytes_received() const { return bytes_received_; }
  void close() {
    socket_.reset();
    unsent_.clear();
  }

  /// False if the connection is broken.
  bool write(std::string_view bytes) {
    if (!unsent_.empty()) {
      unsent_.append(bytes);
      return true;
    }
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return false;
    unsent_.assign(bytes.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent)));
    return true;
  }

  /// Writes on what was kept, when the socket has become writable. False if the connection is broken.
  bool write_kept() {
    if (unsent_.empty()) return true;
    const std::string kept = std::exchange(unsent_, {});
    return write(kept);
  }

  /// Appends everything readable to `into`. `may_have_ended`: the event told of an end, so read on to it.
  Status read(std::string& into, bool may_have_ended) {
    for (;;) {
      const ssize_t count = ::recv(socket_.get(), scratch.data(), scratch.size(), 0);
      if (count == 0) return Status::ended;
      if (count < 0) return errno == EAGAIN ? Status::open : Status::failed;
      const auto bytes = static_cast<std::size_t>(count);
      bytes_received_ += bytes;
      into.append(scratch.data(), bytes);
      if (bytes < scratch.size() && !may_have_ended) return Status::open;
    }
  }

 private:
  // One for the whole process, as everything here runs on one thread: idle connections hold no buffer.
  static inline std::string scratch = std::string(64 * 1024, '\0');

  FileDescriptor socket_;
  std::string unsent_;
  std::size_t bytes_received_ = 0;
};

}  // namespace skymarshal::bench

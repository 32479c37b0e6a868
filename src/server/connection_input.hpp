// What a client sends, gathered in the background: there is always a read under way as long as there is room,
// so that a client's leaving is noticed while its request is still being answered. Lives on the connection's
// executor.
#pragma once

#include "base/wakeup.hpp"
#include "net/byte_stream.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace skymarshal::server {

class ConnectionInput : public std::enable_shared_from_this<ConnectionInput> {
 public:
  /// Shares the stream, as a read may outlive the connection's coroutine by a moment.
  ConnectionInput(std::shared_ptr<net::ByteStream> stream, std::size_t bytes_max);

  /// What has come and was not consumed. Valid until the next call of anything here.
  std::string_view data() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t bytes) { begin_ += bytes; }

  /// Starts a read if none is under way and there is room.
  void read_on();
  /// Waits until more has come, or the client has left (true), or the deadline has passed (false).
  boost::asio::awaitable<bool> wait_until(SteadyTime deadline);

  /// Whether the client has closed its side, or the connection broke.
  bool ended() const { return ended_; }
  /// Called once when the client leaves, at once if it has left. Empty to hear no more.
  void on_ended(std::function<void()> listener);

 private:
  void make_room();
  void on_read(const net::IoResult& result);

  std::shared_ptr<net::ByteStream> stream_;
  std::size_t bytes_max_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  Wakeup arrived_;
  std::function<void()> on_ended_;
  bool reading_ = false;
  bool ended_ = false;
};

}  // namespace skymarshal::server

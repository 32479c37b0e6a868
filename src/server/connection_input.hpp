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

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

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

  /// For whoever has taken the connection over and reads it from now on: what has come first, then what
  /// comes. As ByteStream's, which it stands for; it gathers nothing more.
  void async_read_some(boost::asio::mutable_buffer room, net::ByteStream::ReadHandler reader);

 private:
  void make_room();
  void pass_on();
  void on_read(const net::IoResult& result);

  std::shared_ptr<net::ByteStream> stream_;
  std::size_t bytes_max_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  Wakeup arrived_;
  std::function<void()> on_ended_;
  /// Waits for what a read that was under way brings.
  boost::asio::mutable_buffer room_;
  net::ByteStream::ReadHandler reader_;
  bool reading_ = false;
  bool ended_ = false;
  /// Why it ended.
  boost::system::error_code end_reason_;
};

}  // namespace skymarshal::server

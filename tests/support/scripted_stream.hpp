// A byte stream without a network: the test says what arrives, and sees what was written. On one executor.
#pragma once

#include "base/wakeup.hpp"
#include "net/byte_stream.hpp"

#include <functional>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace skymarshal::test {

class ScriptedStream final : public net::ByteStream {
 public:
  explicit ScriptedStream(boost::asio::any_io_executor executor)
      : executor_(std::move(executor)), closing_(executor_) {}

  /// More has arrived from the peer.
  void arrive(std::string bytes) {
    incoming_ += bytes;
    serve_read();
  }
  /// The peer has closed its side.
  void end() {
    ended_ = true;
    serve_read();
  }

  std::string written;
  std::size_t writes = 0;
  /// After each write that succeeded.
  std::function<void()> on_write = [] {};
  bool closed = false;
  bool shut_down = false;
  /// Every write from now on fails.
  bool broken = false;
  /// The peer takes nothing: every write from now on waits until the stream is closed.
  bool stalled = false;

  void async_read_some(boost::asio::mutable_buffer buffer, ReadHandler handler) override {
    EXPECT_FALSE(reader_) << "a read is under way: of two, one would get what is meant for the other";
    room_ = buffer;
    reader_ = std::move(handler);
    serve_read();
  }

  boost::asio::awaitable<net::IoResult> read_some(boost::asio::mutable_buffer buffer) override {
    net::IoResult result;
    Wakeup arrived(executor_);
    async_read_some(buffer, [&](net::IoResult read) {
      result = read;
      arrived.wake();
    });
    co_await arrived.wait_until(Wakeup::never);
    co_return result;
  }

  boost::asio::awaitable<net::IoResult> write(std::span<const boost::asio::const_buffer> buffers) override {
    net::IoResult result;
    while (stalled && !closed) co_await closing_.wait_until(Wakeup::never);
    if (broken || closed) {
      result.error = boost::asio::error::broken_pipe;
      co_return result;
    }
    ++writes;
    for (const auto& buffer : buffers) {
      written.append(static_cast<const char*>(buffer.data()), buffer.size());
      result.bytes += buffer.size();
    }
    on_write();
    co_return result;
  }

  boost::asio::awaitable<void> shutdown() override {
    shut_down = true;
    co_return;
  }

  void close() noexcept override {
    closed = true;
    ended_ = true;
    closing_.wake();
    serve_read();
  }

  bool is_quiet() override { return incoming_.empty() && !ended_; }

  boost::asio::any_io_executor executor() override { return executor_; }

 private:
  void serve_read() {
    if (!reader_ || (incoming_.empty() && !ended_)) return;
    net::IoResult result;
    if (!incoming_.empty()) {
      result.bytes = std::min(room_.size(), incoming_.size());
      std::copy_n(incoming_.begin(), result.bytes, static_cast<char*>(room_.data()));
      incoming_.erase(0, result.bytes);
    } else {
      result.error = boost::asio::error::eof;
    }
    boost::asio::post(executor_, [handler = std::exchange(reader_, {}), result] { handler(result); });
  }

  boost::asio::any_io_executor executor_;
  Wakeup closing_;
  std::string incoming_;
  boost::asio::mutable_buffer room_;
  ReadHandler reader_;
  bool ended_ = false;
};

}  // namespace skymarshal::test

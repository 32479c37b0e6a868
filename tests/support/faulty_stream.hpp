// A byte stream that passes everything on to another, but for the one operation that a test has fail: for
// runs with the N-th operation failing, N = 0, 1, 2, … until none does.
#pragma once

#include "net/byte_stream.hpp"

#include <array>
#include <memory>
#include <utility>

#include <boost/asio/error.hpp>

namespace skymarshal::test {

/// Counts the operations of all streams that share it.
struct Faults {
  /// The operation that fails, counted from 0.
  int fails_at = 0;
  int seen = 0;

  bool is_due() { return seen++ == fails_at; }
  bool has_failed() const { return seen > fails_at; }
};

/// A read that fails is one of what has come: whoever was asked has done it by then. Otherwise it may do it
/// at any time later.
class FaultyStream final : public net::ByteStream {
 public:
  FaultyStream(std::unique_ptr<net::ByteStream> inner, std::shared_ptr<Faults> faults)
      : inner_(std::move(inner)), faults_(std::move(faults)) {}

  void async_read_some(boost::asio::mutable_buffer buffer, ReadHandler handler) override {
    if (!faults_->is_due()) return inner_->async_read_some(buffer, std::move(handler));
    inner_->async_read_some(buffer, [this, handler = std::move(handler)](net::IoResult) {
      inner_->close();
      handler({boost::asio::error::connection_reset, 0});
    });
  }

  boost::asio::awaitable<net::IoResult> read_some(boost::asio::mutable_buffer buffer) override {
    const bool is_due = faults_->is_due();
    const net::IoResult read = co_await inner_->read_some(buffer);
    if (!is_due) co_return read;
    inner_->close();
    co_return net::IoResult{boost::asio::error::connection_reset, 0};
  }

  /// The one that fails has got half through its first buffer.
  boost::asio::awaitable<net::IoResult> write(std::span<const boost::asio::const_buffer> buffers) override {
    if (!faults_->is_due()) co_return co_await inner_->write(buffers);
    const std::array<boost::asio::const_buffer, 1> half = {
        boost::asio::buffer(buffers.front(), buffers.front().size() / 2)};
    net::IoResult written = co_await inner_->write(half);
    inner_->close();
    written.error = boost::asio::error::broken_pipe;
    co_return written;
  }

  boost::asio::awaitable<void> shutdown() override { return inner_->shutdown(); }
  void close() noexcept override { inner_->close(); }
  bool is_quiet() override { return inner_->is_quiet(); }
  boost::asio::any_io_executor executor() override { return inner_->executor(); }

 private:
  std::unique_ptr<net::ByteStream> inner_;
  std::shared_ptr<Faults> faults_;
};

}  // namespace skymarshal::test

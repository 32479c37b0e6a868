// The stream of a connection that a handler has taken over: what the server had read already comes first.
// Shares both with the connection; on its executor.
#pragma once

#include "net/byte_stream.hpp"
#include "server/connection_input.hpp"

#include <memory>

namespace skymarshal::server {

class UpgradedStream final : public net::ByteStream {
 public:
  /// `input` reads from `stream`.
  UpgradedStream(std::shared_ptr<ConnectionInput> input, std::shared_ptr<net::ByteStream> stream)
      : input_(std::move(input)), stream_(std::move(stream)) {}

  void async_read_some(boost::asio::mutable_buffer buffer, ReadHandler handler) override {
    input_->async_read_some(buffer, std::move(handler));
  }
  boost::asio::awaitable<net::IoResult> read_some(boost::asio::mutable_buffer buffer) override;
  boost::asio::awaitable<net::IoResult> write(std::span<const boost::asio::const_buffer> buffers) override {
    return stream_->write(buffers);
  }
  boost::asio::awaitable<void> shutdown() override { return stream_->shutdown(); }
  void close() noexcept override { stream_->close(); }
  boost::asio::any_io_executor executor() override { return stream_->executor(); }

 private:
  std::shared_ptr<ConnectionInput> input_;
  std::shared_ptr<net::ByteStream> stream_;
};

}  // namespace skymarshal::server

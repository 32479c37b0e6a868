#include "net/byte_stream.hpp"

#include <cerrno>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace skymarshal::net {
namespace {

namespace asio = boost::asio;

class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  void async_read_some(asio::mutable_buffer buffer, ReadHandler handler) override {
    socket_.async_read_some(buffer, [handler = std::move(handler)](boost::system::error_code error,
                                                                   std::size_t n) { handler({error, n}); });
  }

  asio::awaitable<IoResult> read_some(asio::mutable_buffer buffer) override {
    const auto [error, n] = co_await socket_.async_read_some(buffer, asio::as_tuple(asio::use_awaitable));
    co_return IoResult{error, n};
  }

  asio::awaitable<IoResult> write(std::span<const asio::const_buffer> buffers) override {
    const auto [error, n] = co_await asio::async_write(socket_, buffers, asio::as_tuple(asio::use_awaitable));
    co_return IoResult{error, n};
  }

  asio::awaitable<void> shutdown() override {
    boost::system::error_code ignored;  // The peer may have gone first; there is nobody left to tell.
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    co_return;
  }

  void close() noexcept override {
    boost::system::error_code ignored;  // The descriptor is released either way.
    socket_.close(ignored);
  }

  bool is_quiet() override { return has_nothing_to_read(socket_); }

  asio::any_io_executor executor() override { return socket_.get_executor(); }

 private:
  asio::ip::tcp::socket socket_;
};

}  // namespace

std::unique_ptr<ByteStream> make_plain_stream(asio::ip::tcp::socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

bool has_nothing_to_read(asio::ip::tcp::socket& socket) {
  char byte = 0;
  const ssize_t count = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && errno == EAGAIN;
}

}  // namespace skymarshal::net

// A connected stream of bytes, plain TCP or TLS, behind one interface, so that what speaks over it is
// compiled once. Owned by one connection, used from its executor only: at most one read and one write under
// way at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

namespace skymarshal::net {

struct IoResult {
  boost::system::error_code error;
  std::size_t bytes = 0;
};

class ByteStream {
 public:
  using ReadHandler = std::function<void(IoResult)>;

  virtual ~ByteStream() = default;

  /// Reads at least one byte, or reports the end or a failure, later, on the stream's executor. The buffer
  /// must stay valid, and the stream alive, until then.
  virtual void async_read_some(boost::asio::mutable_buffer buffer, ReadHandler handler) = 0;
  /// The same for a coroutine.
  virtual boost::asio::awaitable<IoResult> read_some(boost::asio::mutable_buffer buffer) = 0;
  /// Writes all of it, in as few system calls as the kernel allows.
  virtual boost::asio::awaitable<IoResult> write(std::span<const boost::asio::const_buffer> buffers) = 0;
  /// Says goodbye properly (TLS close_notify, or FIN) and, with TLS, waits for the peer's: bound it by
  /// close().
  virtual boost::asio::awaitable<void> shutdown() = 0;
  /// Ends everything under way at once. Harmless when closed already.
  virtual void close() noexcept = 0;

  /// Whether the peer has neither sent anything that was not read yet nor hung up. Asks the kernel and never
  /// waits; nothing may be under way. False where that cannot be told: then nobody relies on the stream.
  virtual bool is_quiet() { return false; }

  virtual boost::asio::any_io_executor executor() = 0;
};

std::unique_ptr<ByteStream> make_plain_stream(boost::asio::ip::tcp::socket socket);

/// is_quiet() of a socket.
bool has_nothing_to_read(boost::asio::ip::tcp::socket& socket);

}  // namespace skymarshal::net

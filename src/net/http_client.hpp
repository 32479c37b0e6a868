// One HTTP/1.1 exchange over a connection of its own (RFC 9112), plain or TLS: send a request, get the head
// of the answer, then its body in pieces as they come. Beast does the parsing and stays in the .cpp.
// Owned by one coroutine, used from its executor only. Follows no redirects, keeps no cookies, tries nothing
// twice.
#pragma once

#include "base/clock.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "net/byte_stream.hpp"
#include "net/deadline.hpp"
#include "net/error.hpp"
#include "net/tls.hpp"

#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace skymarshal::net {

class HttpClient {
 public:
  struct Options {
    /// Status line and fields of the answer, together.
    std::size_t head_bytes_max = 64 * 1024;
    /// The whole body, all pieces together.
    std::uint64_t body_bytes_max = 64ULL * 1024 * 1024;
    /// Resolving, connecting and TLS.
    Milliseconds connect_timeout{10'000};
    /// From the request to the end of the body.
    Milliseconds total_timeout{60'000};
  };

  /// `tls` is needed for https endpoints and must outlive the client.
  HttpClient(const boost::asio::any_io_executor& executor, Options options, TlsContext* tls);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Connects to the endpoint and sends the request to the request's own target; Content-Length and
  /// Connection are added, and Host unless the request has its own. Call it once. Informational answers are
  /// passed over.
  /// Unreachable, untrusted, timed_out, broken if the connection ended before the head did, malformed if it
  /// is no HTTP; what is wrong with a body that came along with the head counts too.
  boost::asio::awaitable<Result<http::ResponseHead>> send(http::Endpoint endpoint, http::Request request);

  /// The next piece of the body; empty at its end. Errors as of send(), and too_large.
  boost::asio::awaitable<Result<std::string>> read_piece();
  /// What is left of the body.
  boost::asio::awaitable<Result<std::string>> read_rest();

  /// Ends the exchange at once; calls under way fail.
  void close() noexcept;

 private:
  class Parser;

  boost::asio::awaitable<Result<void>> read_more();
  Result<void> parse();
  Error timed_out() const;
  Error broken(const boost::system::error_code& error) const;

  Options options_;
  TlsContext* tls_;
  std::string peer_;
  std::unique_ptr<ByteStream> stream_;
  std::unique_ptr<Parser> parser_;
  /// Read and not parsed yet.
  std::string input_;
  bool expired_ = false;
  Deadline deadline_;
};

}  // namespace skymarshal::net

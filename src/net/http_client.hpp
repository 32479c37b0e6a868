// HTTP/1.1 towards servers (RFC 9112), plain or TLS: connections that are kept for the next exchange, bodies
// sent and read in pieces as they come, trailers both ways, a limit on everything.
// An HttpClient is a setup, shared by all threads; an HttpExchange belongs to one coroutine. Connections stay
// on the event loop that opened them. Follows no redirects, keeps no cookies, undoes no content coding.
#pragma once

#include "base/clock.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "net/byte_stream.hpp"
#include "net/deadline.hpp"
#include "net/error.hpp"
#include "net/http_wire.hpp"
#include "net/idle_connections.hpp"
#include "net/tls.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace skymarshal::net {

/// What is kept open between exchanges; each event loop (thread) keeps its own.
struct HttpClientOptions {
  /// To one endpoint. 0: none; every exchange has a connection of its own, and tells the server so.
  std::size_t idle_per_endpoint_max = 4;
  /// To all endpoints.
  std::size_t idle_total_max = 32;
  /// Used again only within that time; what stands between may drop a silent connection without a word.
  Milliseconds idle_time_max{20'000};
};

/// For whoever asks seldom.
inline constexpr HttpClientOptions one_connection_each{.idle_per_endpoint_max = 0};

/// The limits of one exchange.
struct FetchOptions {
  /// Resolving, connecting and TLS; never beyond the total.
  Milliseconds connect_timeout{10'000};
  /// From the request to the end of the answer's body, connecting and a second attempt included.
  Milliseconds total_timeout{60'000};
  /// Status line and fields of the answer, together; its trailers, too.
  std::size_t head_bytes_max = 64 * 1024;
  /// The whole body, all pieces together.
  std::uint64_t body_bytes_max = 64ULL * 1024 * 1024;
  /// Doing it twice is as good as once, although the method does not say so (RFC 9110 section 9.2.2).
  bool repeatable = false;
};

/// Freely copied: copies share their connections.
class HttpClient {
 public:
  /// As dial().
  using Connect = std::function<boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>>(
      http::Endpoint, const TlsContext*, Milliseconds)>;

  /// `tls` is needed for https endpoints.
  explicit HttpClient(HttpClientOptions options = {}, std::optional<TlsContext> tls = {});
  /// With another way to connect; for tests.
  HttpClient(HttpClientOptions options, std::optional<TlsContext> tls, Connect connect);

 private:
  friend class HttpExchange;
  struct Parts;
  std::shared_ptr<const Parts> parts_;
};

/// One request and its answer. Its destruction, or the cancellation of a coroutine that waits for it, ends it
/// at once and closes the connection; one that came to its end leaves the connection to the next.
///
/// Errors of all calls: unreachable, untrusted, timed_out, broken (the connection ended before the answer
/// did), malformed (no HTTP), too_large. After an error only destruction makes sense, except for write().
class HttpExchange {
 public:
  explicit HttpExchange(const HttpClient& client, FetchOptions options = {});
  ~HttpExchange();
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  /// Sends the request to its own target at the endpoint and gives the head of the answer. Content-Length is
  /// added, and Host unless the request has its own. What is wrong with a body that came along with the head
  /// is reported here. Informational answers are passed over. Call it once.
  /// Where a kept connection turns out to have been closed by the server before a byte of the answer came,
  /// the request goes once more over a new one, if its method or `repeatable` allows it (RFC 9112 section
  /// 9.3.1), or nothing of it had left.
  boost::asio::awaitable<Result<http::ResponseHead>> send(http::Endpoint endpoint, http::Request request);

  /// The same for a body that comes piece by piece (chunked): start(), write() for each piece, finish().
  /// `request.body` is the first piece. It cannot be sent twice and so goes over a new connection.
  boost::asio::awaitable<Result<void>> start(http::Endpoint endpoint, http::Request request);
  /// The piece must stay valid until then. After broken, finish() may still give the answer of a server that
  /// refused to read on.
  boost::asio::awaitable<Result<void>> write(std::string_view piece);
  /// The end of the body with its trailers, and the head of the answer. Name the trailers in the request's
  /// Trailer field (RFC 9110 section 6.6.2).
  boost::asio::awaitable<Result<http::ResponseHead>> finish(http::Headers trailers = {});

  /// The next piece of the answer's body; empty at its end. Only after a head was given.
  boost::asio::awaitable<Result<std::string>> read_piece();
  /// What is left of it.
  boost::asio::awaitable<Result<std::string>> read_rest();
  /// The answer's, once its body has ended (RFC 9110 section 6.5).
  const http::Headers& trailers() const { return reader_->trailers(); }

 private:
  using Buffers = std::span<const boost::asio::const_buffer>;

  boost::asio::awaitable<void> begin(http::Endpoint endpoint);
  Result<std::string> head_of(const http::Request& request, bool chunked) const;
  bool take_idle();
  boost::asio::awaitable<Result<void>> connect();
  boost::asio::awaitable<Result<void>> put(Buffers buffers);
  boost::asio::awaitable<Result<http::ResponseHead>> read_head();
  boost::asio::awaitable<Result<void>> read_more();
  void start_reader(const http::Request& request);
  void settle();
  IdleConnections::Place place() const;
  Error timed_out() const;
  Error broken(const boost::system::error_code& error) const;

  std::shared_ptr<const HttpClient::Parts> client_;
  FetchOptions options_;
  boost::asio::any_io_executor executor_;
  http::Endpoint endpoint_;
  SteadyTime until_;
  bool expired_ = false;
  std::unique_ptr<ByteStream> stream_;
  std::optional<AnswerReader> reader_;
  /// Of the request, so far; and why there is no more of it.
  std::size_t sent_bytes_ = 0;
  boost::system::error_code unsent_;
  /// Last, as it closes the stream.
  std::optional<Deadline> deadline_;
};

/// A whole exchange.
boost::asio::awaitable<Result<http::Response>> fetch(HttpClient client, http::Endpoint endpoint,
                                                     http::Request request, FetchOptions options);

}  // namespace skymarshal::net

#include "net/http_client.hpp"

#include "net/dial.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

namespace skymarshal::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

SteadyTime now() { return std::chrono::steady_clock::now(); }

/// RFC 9110 section 9.2.2.
bool is_idempotent(std::string_view method) {
  constexpr std::array<std::string_view, 6> methods = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
  return std::ranges::find(methods, method) != methods.end();
}

}  // namespace

/// One for all copies, and the owner of their connections.
struct HttpClient::Parts {
  HttpClientOptions options;
  std::optional<TlsContext> tls;
  Connect connect;

  IdleConnections::Limits idle_limits() const {
    return {options.idle_per_endpoint_max, options.idle_total_max, options.idle_time_max};
  }
};

HttpClient::HttpClient(HttpClientOptions options, std::optional<TlsContext> tls)
    : HttpClient(options, std::move(tls), dial) {}

HttpClient::HttpClient(HttpClientOptions options, std::optional<TlsContext> tls, Connect connect)
    : parts_(std::make_shared<const Parts>(Parts{options, std::move(tls), std::move(connect)})) {}

HttpExchange::HttpExchange(const HttpClient& client, FetchOptions options)
    : client_(client.parts_), options_(options) {}

HttpExchange::~HttpExchange() = default;

asio::awaitable<Result<http::ResponseHead>> HttpExchange::send(http::Endpoint endpoint,
                                                               http::Request request) {
  co_await begin(std::move(endpoint));
  const Result<std::string> head = head_of(request, false);
  if (!head) co_return head.error();
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(*head), asio::buffer(request.body)};
  if (take_idle()) {
    start_reader(request);
    // A server may refuse before it has read everything: its answer counts, not the failure to write on.
    (void)co_await put(buffers);
    auto answer = co_await read_head();
    const bool was_closed = !answer && answer.error().kind == ErrorKind::broken && !reader_->has_begun();
    const bool may_repeat = options_.repeatable || is_idempotent(request.method) || sent_bytes_ == 0;
    if (!was_closed || !may_repeat) co_return answer;
  }
  const Result<void> connected = co_await connect();
  if (!connected) co_return connected.error();
  start_reader(request);
  (void)co_await put(buffers);
  co_return co_await read_head();
}

asio::awaitable<Result<void>> HttpExchange::start(http::Endpoint endpoint, http::Request request) {
  co_await begin(std::move(endpoint));
  const Result<std::string> head = head_of(request, true);
  if (!head) co_return head.error();
  const Result<void> connected = co_await connect();
  if (!connected) co_return connected.error();
  start_reader(request);
  const std::array<asio::const_buffer, 1> buffers = {asio::buffer(*head)};
  const Result<void> started = co_await put(buffers);
  if (!started) co_return started.error();
  co_return co_await write(request.body);
}

asio::awaitable<Result<void>> HttpExchange::write(std::string_view piece) {
  // A chunk of no bytes would be the last.
  if (piece.empty()) co_return Result<void>();
  const std::string head = chunk_head(piece.size());
  const std::array<asio::const_buffer, 3> buffers = {asio::buffer(head), asio::buffer(piece),
                                                     asio::buffer(chunk_end)};
  co_return co_await put(buffers);
}

asio::awaitable<Result<http::ResponseHead>> HttpExchange::finish(http::Headers trailers) {
  const std::string end = last_chunk(trailers);
  const std::array<asio::const_buffer, 1> buffers = {asio::buffer(end)};
  (void)co_await put(buffers);
  co_return co_await read_head();
}

asio::awaitable<Result<std::string>> HttpExchange::read_piece() {
  std::string piece = reader_->take_body();
  while (piece.empty() && !reader_->is_whole()) {
    const Result<void> more = co_await read_more();
    if (!more) co_return more.error();
    piece = reader_->take_body();
  }
  co_return piece;
}

asio::awaitable<Result<std::string>> HttpExchange::read_rest() {
  while (!reader_->is_whole()) {
    const Result<void> more = co_await read_more();
    if (!more) co_return more.error();
  }
  co_return reader_->take_body();
}

/// From here on the time runs.
asio::awaitable<void> HttpExchange::begin(http::Endpoint endpoint) {
  endpoint_ = std::move(endpoint);
  until_ = now() + options_.total_timeout;
  executor_ = co_await asio::this_coro::executor;
  deadline_.emplace(executor_, [this] {
    expired_ = true;
    if (stream_) stream_->close();
  });
  deadline_->expires_at(until_);
}

Result<std::string> HttpExchange::head_of(const http::Request& request, bool chunked) const {
  return request_head(endpoint_, request,
                      {.chunked = chunked, .close = client_->options.idle_per_endpoint_max == 0});
}

/// Whether one is there that can be used again.
bool HttpExchange::take_idle() {
  if (IdleConnections* const idle = find_idle_connections(executor_))
    stream_ = idle->take(place(), client_->idle_limits(), now());
  return stream_ != nullptr;
}

asio::awaitable<Result<void>> HttpExchange::connect() {
  const auto left = std::chrono::ceil<Milliseconds>(until_ - now());
  const Milliseconds limit = std::clamp(left, Milliseconds(0), options_.connect_timeout);
  const TlsContext* const tls = client_->tls ? &*client_->tls : nullptr;
  auto connected = co_await client_->connect(endpoint_, tls, limit);
  // The total may have passed meanwhile: its timer found no stream to close and will not go off again.
  if (expired_ || now() >= until_) co_return timed_out();
  if (!connected) co_return connected.error();
  stream_ = std::move(*connected);
  co_return Result<void>();
}

void HttpExchange::start_reader(const http::Request& request) {
  sent_bytes_ = 0;
  unsent_ = {};
  reader_.emplace(AnswerReader::Options{endpoint_.authority(), options_.head_bytes_max,
                                        options_.body_bytes_max, request.method == "HEAD"});
}

asio::awaitable<Result<void>> HttpExchange::put(Buffers buffers) {
  if (unsent_) co_return broken(unsent_);
  const IoResult written = co_await stream_->write(buffers);
  sent_bytes_ += written.bytes;
  unsent_ = written.error;
  if (unsent_) co_return broken(unsent_);
  co_return Result<void>();
}

asio::awaitable<Result<http::ResponseHead>> HttpExchange::read_head() {
  while (!reader_->has_head()) {
    const Result<void> more = co_await read_more();
    if (more) continue;
    // The end is what a failure to write leads to, and says less.
    const bool has_ended = more.error().kind == ErrorKind::broken;
    if (unsent_ && has_ended) co_return broken(unsent_);
    co_return more.error();
  }
  co_return reader_->head();
}

asio::awaitable<Result<void>> HttpExchange::read_more() {
  const asio::mutable_buffer room = reader_->room();
  const IoResult read = co_await stream_->read_some(room);
  if (expired_) co_return timed_out();
  const Result<void> understood = reader_->took(read.bytes);
  if (!understood) co_return understood.error();
  if (read.error && (read.error != asio::error::eof || !reader_->end())) co_return broken(read.error);
  if (reader_->is_whole()) settle();
  co_return Result<void>();
}

/// The answer is whole: the connection goes to the next exchange, or is closed.
void HttpExchange::settle() {
  deadline_.reset();
  std::unique_ptr<ByteStream> stream = std::move(stream_);
  const bool is_asked_to_close = client_->options.idle_per_endpoint_max == 0;
  if (is_asked_to_close || unsent_ || !reader_->leaves_open()) return;
  idle_connections(executor_).keep(place(), std::move(stream), client_->idle_limits(), now());
}

IdleConnections::Place HttpExchange::place() const {
  return {client_, fmt::format("{}://{}", endpoint_.scheme, endpoint_.authority())};
}

Error HttpExchange::timed_out() const {
  return {ErrorKind::timed_out, fmt::format("no complete answer from {} within {} ms", endpoint_.authority(),
                                            options_.total_timeout.count())};
}

Error HttpExchange::broken(const error_code& error) const {
  if (expired_) return timed_out();
  return {ErrorKind::broken, fmt::format("the connection to {} ended before the answer did: {}",
                                         endpoint_.authority(), error.message())};
}

asio::awaitable<Result<http::Response>> fetch(HttpClient client, http::Endpoint endpoint,
                                              http::Request request, FetchOptions options) {
  HttpExchange exchange(client, options);
  auto head = co_await exchange.send(std::move(endpoint), std::move(request));
  if (!head) co_return head.error();
  auto body = co_await exchange.read_rest();
  if (!body) co_return body.error();
  co_return http::Response{head->status, std::move(head->headers), std::move(*body)};
}

}  // namespace skymarshal::net

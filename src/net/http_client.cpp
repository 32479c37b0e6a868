#include "net/http_client.hpp"

#include "net/dial.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace skymarshal::net {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t read_bytes = 16 * 1024;

/// The request's head. What ends a line inside a field would let its author write fields of his own, so such
/// fields are left out.
std::string write_head(const http::Endpoint& endpoint, const http::Request& request) {
  const auto is_line = [](std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
  };
  std::string head = request.method + " " + request.target + " HTTP/1.1\r\n";
  if (!request.headers.find("Host")) head += "Host: " + endpoint.authority() + "\r\n";
  head += "Connection: close\r\n";
  for (const http::Header& field : request.headers) {
    if (is_line(field.name) && is_line(field.value)) head += field.name + ": " + field.value + "\r\n";
  }
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return head + "\r\n";
}

}  // namespace

/// Collects the head as one of our own and the body as text.
class HttpClient::Parser final : public beast_http::basic_parser<false> {
 public:
  explicit Parser(const Options& options) {
    header_limit(static_cast<std::uint32_t>(options.head_bytes_max));
    body_limit(options.body_bytes_max);
    eager(true);
  }

  http::ResponseHead head;
  /// What came of the body and was not fetched yet.
  std::string body;

 private:
  using Text = boost::beast::string_view;

  void on_request_impl(beast_http::verb, Text, Text, int, error_code&) override {}
  void on_response_impl(int status, Text, int, error_code&) override {
    head.status = static_cast<unsigned>(status);
  }
  void on_field_impl(beast_http::field, Text name, Text value, error_code&) override {
    head.headers.add(std::string(name), std::string(value));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(Text piece, error_code&) override {
    body.append(piece.data(), piece.size());
    return piece.size();
  }
  void on_chunk_header_impl(std::uint64_t, Text, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text piece, error_code&) override {
    body.append(piece.data(), piece.size());
    return piece.size();
  }
  void on_finish_impl(error_code&) override {}
};

HttpClient::HttpClient(const asio::any_io_executor& executor, Options options, TlsContext* tls)
    : options_(options), tls_(tls), deadline_(executor, [this] {
        expired_ = true;
        if (stream_) stream_->close();
      }) {}

HttpClient::~HttpClient() { close(); }

asio::awaitable<Result<http::ResponseHead>> HttpClient::send(http::Endpoint endpoint, http::Request request) {
  peer_ = endpoint.authority();
  deadline_.expires_after(options_.total_timeout);
  const Milliseconds connect_limit = std::min(options_.connect_timeout, options_.total_timeout);
  auto connected = co_await dial(endpoint, tls_, connect_limit);
  if (!connected) co_return connected.error();
  stream_ = std::move(*connected);

  const std::string head = write_head(endpoint, request);
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(head), asio::buffer(request.body)};
  // A server may refuse before it has read everything: its answer counts, not the failure to write on.
  const IoResult written = co_await stream_->write(buffers);
  do {
    parser_ = std::make_unique<Parser>(options_);
    parser_->skip(request.method == "HEAD");
    // What came behind an informational answer.
    Result<void> understood = parse();
    while (understood && !parser_->is_header_done()) understood = co_await read_more();
    if (!understood) co_return written.error && !expired_ ? broken(written.error) : understood.error();
  } while (parser_->head.status < 200);
  co_return parser_->head;
}

asio::awaitable<Result<std::string>> HttpClient::read_piece() {
  while (parser_->body.empty() && !parser_->is_done()) {
    const Result<void> more = co_await read_more();
    if (!more) co_return more.error();
  }
  co_return std::exchange(parser_->body, {});
}

asio::awaitable<Result<std::string>> HttpClient::read_rest() {
  while (!parser_->is_done()) {
    const Result<void> more = co_await read_more();
    if (!more) co_return more.error();
  }
  co_return std::exchange(parser_->body, {});
}

void HttpClient::close() noexcept {
  if (stream_) stream_->close();
}

asio::awaitable<Result<void>> HttpClient::read_more() {
  const std::size_t before = input_.size();
  input_.resize(before + read_bytes);
  const auto space = asio::buffer(input_.data() + before, read_bytes);
  const IoResult read = co_await stream_->read_some(space);
  input_.resize(before + read.bytes);
  if (expired_) co_return timed_out();
  if (read.error == asio::error::eof) {
    error_code error;
    if (parser_->got_some()) parser_->put_eof(error);
    if (error || !parser_->got_some()) co_return broken(read.error);
    co_return Result<void>();
  }
  if (read.error) co_return broken(read.error);
  co_return parse();
}

/// Takes in what was read, as far as it goes.
Result<void> HttpClient::parse() {
  error_code error;
  if (input_.empty()) return {};
  const std::size_t taken = parser_->put(asio::buffer(input_), error);
  input_.erase(0, taken);
  if (!error || error == beast_http::error::need_more) return {};
  if (error == beast_http::error::body_limit) {
    return Error{Error::Kind::too_large, "the answer of " + peer_ + " is larger than " +
                                             std::to_string(options_.body_bytes_max) + " bytes"};
  }
  return Error{Error::Kind::malformed, peer_ + " does not answer as an HTTP/1.1 server: " + error.message()};
}

Error HttpClient::timed_out() const {
  return {Error::Kind::timed_out, "no complete answer from " + peer_ + " within " +
                                      std::to_string(options_.total_timeout.count()) + " ms"};
}

Error HttpClient::broken(const error_code& error) const {
  if (expired_) return timed_out();
  return {Error::Kind::broken,
          "the connection to " + peer_ + " ended before the answer did: " + error.message()};
}

}  // namespace skymarshal::net

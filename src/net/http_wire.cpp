#include "net/http_wire.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

namespace skymarshal::net {
namespace {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t read_bytes = 16 * 1024;

/// Of the message and the connection, not of the request.
constexpr std::array<std::string_view, 4> framing_fields = {"Content-Length", "Transfer-Encoding",
                                                            "Connection", "Keep-Alive"};
/// Wanted before the body: for routing, for authentication, for reading it.
constexpr std::array<std::string_view, 10> never_trailers = {"Host",
                                                             "Trailer",
                                                             "TE",
                                                             "Authorization",
                                                             "Expect",
                                                             "Content-Type",
                                                             "Content-Encoding",
                                                             "Content-Range",
                                                             "Cache-Control",
                                                             "Max-Forwards"};

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::any_of(names,
                             [name](std::string_view known) { return equal_ignoring_case(known, name); });
}

bool has_line_end(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

void append_field(std::string& out, const http::Header& field) {
  if (has_line_end(field.name) || has_line_end(field.value)) return;
  if (is_one_of(framing_fields, field.name)) return;
  out.append(field.name).append(": ").append(field.value).append("\r\n");
}

}  // namespace

Result<std::string> request_head(const http::Endpoint& endpoint, const http::Request& request,
                                 RequestForm form) {
  if (!is_visible_ascii(request.method) || !is_visible_ascii(request.target))
    return Error{ErrorKind::malformed, "no HTTP request can have such a method or target"};
  std::string head = request.method + " " + request.target + " HTTP/1.1\r\n";
  if (!request.headers.find("Host")) head += "Host: " + endpoint.authority() + "\r\n";
  if (form.close) head += "Connection: close\r\n";
  for (const http::Header& field : request.headers) append_field(head, field);
  if (form.chunked) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return head + "\r\n";
}

std::string chunk_head(std::size_t bytes) { return fmt::format("{:x}\r\n", bytes); }

std::string last_chunk(const http::Headers& trailers) {
  std::string end = "0\r\n";
  for (const http::Header& field : trailers) {
    if (!is_one_of(never_trailers, field.name)) append_field(end, field);
  }
  return end + "\r\n";
}

/// Collects the head as one of our own and the body as text.
class AnswerReader::Parser final : public beast_http::basic_parser<false> {
 public:
  explicit Parser(const Options& options) {
    header_limit(static_cast<std::uint32_t>(options.head_bytes_max));
    body_limit(options.body_bytes_max);
    eager(true);
    skip(options.without_body);
  }

  http::ResponseHead head;
  /// What came of the body and was not fetched yet.
  std::string body;
  http::Headers trailers;

 private:
  using Text = boost::beast::string_view;

  void on_request_impl(beast_http::verb, Text, Text, int, error_code&) override {}
  void on_response_impl(int status, Text, int, error_code&) override {
    head.status = static_cast<unsigned>(status);
  }
  void on_field_impl(beast_http::field, Text name, Text value, error_code&) override {
    http::Headers& fields = behind_head_ ? trailers : head.headers;
    fields.add(std::string(name), std::string(value));
  }
  void on_header_impl(error_code&) override { behind_head_ = true; }
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

  bool behind_head_ = false;
};

AnswerReader::AnswerReader(Options options) : options_(std::move(options)) { begin(); }
AnswerReader::~AnswerReader() = default;

void AnswerReader::begin() { parser_ = std::make_unique<Parser>(options_); }

boost::asio::mutable_buffer AnswerReader::room() {
  parsed_to_ = input_.size();
  input_.resize(parsed_to_ + read_bytes);
  return boost::asio::buffer(input_.data() + parsed_to_, read_bytes);
}

Result<void> AnswerReader::took(std::size_t bytes) {
  input_.resize(parsed_to_ + bytes);
  has_begun_ = has_begun_ || bytes > 0;
  return parse();
}

/// Takes in what was read, as far as it goes.
Result<void> AnswerReader::parse() {
  while (!input_.empty() && !parser_->is_done()) {
    error_code error;
    const std::size_t taken = parser_->put(boost::asio::buffer(input_), error);
    input_.erase(0, taken);
    if (error && error != beast_http::error::need_more) return failure(error);
    if (parser_->is_header_done() && parser_->head.status == 101)
      return failure(beast_http::error::bad_status);  // Nobody asked to switch protocols.
    if (parser_->is_header_done() && parser_->head.status < 200) {
      begin();
    } else if (error || taken == 0) {
      break;
    }
  }
  // A chunk's extensions, or trailers: the parser waits for their end however far it is.
  if (!parser_->is_done() && input_.size() > options_.head_bytes_max)
    return failure(beast_http::error::header_limit);
  return {};
}

bool AnswerReader::end() {
  if (!parser_->is_header_done()) return false;
  if (parser_->is_done()) return true;
  error_code error;
  parser_->put_eof(error);
  return !error;
}

bool AnswerReader::has_head() const { return parser_->is_header_done(); }
bool AnswerReader::is_whole() const { return parser_->is_done(); }
const http::ResponseHead& AnswerReader::head() const { return parser_->head; }
std::string AnswerReader::take_body() { return std::exchange(parser_->body, {}); }
const http::Headers& AnswerReader::trailers() const { return parser_->trailers; }

bool AnswerReader::leaves_open() const {
  return parser_->is_done() && parser_->keep_alive() && input_.empty();
}

Error AnswerReader::failure(const error_code& error) const {
  if (error == beast_http::error::body_limit) {
    return {ErrorKind::too_large,
            fmt::format("the answer of {} is larger than {} bytes", options_.peer, options_.body_bytes_max)};
  }
  if (error == beast_http::error::header_limit) {
    return {ErrorKind::too_large, fmt::format("the head of the answer of {} is larger than {} bytes",
                                              options_.peer, options_.head_bytes_max)};
  }
  return {ErrorKind::malformed,
          fmt::format("{} does not answer as an HTTP/1.1 server: {}", options_.peer, error.message())};
}

}  // namespace skymarshal::net

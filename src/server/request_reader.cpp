#include "server/request_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace skymarshal::server {
namespace {

namespace beast_http = boost::beast::http;

/// RFC 9112 section 3.2.2: servers accept the absolute form; only its path and query matter here.
std::string_view origin_form(std::string_view target) {
  const std::size_t scheme_end = target.find("://");
  if (target.starts_with('/') || scheme_end == std::string_view::npos) return target;
  const std::size_t path = target.find('/', scheme_end + 3);
  return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

}  // namespace

struct RequestReader::Parser {
  beast_http::request_parser<beast_http::string_body> request;
};

RequestReader::RequestReader(Limits limits) : limits_(limits), parser_(std::make_unique<Parser>()) {
  parser_->request.header_limit(static_cast<std::uint32_t>(limits_.header_bytes_max));
  parser_->request.body_limit(limits_.body_bytes_max);
  parser_->request.eager(true);
}

RequestReader::~RequestReader() = default;

std::size_t RequestReader::feed(std::string_view bytes) {
  boost::system::error_code error;
  const std::size_t taken = parser_->request.put(boost::asio::buffer(bytes), error);
  if (error == beast_http::error::need_more) error = {};
  request_line_taken_ = request_line_taken_ || taken > 0;
  if (error == beast_http::error::header_limit) {
    // Beast takes the request line in as a whole, so nothing taken means that it has not ended.
    const bool in_request_line =
        !request_line_taken_ &&
        bytes.substr(0, limits_.header_bytes_max).find("\r\n") == std::string_view::npos;
    fail(in_request_line ? Errc::uri_too_long : Errc::headers_too_large,
         "the request line and headers are too long");
  } else if (error == beast_http::error::body_limit) {
    fail(Errc::payload_too_large, "the body is too large");
  } else if (error) {
    fail(Errc::invalid_request, "this is not a valid HTTP/1.1 request");
  }
  if (state_ == State::in_head && parser_->request.is_header_done()) {
    state_ = State::in_body;
    check_head();
  }
  if (state_ == State::in_body && parser_->request.is_done()) state_ = State::complete;
  return taken;
}

bool RequestReader::expects_continue() const {
  const auto& message = parser_->request.get();
  return state_ == State::in_body && message.version() >= 11 &&
         http::equal_ignoring_case(std::string_view(message[beast_http::field::expect]), "100-continue");
}

http::Request RequestReader::take() {
  auto& message = parser_->request.get();
  http::Request request;
  request.method = std::string_view(message.method_string());
  request.target = origin_form(std::string_view(message.target()));
  for (const auto& field : message) {
    request.headers.add(std::string(field.name_string()), std::string(field.value()));
  }
  request.body = std::move(message.body());
  return request;
}

bool RequestReader::keep_alive() const { return parser_->request.keep_alive(); }

bool RequestReader::understands_chunks() const { return parser_->request.get().version() >= 11; }

void RequestReader::check_head() {
  const auto& message = parser_->request.get();
  if (message.target().size() > limits_.target_bytes_max) {
    fail(Errc::uri_too_long, "the request target is too long");
  } else if (message.version() >= 11 && message.count(beast_http::field::host) != 1) {
    // RFC 9112 section 3.2: anything but one Host makes it unclear who is meant.
    fail(Errc::invalid_request, "an HTTP/1.1 request needs exactly one Host header");
  }
}

void RequestReader::fail(Errc code, const char* message) {
  state_ = State::failed;
  error_ = make_error(code, message);
}

}  // namespace skymarshal::server

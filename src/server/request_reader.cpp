#include "server/request_reader.hpp"

#include "base/text.hpp"

#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/url/parse.hpp>

namespace skymarshal::server {
namespace {

namespace beast_http = boost::beast::http;

using Message = beast_http::request<beast_http::string_body>;

/// host[:port] (RFC 9110 section 7.2); none at all is fine there.
bool is_authority(std::string_view text) {
  const auto authority = boost::urls::parse_authority(text);
  return authority && !authority->has_userinfo();
}

/// RFC 9112 section 3.2.2: servers accept the absolute form; only its path and query matter here. What is no
/// URL of this protocol stays as it is, so that it is refused as no path.
std::string origin_form(std::string_view target) {
  const std::size_t scheme_end = target.find("://");
  if (target.starts_with('/') || scheme_end == std::string_view::npos) return std::string(target);
  const std::string_view scheme = target.substr(0, scheme_end);
  const std::string_view rest = target.substr(scheme_end + 3);
  const std::size_t authority_end = std::min(rest.find_first_of("/?#"), rest.size());
  const bool is_http = equal_ignoring_case(scheme, "http") || equal_ignoring_case(scheme, "https");
  if (!is_http || authority_end == 0 || !is_authority(rest.substr(0, authority_end)))
    return std::string(target);
  const std::string_view path = rest.substr(authority_end);
  return (path.starts_with('/') ? std::string() : std::string("/")).append(path);
}

/// RFC 9112 section 5.2. The parser takes a field in only as a whole, so no fold is cut in two.
bool has_folded_line(std::string_view fields) {
  return fields.find("\r\n ") != std::string_view::npos || fields.find("\r\n\t") != std::string_view::npos;
}

/// One length, or chunks, and not the least doubt about which (RFC 9112 sections 6.1 and 6.3): the parser
/// takes a transfer coding that it does not know for none at all, and would read the body as a next request.
bool has_clear_length(const Message& message) {
  const auto lengths = message.count(beast_http::field::content_length);
  const auto codings = message.count(beast_http::field::transfer_encoding);
  if (codings > 0) {
    return codings == 1 && lengths == 0 && message.version() >= 11 &&
           equal_ignoring_case(std::string_view(message[beast_http::field::transfer_encoding]), "chunked");
  }
  const std::string_view length = message[beast_http::field::content_length];
  return lengths == 0 || (lengths == 1 && length.find_first_not_of("0123456789") == std::string_view::npos);
}

/// RFC 9112 section 3.2: anything but one good Host makes it unclear who is meant.
bool has_clear_host(const Message& message) {
  const auto hosts = message.count(beast_http::field::host);
  return hosts <= 1 && (hosts == 1 || message.version() < 11) &&
         is_authority(std::string_view(message[beast_http::field::host]));
}

bool is_control_character(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

/// Chunk extensions say nothing to us (RFC 9112 section 7.1.1), but a line end within one could to others,
/// and they must not be a way around the limits.
class ChunkExtensions {
 public:
  explicit ChunkExtensions(std::size_t bytes_max) : bytes_left_(bytes_max) {}

  void operator()(std::uint64_t, std::string_view extension, boost::system::error_code& error) {
    if (extension.size() > bytes_left_ || std::ranges::any_of(extension, is_control_character)) {
      error = beast_http::error::bad_chunk_extension;
      return;
    }
    bytes_left_ -= extension.size();
  }

 private:
  std::size_t bytes_left_;
};

}  // namespace

struct RequestReader::Parser {
  explicit Parser(const Limits& limits) : extensions(limits.header_bytes_max) {
    request.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    request.body_limit(limits.body_bytes_max);
    // It stops behind the head, which is judged before any byte of a body is taken in.
    request.eager(false);
    request.on_chunk_header(extensions);
  }

  ChunkExtensions extensions;
  beast_http::request_parser<beast_http::string_body> request;
};

RequestReader::RequestReader(Limits limits) : limits_(limits), parser_(std::make_unique<Parser>(limits)) {}

RequestReader::~RequestReader() = default;

std::size_t RequestReader::feed(std::string_view bytes) {
  std::size_t taken = begun_ ? 0 : skip_empty_lines(bytes);
  if (!begun_) return taken;
  if (state_ == State::in_head) {
    const std::string_view head = bytes.substr(taken);
    const std::size_t taken_of_head = put(head);
    taken += taken_of_head;
    if (state_ != State::failed) check_head(head.substr(0, taken_of_head));
    if (state_ == State::in_head && parser_->request.is_header_done()) check_complete_head();
  }
  if (state_ == State::in_body && !parser_->request.is_done() && taken < bytes.size())
    taken += put(bytes.substr(taken));
  if (state_ == State::in_body && parser_->request.is_done()) state_ = State::complete;
  return taken;
}

/// A CR that no LF follows begins the request, which it makes an invalid one; so does one line end too many.
std::size_t RequestReader::skip_empty_lines(std::string_view bytes) {
  constexpr std::string_view empty_line = "\r\n";
  std::size_t taken = 0;
  while (taken < bytes.size() && bytes[taken] == empty_line[skipped_bytes_ % empty_line.size()] &&
         skipped_bytes_ < limits_.empty_lines_max * empty_line.size()) {
    ++taken;
    ++skipped_bytes_;
  }
  begun_ = taken < bytes.size();
  if (begun_ && skipped_bytes_ % empty_line.size() != 0) fail_as_malformed();
  return taken;
}

std::size_t RequestReader::put(std::string_view bytes) {
  boost::system::error_code error;
  const std::size_t taken = parser_->request.put(boost::asio::buffer(bytes), error);
  if (error == beast_http::error::need_more) error = {};
  if (error == beast_http::error::header_limit) {
    // Beast takes the request line in as a whole, so nothing taken means that it has not ended.
    const bool in_request_line =
        head_bytes_ == 0 && taken == 0 &&
        bytes.substr(0, limits_.header_bytes_max).find("\r\n") == std::string_view::npos;
    fail(in_request_line ? Errc::uri_too_long : Errc::headers_too_large,
         "the request line and headers are too long");
  } else if (error == beast_http::error::body_limit) {
    fail(Errc::payload_too_large, "the body is too large");
  } else if (error) {
    fail_as_malformed();
  }
  return taken;
}

bool RequestReader::expects_continue() const {
  const auto& message = parser_->request.get();
  return state_ == State::in_body && message.version() >= 11 &&
         equal_ignoring_case(std::string_view(message[beast_http::field::expect]), "100-continue");
}

http::Request RequestReader::take() {
  request_.body = std::move(parser_->request.get().body());
  return std::move(request_);
}

bool RequestReader::keep_alive() const { return keep_alive_; }

bool RequestReader::understands_chunks() const { return parser_->request.get().version() >= 11; }

/// Of the part that has come: the parser's own limit begins anew with each field that it has taken in.
void RequestReader::check_head(std::string_view taken) {
  head_bytes_ += taken.size();
  if (parser_->request.get().target().size() > limits_.target_bytes_max) {
    fail(Errc::uri_too_long, "the request target is too long");
  } else if (head_bytes_ > limits_.header_bytes_max) {
    fail(Errc::headers_too_large, "the request line and headers are too long");
  } else if (has_folded_line(taken)) {
    fail(Errc::invalid_request, "a header must stand on one line");
  }
}

void RequestReader::check_complete_head() {
  const auto& message = parser_->request.get();
  if (!has_clear_host(message)) {
    return fail(Errc::invalid_request,
                "an HTTP/1.1 request needs exactly one Host header: host or host:port");
  }
  if (!has_clear_length(message)) {
    return fail(Errc::invalid_request,
                "say once how long the body is: by one Content-Length, or by Transfer-Encoding: chunked");
  }
  state_ = State::in_body;
  request_.method = std::string_view(message.method_string());
  request_.target = origin_form(std::string_view(message.target()));
  for (const auto& field : message) {
    request_.headers.add(std::string(field.name_string()), std::string(field.value()));
  }
  keep_alive_ = parser_->request.keep_alive();
  parser_->request.eager(true);
}

void RequestReader::fail_as_malformed() {
  fail(Errc::invalid_request, "this is not a valid HTTP/1.1 request");
}

void RequestReader::fail(Errc code, const char* message) {
  state_ = State::failed;
  error_ = make_error(code, message);
}

}  // namespace skymarshal::server

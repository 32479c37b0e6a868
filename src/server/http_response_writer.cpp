#include "server/http_response_writer.hpp"

#include "base/time_format.hpp"

#include <iterator>

#include <fmt/format.h>

namespace skymarshal::server {
namespace {

namespace asio = boost::asio;

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

asio::const_buffer as_buffer(std::string_view text) { return {text.data(), text.size()}; }

bool has_no_content(unsigned status) { return status == 204 || status == 304; }

}  // namespace

HttpResponseWriter::HttpResponseWriter(Options options, net::ByteStream& stream, ConnectionInput& input,
                                       net::Deadline& write_deadline, const Clock& clock)
    : options_(options), stream_(stream), input_(input), write_deadline_(write_deadline), clock_(clock) {}

asio::awaitable<bool> HttpResponseWriter::send(http::ResponseHead head, std::string_view body) {
  write_head(head.status, head.headers);
  if (!has_no_content(head.status)) {
    fmt::format_to(std::back_inserter(head_), "Content-Length: {}\r\n", body.size());
  }
  head_ += line_end;
  buffers_.push_back(as_buffer(head_));
  if (!options_.head_only) buffers_.push_back(as_buffer(body));
  complete_ = true;
  co_return co_await flush();
}

void HttpResponseWriter::start(http::ResponseHead head) {
  if (!options_.chunked) options_.keep_alive = false;
  write_head(head.status, head.headers);
  if (options_.chunked) head_ += "Transfer-Encoding: chunked\r\n";
  head_ += line_end;
  buffers_.push_back(as_buffer(head_));
}

asio::awaitable<bool> HttpResponseWriter::write(std::span<const asio::const_buffer> piece) {
  add_piece(piece);
  co_return co_await flush();
}

asio::awaitable<bool> HttpResponseWriter::finish(std::span<const asio::const_buffer> last_piece) {
  add_piece(last_piece);
  if (options_.chunked && !options_.head_only) buffers_.push_back(as_buffer(last_chunk));
  complete_ = true;
  co_return co_await flush();
}

void HttpResponseWriter::on_client_gone(std::function<void()> on_gone) {
  input_.on_ended(std::move(on_gone));
}

void HttpResponseWriter::write_head(unsigned status, const http::Headers& headers) {
  head_.reserve(1024);
  const auto to = std::back_inserter(head_);
  fmt::format_to(to, "HTTP/1.1 {} {}\r\nDate: {}\r\n", status, http::reason_phrase(status),
                 http_date(clock_.wall_now()));
  for (const http::Header& field : headers) fmt::format_to(to, "{}: {}\r\n", field.name, field.value);
  head_ += options_.keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
}

void HttpResponseWriter::add_piece(std::span<const asio::const_buffer> piece) {
  const std::size_t bytes = asio::buffer_size(piece);
  if (bytes == 0 || options_.head_only) return;
  if (options_.chunked) {
    chunk_size_ = fmt::format("{:x}\r\n", bytes);
    buffers_.push_back(as_buffer(chunk_size_));
  }
  buffers_.insert(buffers_.end(), piece.begin(), piece.end());
  if (options_.chunked) buffers_.push_back(as_buffer(line_end));
}

asio::awaitable<bool> HttpResponseWriter::flush() {
  write_deadline_.expires_after(options_.write_timeout);
  const net::IoResult result = co_await stream_.write(buffers_);
  write_deadline_.clear();
  buffers_.clear();
  if (result.error) complete_ = false;
  co_return !result.error;
}

}  // namespace skymarshal::server

// Bytes in, one HTTP/1.x request out (RFC 9112). Sans-IO: no socket, no clock; Beast's parser stays in the
// .cpp. One reader for one request. Whatever two readers of the same bytes could understand differently is
// refused, though some of it could be understood (RFC 9112 section 11.2).
#pragma once

#include "base/error.hpp"
#include "http/message.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace skymarshal::server {

class RequestReader {
 public:
  struct Limits {
    /// Request line and header fields together.
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t target_bytes_max = 8 * 1024;
    std::size_t body_bytes_max = 1024 * 1024;
    /// Before the request line; some clients end a body with one that belongs to nothing.
    std::size_t empty_lines_max = 8;
  };

  enum class State { in_head, in_body, complete, failed };

  explicit RequestReader(Limits limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Takes in what it can and returns how many bytes that were; the rest, with more behind it, is for the
  /// next call.
  std::size_t feed(std::string_view bytes);

  State state() const { return state_; }
  /// Whether anything of the request has come: empty lines before it are none of it (RFC 9112 section 2.2).
  bool begun() const { return begun_; }
  /// Of State::failed: what to tell the client, whose connection then must be closed.
  const Error& error() const { return error_; }
  /// Whether the client waits for "100 Continue" before it sends the body (RFC 9110 section 10.1.1).
  bool expects_continue() const;

  /// Of a complete request. `remote_address` is left empty, and so are the fields of a trailer: what stands
  /// behind the body is none of the header (RFC 9110 section 6.5.1).
  http::Request take();
  /// Whether the connection may be used again afterwards (RFC 9112 section 9.3).
  bool keep_alive() const;
  /// Whether the client understands chunked answers: HTTP/1.1 or later.
  bool understands_chunks() const;

 private:
  struct Parser;
  std::size_t skip_empty_lines(std::string_view bytes);
  std::size_t put(std::string_view bytes);
  void check_head(std::string_view taken);
  void check_complete_head();
  void fail_as_malformed();
  void fail(Errc code, const char* message);

  Limits limits_;
  std::unique_ptr<Parser> parser_;
  State state_ = State::in_head;
  bool begun_ = false;
  /// Of empty lines; an odd number has taken in half a line end.
  std::size_t skipped_bytes_ = 0;
  std::size_t head_bytes_ = 0;
  http::Request request_;
  bool keep_alive_ = false;
  Error error_;
};

}  // namespace skymarshal::server

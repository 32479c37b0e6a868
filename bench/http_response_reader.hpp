// Reads HTTP/1.1 responses (RFC 9112) that arrive in pieces: head, then a body by Content-Length or chunks.
// Pure bytes, one response at a time. Strict: what it does not understand is broken, never guessed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace skymarshal::bench {

class HttpResponseReader {
 public:
  enum class Status { need_more, complete, broken };

  /// Takes what it can off the front of `input`.
  Status advance(std::string& input);
  void reset();

  bool has_head() const { return part_ != Part::head; }
  int status_code() const { return status_code_; }
  bool keeps_alive() const { return keeps_alive_; }
  std::string_view content_type() const { return content_type_; }
  /// As much of the body as has come; the chunks' own framing is taken out.
  const std::string& body() const { return body_; }

 private:
  enum class Part { head, fixed_body, chunk_size, chunk_data, chunk_end, trailer, done };

  bool take_head(std::string_view head);
  bool take_header(std::string_view name, std::string_view value);
  bool take_chunk_size(std::string_view line);
  bool take_line(std::string_view line);
  std::size_t take_body_bytes(std::string_view bytes);

  Part part_ = Part::head;
  int status_code_ = 0;
  bool keeps_alive_ = true;
  bool is_chunked_ = false;
  bool has_length_ = false;
  std::size_t remaining_ = 0;
  std::string content_type_;
  std::string body_;
};

}  // namespace skymarshal::bench

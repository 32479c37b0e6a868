// HTTP/1.1 as bytes (RFC 9112), a client's side of it without sockets: how requests are written, and a reader
// of what comes back. Beast does the reading and stays in the .cpp. An answer's reader belongs to one
// exchange.
#pragma once

#include "http/message.hpp"
#include "http/url.hpp"
#include "net/error.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/buffer.hpp>

namespace skymarshal::net {

struct RequestForm {
  /// In chunks (RFC 9112 section 7.1), for a body that is not there yet; else with its length.
  bool chunked = false;
  /// Asks the server to hang up behind its answer (section 9.6).
  bool close = false;
};

/// The request's head with the empty line behind it. Host is added unless the request has its own. Fields
/// that frame the message or the connection are written by the form alone, and a field that holds a line end
/// is left out: its author would write fields of his own. Malformed for a method or target that could.
Result<std::string> request_head(const http::Endpoint& endpoint, const http::Request& request,
                                 RequestForm form);

/// What stands before a piece of that many bytes, at least one; chunk_end stands behind it.
std::string chunk_head(std::size_t bytes);
inline constexpr std::string_view chunk_end = "\r\n";
/// The end of a body in chunks, with its trailer fields (section 7.1.2). Left out of them: what request_head
/// leaves out, and what must be known before the body (RFC 9110 section 6.5.1).
std::string last_chunk(const http::Headers& trailers);

class AnswerReader {
 public:
  struct Options {
    /// As messages name it.
    std::string peer;
    /// Of the status line and the fields together; of the trailers, too.
    std::size_t head_bytes_max = 64 * 1024;
    std::uint64_t body_bytes_max = 64ULL * 1024 * 1024;
    /// The answer to a HEAD, whatever its Content-Length says.
    bool without_body = false;
  };

  explicit AnswerReader(Options options);
  ~AnswerReader();
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  /// Where the next bytes go; valid until took(), which says how many of them came and reads on.
  /// Informational answers are passed over. Malformed, or too_large.
  boost::asio::mutable_buffer room();
  Result<void> took(std::size_t bytes);
  /// No more bytes come. Whether the answer is whole; some are by that alone (section 6.3).
  bool end();

  /// A byte of an answer has come.
  bool has_begun() const { return has_begun_; }
  bool has_head() const;
  bool is_whole() const;
  /// Once has_head().
  const http::ResponseHead& head() const;
  /// What came of the body since the last call.
  std::string take_body();
  /// Complete once is_whole(). Not among the head's fields: they may not mean the same there.
  const http::Headers& trailers() const;
  /// The connection can carry another exchange (section 9.3), nothing came behind the answer.
  bool leaves_open() const;

 private:
  class Parser;

  void begin();
  Result<void> parse();
  Error failure(const boost::system::error_code& error) const;

  Options options_;
  std::unique_ptr<Parser> parser_;
  /// Read and not parsed yet.
  std::string input_;
  /// What input_ held before room() was given out behind it.
  std::size_t parsed_to_ = 0;
  bool has_begun_ = false;
};

}  // namespace skymarshal::net

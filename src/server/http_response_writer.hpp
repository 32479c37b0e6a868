// The HTTP/1.x answer to one request: heads as text, streams in chunks (RFC 9112 section 7.1), every piece in
// one system call. Lives as long as its request is handled, on the connection's executor.
#pragma once

#include "base/clock.hpp"
#include "http/response_writer.hpp"
#include "net/byte_stream.hpp"
#include "net/deadline.hpp"
#include "server/connection_input.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::server {

class HttpResponseWriter final : public http::ResponseWriter {
 public:
  struct Options {
    /// Answering HEAD: the head of what GET would give.
    bool head_only = false;
    /// For clients of HTTP/1.0 a stream ends with the connection.
    bool chunked = true;
    /// Whether the client may send another request on this connection.
    bool keep_alive = true;
    /// For one piece to be taken by the client's side of the network.
    Milliseconds write_timeout{60'000};
  };

  /// `write_deadline` closes the stream when it expires. The references must outlive the writer.
  HttpResponseWriter(Options options, net::ByteStream& stream, ConnectionInput& input,
                     net::Deadline& write_deadline, const Clock& clock);

  using http::ResponseWriter::send;
  boost::asio::awaitable<bool> send(http::ResponseHead head, std::string_view body) override;
  void start(http::ResponseHead head) override;
  boost::asio::awaitable<bool> write(std::span<const boost::asio::const_buffer> piece) override;
  boost::asio::awaitable<bool> finish(std::span<const boost::asio::const_buffer> last_piece) override;
  void on_client_gone(std::function<void()> on_gone) override;

  /// The client may send no other request here. Told to it if the head has not left yet.
  void close_afterwards() { options_.keep_alive = false; }
  /// Whether a whole answer has left and the connection can carry another one.
  bool reusable() const { return complete_ && options_.keep_alive; }

 private:
  void write_head(unsigned status, const http::Headers& headers);
  void add_piece(std::span<const boost::asio::const_buffer> piece);
  boost::asio::awaitable<bool> flush();

  Options options_;
  net::ByteStream& stream_;
  ConnectionInput& input_;
  net::Deadline& write_deadline_;
  const Clock& clock_;
  std::string head_;
  std::string chunk_size_;
  std::vector<boost::asio::const_buffer> buffers_;
  bool complete_ = false;
};

}  // namespace skymarshal::server

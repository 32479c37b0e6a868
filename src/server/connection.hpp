// One client's connection: reads requests one after the other, in the order they came, and has the handler
// answer each before it turns to the next, or take the connection over. Owned by its own coroutine;
// everything on its thread.
#pragma once

#include "base/clock.hpp"
#include "http/handler.hpp"
#include "net/byte_stream.hpp"
#include "net/deadline.hpp"
#include "server/connection_input.hpp"
#include "server/http_response_writer.hpp"
#include "server/request_reader.hpp"

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::server {

struct ConnectionOptions {
  RequestReader::Limits limits;
  /// From a request's first byte to the end of its head.
  Milliseconds header_timeout{10'000};
  /// From there to the end of its body.
  Milliseconds body_timeout{30'000};
  /// Between two requests.
  Milliseconds idle_timeout{75'000};
  Milliseconds write_timeout{60'000};
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// `options`, `handler` and `clock` must outlive its run().
  Connection(std::unique_ptr<net::ByteStream> stream, std::string remote_address,
             const ConnectionOptions& options, http::Handler& handler, const Clock& clock);
  /// Closes: a read under way, which holds the stream, would else keep the client connected to nobody.
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Serves the client until it leaves or is asked to. The caller keeps the connection alive meanwhile.
  boost::asio::awaitable<void> run();

  /// Closes now if it waits for a request, else after the answer under way. What was taken over goes on.
  void drain();
  /// Closes now.
  void close() noexcept { stream_->close(); }

 private:
  enum class Read { request, refused, closed };

  boost::asio::awaitable<Read> read_request(RequestReader& reader, Error& refusal);
  boost::asio::awaitable<bool> ask_for_body();
  boost::asio::awaitable<bool> answer(const RequestReader& reader, http::Request request);
  boost::asio::awaitable<void> refuse(Error refusal);
  HttpResponseWriter& begin_answer(HttpResponseWriter::Options options);
  boost::asio::awaitable<void> say_goodbye();

  std::shared_ptr<net::ByteStream> stream_;
  std::shared_ptr<ConnectionInput> input_;
  std::string remote_address_;
  const ConnectionOptions& options_;
  http::Handler& handler_;
  const Clock& clock_;
  net::Deadline write_deadline_;
  /// Of the latest request.
  std::optional<HttpResponseWriter> writer_;
  bool waiting_for_request_ = false;
  bool draining_ = false;
};

}  // namespace skymarshal::server

// Port: how an answer leaves, whatever host carries it. One writer for one request, on the request's
// executor.
#pragma once

#include "http/message.hpp"

#include <functional>
#include <span>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>

namespace skymarshal::http {

class ResponseWriter {
 public:
  virtual ~ResponseWriter() = default;

  /// A whole answer at once. False: the client is gone. `body` must stay valid until the call returns.
  virtual boost::asio::awaitable<bool> send(http::ResponseHead head, std::string_view body) = 0;
  /// The same, for one whose body nobody else holds.
  boost::asio::awaitable<bool> send(http::Response response) {
    http::ResponseHead head{response.status, std::move(response.headers)};
    co_return co_await send(std::move(head), response.body);
  }

  /// A streamed answer: start once, write any number of times, finish once. The head leaves with the first
  /// piece; each piece leaves at once and as one, the last (which may be empty) with the end. False: the
  /// client is gone; write no more. The buffers must stay valid until the call returns.
  virtual void start(http::ResponseHead head) = 0;
  virtual boost::asio::awaitable<bool> write(std::span<const boost::asio::const_buffer> piece) = 0;
  virtual boost::asio::awaitable<bool> finish(std::span<const boost::asio::const_buffer> last_piece) = 0;

  /// `on_gone` is called, at most once, when the client is found to have left. Empty to hear no more.
  virtual void on_client_gone(std::function<void()> on_gone) = 0;
};

}  // namespace skymarshal::http

// Port: what answers requests, whatever host carries them. A host knows this and nothing of routes, callers
// or agents. One handler serves all connections of its hosts, from any of their threads; it outlives them.
#pragma once

#include "base/error.hpp"
#include "http/message.hpp"
#include "http/response_writer.hpp"

#include <memory>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::net {
/// Only passed on here: who takes a connection over knows what to do with it.
class ByteStream;
}  // namespace skymarshal::net

namespace skymarshal::http {

class Handler {
 public:
  virtual ~Handler() = default;

  /// Answers one request, whatever happens, unless its client leaves. Does not throw.
  virtual boost::asio::awaitable<void> handle(Request request, ResponseWriter& writer) = 0;

  /// Answers what could not be read as a request at all: too slow, too long, malformed. Does not throw.
  virtual boost::asio::awaitable<void> refuse(Error error, ResponseWriter& writer) = 0;

  /// Whether this request asks for another protocol that the handler speaks (RFC 9110 section 7.8). A host
  /// that has no connections to give away never asks.
  virtual bool upgrades(const Request& request) const {
    static_cast<void>(request);
    return false;
  }

  /// Takes the connection over: answers the request with 101 itself and speaks the other protocol until that
  /// ends. The host says goodbye to the client afterwards, and closes the stream under the conversation if it
  /// must end itself. Called only where upgrades() said so.
  virtual boost::asio::awaitable<void> upgrade(Request request, std::shared_ptr<net::ByteStream> stream) {
    static_cast<void>(request);
    static_cast<void>(stream);
    co_return;
  }
};

}  // namespace skymarshal::http

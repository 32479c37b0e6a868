// Port: who sent this request? Implementations live outside the core and are safe to use from any thread.
#pragma once

#include "base/error.hpp"
#include "gateway/principal.hpp"
#include "http/message.hpp"

#include <boost/asio/awaitable.hpp>

namespace skymarshal::gateway {

class Authorizer {
 public:
  virtual ~Authorizer() = default;
  /// Errc::unauthorized or Errc::forbidden if the caller may not pass. Fails closed: any doubt is an error.
  virtual boost::asio::awaitable<Result<Principal>> authorize(const http::Request& request) = 0;
};

/// Lets everybody in as one principal. Only for a server that nobody but its own machine can reach.
class OpenAuthorizer final : public Authorizer {
 public:
  boost::asio::awaitable<Result<Principal>> authorize(const http::Request&) override {
    co_return Principal{"local"};
  }
};

}  // namespace skymarshal::gateway

// Port: who sent this request, and may they? Implementations live outside the core and are safe to use from
// any thread.
#pragma once

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/principal.hpp"
#include "http/message.hpp"
#include "http/url.hpp"

#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::gateway {

/// A request that asks to pass; all of it outlives the answer.
struct Attempt {
  const http::Request& request;
  /// The request's own target, taken apart.
  const http::Target& target;
  const RequestId& request_id;
};

class Authorizer {
 public:
  virtual ~Authorizer() = default;

  /// Errc::unauthorized if it is not proven who calls,
  /// Errc::forbidden if they may not do this, Errc::rate_limited after too many failed attempts,
  /// Errc::identity_unavailable if whoever must be asked cannot be. Fails closed: any doubt is an error.
  virtual boost::asio::awaitable<Result<Principal>> authorize(Attempt attempt) = 0;

  /// What WWW-Authenticate says on a 401 (RFC 9110 section 11.6.1); empty: nothing.
  virtual std::string challenge() const { return {}; }
};

/// Lets everybody in as one principal. Only for a server that nobody but its own machine can reach.
class OpenAuthorizer final : public Authorizer {
 public:
  boost::asio::awaitable<Result<Principal>> authorize(Attempt) override { co_return Principal{"local"}; }
};

}  // namespace skymarshal::gateway

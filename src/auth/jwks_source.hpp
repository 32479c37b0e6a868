// The token issuer's keys as they are now: fetched when needed, kept while the issuer cannot be reached,
// asked for once however many callers want them. Shared by all threads; no request waits while there is a
// usable set.
#pragma once

#include "auth/jwks_origin.hpp"
#include "base/error.hpp"
#include "base/refreshed_value.hpp"

#include <memory>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::auth {

/// Of an issuer's URL. A token may name a key that is not there yet, and anybody can name a key: newer ones
/// are looked for twice a minute at most.
RefreshOptions jwks_refresh_options();

class JwksSource {
 public:
  /// The parts must outlive this and all that it sent off; it may itself go before.
  JwksSource(const RefreshOptions& options, std::unique_ptr<JwksOrigin> origin, const RefreshParts& parts);

  /// Errc::identity_unavailable, with retry_after, if there are no keys, or too old ones, and none can be
  /// had.
  boost::asio::awaitable<Result<SharedJwkSet>> current();
  /// Fetched now, whatever its age: for whoever knows that the issuer's keys have changed.
  boost::asio::awaitable<Result<SharedJwkSet>> fetch_now();
  /// For whoever found no key in `seen`: a newer set, or `seen` again if there is none to be had now.
  boost::asio::awaitable<SharedJwkSet> newer_than(SharedJwkSet seen);

 private:
  RefreshedValue<JwkSet> keys_;
};

}  // namespace skymarshal::auth

// The token issuer's keys as they are now: fetched when needed, kept while the issuer cannot be reached,
// asked for once however many callers want them. Shared by all threads; no request waits while there is a
// usable set.
#pragma once

#include "auth/jwks_origin.hpp"
#include "auth/single_flight.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

#include <cstddef>
#include <memory>
#include <optional>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::auth {

struct JwksOptions {
  /// Older ones are fetched anew, behind the back of the request that notices.
  Milliseconds refresh_after{600'000};
  /// A token may name a key that is not there yet: then they are fetched, but not more often than this.
  /// Anybody can name a key.
  Milliseconds missing_key_pause{30'000};
  /// Pauses after failures: the first, doubled each time, the longest.
  Milliseconds retry_pause_min{1'000};
  Milliseconds retry_pause_max{60'000};
  /// How long keys are good while no newer ones can be had.
  Milliseconds stale_max{86'400'000};
};

class JwksSource {
 public:
  /// The clock and the log must outlive this and all that it sent off; it may itself go before.
  JwksSource(JwksOptions options, std::unique_ptr<JwksOrigin> origin, const Clock& clock, Logger& log);
  JwksSource(const JwksSource&) = delete;
  JwksSource& operator=(const JwksSource&) = delete;

  /// Errc::identity_unavailable, with retry_after, if there are no keys, or too old ones, and none can be
  /// had.
  boost::asio::awaitable<Result<SharedJwkSet>> current();
  /// For whoever found no key in `seen`: a newer set, or `seen` again if there is none to be had now.
  boost::asio::awaitable<SharedJwkSet> newer_than(SharedJwkSet seen);

 private:
  struct State;
  using Fetched = Result<SharedJwkSet>;

  static boost::asio::awaitable<Fetched> fetch(std::shared_ptr<State> state, std::size_t generation);
  static boost::asio::awaitable<void> refresh(std::shared_ptr<State> state, std::size_t generation);

  std::shared_ptr<State> state_;
};

}  // namespace skymarshal::auth

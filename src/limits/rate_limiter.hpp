// Port: may this principal send one more request now? Counted here (local_rate_limiter), or wherever several
// gateways share their counts. Safe to use from any thread.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/principal.hpp"

#include <cstdint>
#include <map>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::limits {

/// At most `requests` in any `window`; 0 requests: no limit.
struct RateLimit {
  std::int64_t requests = 0;
  Milliseconds window{60'000};
  bool operator==(const RateLimit&) const = default;
};

/// Of its window, in nanoseconds of the steady clock, as what counts keeps its times.
inline std::int64_t length_of(RateLimit limit) { return std::chrono::nanoseconds(limit.window).count(); }

struct RateLimits {
  /// Of a principal whose tier is not named below.
  RateLimit principal{100, Milliseconds{60'000}};
  /// By the tier's name.
  std::map<std::string, RateLimit> tiers = {};
  /// Of all principals together.
  RateLimit account{100, Milliseconds{1'000}};
  bool operator==(const RateLimits&) const = default;
};

struct RateDecision {
  bool admitted = true;
  /// The principal's limit, and how much of it is left after this request; 0 requests: unlimited, and the
  /// rest says nothing.
  RateLimit limit;
  std::int64_t remaining = 0;
  /// Until the oldest request that counts leaves the window: then there is room for one more.
  Milliseconds reset_after{};
  /// Of a refusal: waiting exactly this long succeeds, if nobody else is quicker; one millisecond less does
  /// not. The later of what the principal's and the account's limit ask for.
  Milliseconds retry_after{};
  /// Of a refusal: the account's limit said no, and not the principal's own.
  bool by_account = false;
  /// Of a refusal: the limit that said no.
  RateLimit exceeded = {};
};

/// Whose requests a limiter counts at the moment.
enum class CountedFor {
  /// This gateway's alone, as was asked for.
  gateway,
  /// Those of all gateways that share the counts.
  fleet,
  /// This gateway's alone, as the shared counts are away.
  gateway_for_now
};

class RateLimiter {
 public:
  virtual ~RateLimiter() = default;
  /// Counts the request if it is admitted; a refused one costs its caller nothing.
  /// Errc::overloaded if it cannot be counted: more principals are active than can be remembered.
  virtual boost::asio::awaitable<Result<RateDecision>> admit(const Principal& principal) = 0;
  virtual CountedFor counted_for() const { return CountedFor::gateway; }
};

}  // namespace skymarshal::limits

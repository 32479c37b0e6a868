// Decides who may pass, in one place for all ways of proving who calls: an address that failed too often
// waits, the authenticator says who it is, the policy what it may do, and the audit log has a line of every
// attempt. Shared by all threads; what it is given must outlive it. Proves nothing itself.
#pragma once

#include "auth/authenticator.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "gateway/authorizer.hpp"
#include "limits/rate_limiter.hpp"
#include "limits/sliding_windows.hpp"

#include <string>
#include <string_view>

namespace skymarshal::auth {

/// What a policy calls a request: "POST /api/v1/invoke". By the decoded path, so that no spelling of it gets
/// around a statement; a slash or percent sign inside a segment stays encoded, and ids are in
/// lower case, as they are stored. HEAD counts as GET.
std::string resource_of(std::string_view method, const http::Target& target);

/// Whose failures are counted together: an IPv4 address, or the /64 of an IPv6 address, which is what one
/// customer gets (RFC 6177); anything else as it is.
std::string address_group(std::string_view remote_address);

class AuditedAuthorizer final : public gateway::Authorizer {
 public:
  struct Options {
    /// Of one address, in all; without credentials nothing was tried, so nothing is counted. 0: no limit.
    limits::RateLimit failures{60, Milliseconds{60'000}};
    /// Addresses whose failures are remembered; beyond it the oldest are forgotten.
    std::size_t addresses_max = 65'536;
  };

  AuditedAuthorizer(Options options, Authenticator& authenticator, const Clock& clock, Logger& log);

  /// Errors as of the port. Errc::unauthorized has {"reason":…} as details.
  boost::asio::awaitable<Result<Principal>> authorize(gateway::Attempt attempt) override;
  std::string challenge() const override { return authenticator_.challenge(); }

 private:
  struct Outcome;
  boost::asio::awaitable<Outcome> decide(gateway::Attempt attempt, std::string resource);
  void audit(const gateway::Attempt& attempt, std::string_view resource, const Outcome& outcome);

  Options options_;
  Authenticator& authenticator_;
  const Clock& clock_;
  Logger& log_;
  limits::SlidingWindows failures_;
};

}  // namespace skymarshal::auth

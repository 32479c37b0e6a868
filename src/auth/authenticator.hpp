// One way of proving who calls: a signature, a token, an identity that AWS vouches for; and the bearer token
// that two of them begin with. What comes of it is decided in one place, audited_authorizer. Implementations
// are safe to use from any thread.
#pragma once

#include "auth/policy.hpp"
#include "base/principal.hpp"
#include "http/message.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::auth {

/// What the audit log says, and a 401 as `details.reason`.
enum class Reason {
  missing_credentials,
  /// For the log alone: callers are told of a mismatch.
  unknown_access_key,
  signature_mismatch,
  request_expired,
  malformed_authorization,
  invalid_token,
  /// Known, but may not use this gateway at all: 403.
  not_allowed,
  /// Whoever must be asked cannot be: 503.
  identity_unavailable,
};

/// MISSING_CREDENTIALS, …
std::string_view to_text(Reason reason);

struct Refusal {
  Reason reason = Reason::missing_credentials;
  /// For the caller: what to do. Holds no secret and nothing of the expected signature.
  std::string message;
  /// Who the request says it is (access key id, subject), unproven; for the audit log. Empty: it says
  /// nothing.
  std::string claimed = {};
  /// Of identity_unavailable.
  std::optional<std::chrono::seconds> retry_after = {};
};

struct Identity {
  Principal principal;
  /// What it proved itself with (access key id, token subject); for the audit log.
  std::string credential;
  /// What it may do; null: everything.
  std::shared_ptr<const Policy> policy;
};

using Verdict = std::variant<Identity, Refusal>;

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  virtual boost::asio::awaitable<Verdict> authenticate(const http::Request& request) = 0;
  /// "iam", "jwt", "sts": for the audit log.
  virtual std::string_view scheme() const = 0;
  /// WWW-Authenticate of a 401.
  virtual std::string challenge() const = 0;
};

/// The bearer token of a request (RFC 6750 section 2.1); says nothing of what the token is worth.
/// A view of the one Authorization field there is. Reason::missing_credentials without one;
/// Reason::malformed_authorization if there are several, if it is of another scheme, or if its token holds
/// anything but b64token's letters.
std::variant<std::string_view, Refusal> read_bearer_token(const http::Headers& headers);

}  // namespace skymarshal::auth

// Who may call, put together from the settings: the way of proving it that `auth` names, behind the one place
// that decides and keeps the audit log. What it is given must outlive it; look() is called from one thread.
#pragma once

#include "auth/audited_authorizer.hpp"
#include "auth/jwks_source.hpp"
#include "auth/key_store.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "gateway/authorizer.hpp"
#include "settings/settings.hpp"

#include <memory>
#include <optional>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::app {

class AccessControl {
 public:
  /// Reads keys and certificates. Errors say what to do. Settings must have passed check_access.
  static Result<std::unique_ptr<AccessControl>> open(const settings::Settings& settings, const Clock& clock,
                                                     RandomSource& random, Logger& log);
  AccessControl(const AccessControl&) = delete;
  AccessControl& operator=(const AccessControl&) = delete;

  gateway::Authorizer& authorizer() { return *authorizer_; }

  /// Reads again what changed on the disk: the key file.
  void look();
  /// That, and the keys of token issuers, however fresh. What cannot be had is said in the log.
  boost::asio::awaitable<void> reload();

 private:
  AccessControl() = default;
  Result<void> open_keys(const settings::Settings& settings, const Clock& clock, RandomSource& random,
                         Logger& log);
  Result<void> open_tokens(const settings::Settings& settings, const Clock& clock, RandomSource& random,
                           Logger& log);
  Result<void> open_identities(const settings::Settings& settings, const Clock& clock);

  std::unique_ptr<auth::KeyStore> keys_;
  std::unique_ptr<auth::JwksSource> jwks_;
  std::unique_ptr<auth::Authenticator> authenticator_;
  std::unique_ptr<gateway::Authorizer> authorizer_;
};

}  // namespace skymarshal::app

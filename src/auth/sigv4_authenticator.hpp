// Proves who calls by an AWS Signature Version 4 with a key of the key store. Shared by all threads; the
// store outlives it. A key that is unknown, revoked or has ended costs a request the same work as a wrong
// secret.
#pragma once

#include "auth/authenticator.hpp"
#include "auth/key_store.hpp"
#include "aws/signing_key_cache.hpp"
#include "aws/sigv4_verifier.hpp"
#include "base/clock.hpp"

#include <string>
#include <string_view>

namespace skymarshal::auth {

class Sigv4Authenticator final : public Authenticator {
 public:
  Sigv4Authenticator(const KeyStore& keys, aws::VerifierOptions options, const Clock& clock);

  /// Never suspends.
  boost::asio::awaitable<Verdict> authenticate(const http::Request& request) override;
  std::string_view scheme() const override { return "iam"; }
  /// AWS4-HMAC-SHA256 realm="skymarshal", service="execute-api", and the region if there is but one.
  std::string challenge() const override { return challenge_; }

 private:
  Verdict check(const http::Request& request);

  const KeyStore& keys_;
  aws::VerifierOptions options_;
  const Clock& clock_;
  std::string challenge_;
  aws::SigningKeyCache signing_keys_;
};

}  // namespace skymarshal::auth

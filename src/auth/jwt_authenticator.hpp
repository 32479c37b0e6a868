// Proves who calls by a token that the issuer signed: Authorization: Bearer … (RFC 6750 section 2.1).
// Shared by all threads. Remembers no token.
#pragma once

#include "auth/authenticator.hpp"
#include "auth/jwks_source.hpp"
#include "auth/jwt.hpp"
#include "base/clock.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::auth {

struct JwtOptions {
  JwtRules rules;
  /// Entra ID puts up to 200 groups into a token, which makes 12 KiB of it.
  std::size_t token_bytes_max = 14 * 1024;
};

class JwtAuthenticator final : public Authenticator {
 public:
  /// The keys and the clock must outlive this.
  JwtAuthenticator(JwtOptions options, JwksSource& keys, const Clock& clock);

  /// invalid_token says what is wrong with the token; identity_unavailable if the keys cannot be had.
  boost::asio::awaitable<Verdict> authenticate(const http::Request& request) override;
  std::string_view scheme() const override { return "jwt"; }
  /// RFC 6750 section 3.
  std::string challenge() const override { return R"(Bearer realm="skymarshal")"; }

 private:
  JwtOptions options_;
  JwksSource& keys_;
  const Clock& clock_;
};

}  // namespace skymarshal::auth

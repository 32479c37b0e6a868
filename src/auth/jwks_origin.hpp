// Where a token issuer's keys come from: a file, or a URL such as https://…/.well-known/jwks.json. Asked
// anew each time, remembers no keys; jwks_source decides when. Safe to use from any thread, but for one
// question at a time.
#pragma once

#include "auth/jwk_set.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "http/url.hpp"
#include "net/tls.hpp"

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::auth {

using SharedJwkSet = std::shared_ptr<const JwkSet>;

class JwksOrigin {
 public:
  virtual ~JwksOrigin() = default;
  /// Null if nothing has changed since the last set that was given out. Errc::identity_unavailable says why
  /// there is none.
  virtual boost::asio::awaitable<Result<SharedJwkSet>> fetch() = 0;
};

/// Follows symbolic links, reads at most jwk_set_bytes_max, and again only when the file has changed.
std::unique_ptr<JwksOrigin> jwks_file(std::string path);

struct JwksUrlOptions {
  /// From the name's resolution to the end of the answer.
  Milliseconds timeout{5'000};
};

/// By GET, without following redirects. Errc::invalid_request unless the endpoint is https and `tls` is
/// there, or it is http to this very machine: whoever can change the keys on their way can sign tokens.
Result<std::unique_ptr<JwksOrigin>> jwks_url(http::Endpoint endpoint, JwksUrlOptions options,
                                             std::optional<net::TlsContext> tls);

}  // namespace skymarshal::auth

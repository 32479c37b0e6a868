#include "auth/jwt_authenticator.hpp"

#include <utility>
#include <variant>

namespace skymarshal::auth {
namespace {

namespace asio = boost::asio;

Refusal invalid_token(std::string message) { return {Reason::invalid_token, std::move(message)}; }

/// nullopt if a key of the set has signed the token.
std::optional<Refusal> check_signature(const SignedToken& token, const JwkSet& keys) {
  const PublicKey* const key = keys.find(token.key_id, token.algorithm);
  if (key == nullptr) {
    if (!token.key_id) return invalid_token("the token names no key ('kid'), and no single key is for it");
    if (keys.knows(*token.key_id)) return invalid_token("the token's algorithm is not the one of its key");
    return invalid_token("the token's key is none of its issuer's keys");
  }
  if (!key->verifies(token.algorithm, token.signed_text, token.signature))
    return invalid_token("the token's signature is wrong");
  return std::nullopt;
}

/// Whether the issuer may have made another key since. Of a named one only the name counts: a wrong
/// signature costs anybody nothing, and must not cost the issuer anything.
bool may_be_newer(const SignedToken& token, const JwkSet& keys) {
  return !token.key_id || !keys.knows(*token.key_id);
}

}  // namespace

JwtAuthenticator::JwtAuthenticator(JwtOptions options, JwksSource& keys, const Clock& clock)
    : options_(std::move(options)), keys_(keys), clock_(clock) {}

asio::awaitable<Verdict> JwtAuthenticator::authenticate(const http::Request& request) {
  const auto presented = read_bearer_token(request.headers);
  if (const auto* const refusal = std::get_if<Refusal>(&presented)) co_return *refusal;
  const auto token = read_token(std::get<std::string_view>(presented), options_.token_bytes_max);
  if (!token) co_return invalid_token(token.error().message);

  const auto keys = co_await keys_.current();
  if (!keys) {
    co_return Refusal{Reason::identity_unavailable, keys.error().message, {}, keys.error().retry_after};
  }
  auto refusal = check_signature(*token, **keys);
  if (refusal && may_be_newer(*token, **keys)) {
    const SharedJwkSet newer = co_await keys_.newer_than(*keys);
    if (newer != *keys) refusal = check_signature(*token, *newer);
  }
  if (refusal) co_return *std::move(refusal);
  co_return judge_claims(token->claims, options_.rules, clock_.wall_now());
}

}  // namespace skymarshal::auth

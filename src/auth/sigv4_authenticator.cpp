#include "auth/sigv4_authenticator.hpp"

#include "auth/key_file.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace skymarshal::auth {
namespace {

/// The same for a key that does not exist: which there are is nobody's business.
constexpr std::string_view mismatch_message =
    "the signature does not fit: check that the access key is known here and has not ended, that secret and "
    "session token are its own, and that nothing changes the request on its way";

Reason reason_of(aws::SignatureFault fault) {
  switch (fault) {
    case aws::SignatureFault::missing:
      return Reason::missing_credentials;
    case aws::SignatureFault::malformed:
      return Reason::malformed_authorization;
    case aws::SignatureFault::expired:
      return Reason::request_expired;
    case aws::SignatureFault::mismatch:
      break;
  }
  return Reason::signature_mismatch;
}

/// Of a parameter in quotes (RFC 9110 section 5.6.4); regions need no more letters.
bool is_plain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

std::string challenge_of(const aws::VerifierOptions& options) {
  std::string text = R"(AWS4-HMAC-SHA256 realm="skymarshal")";
  if (is_plain(options.service)) text += fmt::format(R"(, service="{}")", options.service);
  if (is_plain(options.region)) text += fmt::format(R"(, region="{}")", options.region);
  return text;
}

Refusal refuse(Reason reason, const aws::ClaimedSignature& claim) {
  return Refusal{reason, std::string(mismatch_message), claim.access_key_id};
}

}  // namespace

Sigv4Authenticator::Sigv4Authenticator(const KeyStore& keys, aws::VerifierOptions options, const Clock& clock)
    : keys_(keys), options_(std::move(options)), clock_(clock), challenge_(challenge_of(options_)) {}

boost::asio::awaitable<Verdict> Sigv4Authenticator::authenticate(const http::Request& request) {
  co_return check(request);
}

Verdict Sigv4Authenticator::check(const http::Request& request) {
  auto read = aws::read_claimed_signature(request, options_, clock_.wall_now());
  if (auto* const refusal = std::get_if<aws::SignatureRefusal>(&read))
    return Refusal{reason_of(refusal->fault), std::move(refusal->message)};
  const aws::ClaimedSignature& claim = std::get<aws::ClaimedSignature>(read);
  if (!is_access_key_id(claim.access_key_id)) {
    // No key has such a name, whoever asks; and names of any length are not to be kept in a cache.
    return Refusal{Reason::unknown_access_key, std::string(mismatch_message)};
  }
  const std::shared_ptr<const Key> key = keys_.find(claim.access_key_id);
  // All of the work is done for every request before anything is said: the time it takes must not tell
  // whether there is such a key. The signing keys of all unknown ones are kept under one name, that of
  // nobody: they are as warm as a known key's, and invented names push no good key out.
  const Secret none;
  const Secret& secret = key ? key->secret_access_key : keys_.decoy();
  const Secret& token = key ? key->session_token : none;
  const bool has_its_token = equal_in_constant_time(claim.session_token, token.reveal());
  const std::string_view kept_as = key ? std::string_view(claim.access_key_id) : std::string_view();
  const Sha256 signing_key = signing_keys_.find_or_derive(kept_as, secret, claim.scope);
  const bool fits = aws::matches(claim, request, signing_key);
  if (!key || !has_its_token) return refuse(Reason::unknown_access_key, claim);
  if (!fits) return refuse(Reason::signature_mismatch, claim);
  return Identity{key->principal, claim.access_key_id, key->policy};
}

}  // namespace skymarshal::auth

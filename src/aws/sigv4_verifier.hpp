// Verifies signatures of requests: AWS Signature Version 4, header form and presigned query form. In two
// steps, so that whoever holds the keys stands between them: read what the request claims, then check it
// against the secret of the key it names. Pure; time is given. Fails closed.
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html and
// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html (query form)
#pragma once

#include "aws/canonical_request.hpp"
#include "aws/credential_scope.hpp"
#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "http/message.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace skymarshal::aws {

/// Why a request is not accepted; the API's words for it are in auth/.
enum class SignatureFault {
  /// Neither an Authorization header nor X-Amz-Algorithm in the query.
  missing,
  /// Cannot be understood, is ambiguous, or leaves unsigned what must be signed.
  malformed,
  /// Too old, or from the future.
  expired,
  mismatch,
};

/// Never holds the expected signature, the canonical request or a secret.
struct SignatureRefusal {
  SignatureFault fault = SignatureFault::malformed;
  /// What to do about it, for the caller.
  std::string message;
};

struct VerifierOptions {
  std::string service = "execute-api";
  /// The region that must be signed for; empty: any.
  std::string region;
  /// How far the signer's clock may be off, either way.
  std::chrono::seconds clock_skew{300};
  /// Longest life of a presigned request; AWS allows 7 days. It is good from `clock_skew` before its date
  /// until its own end, to which nothing is added.
  std::chrono::seconds presigned_for_max{604'800};
};

/// What a request claims about itself. Nothing of it is proven.
struct ClaimedSignature {
  std::string access_key_id;
  CredentialScope scope;
  std::string amz_date;
  /// 64 lower-case hex digits.
  std::string signature;
  /// Empty where none was sent.
  std::string session_token;
  CanonicalForm form;
};

/// Everything that can be said without the key: one complete, well-formed and unambiguous claim in one form
/// (header or query, not both), each of its fields and parameters once; the service, region and time
/// accepted; `host`, the date and every `x-amz-*` field signed but those of names::added_on_the_way (in the
/// query form X-Amz-Date is signed by its place); the body equal to X-Amz-Content-Sha256 where that is sent,
/// which may not be UNSIGNED-PAYLOAD or a STREAMING-… form; the path without dot segments, empty inner
/// segments and broken or doubled percent-encoding of them.
std::variant<ClaimedSignature, SignatureRefusal> read_claimed_signature(const http::Request& request,
                                                                        const VerifierOptions& options,
                                                                        WallTime now);

/// Whether the claim's signature is the one that `signing_key` gives this request; compared in constant time.
/// The same work is done whatever the outcome.
bool matches(const ClaimedSignature& claim, const http::Request& request, const Sha256& signing_key);

}  // namespace skymarshal::aws

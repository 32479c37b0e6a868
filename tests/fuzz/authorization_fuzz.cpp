// Feeds arbitrary requests to the verifier of signatures (libFuzzer). It must not crash, must say why it
// refuses, must read the same claim again, must accept nothing that its key did not sign, and must accept
// everything that it did.
#include "aws/sigv4_signer.hpp"
#include "aws/sigv4_verifier.hpp"
#include "base/text.hpp"
#include "request_text.hpp"

using namespace skymarshal;
using namespace skymarshal::aws;
using skymarshal::fuzz::check;

namespace {

/// 2015-08-30T12:36:00Z, when the seeds were signed.
constexpr std::int64_t time_of_seeds_ms = 1'440'938'160'000;
const Secret secret("a key that signed none of the seeds");

bool same(const ClaimedSignature& a, const ClaimedSignature& b) {
  return a.access_key_id == b.access_key_id && a.scope == b.scope && a.amz_date == b.amz_date &&
         a.session_token == b.session_token && a.form.signed_headers == b.form.signed_headers &&
         a.form.payload_hash == b.form.payload_hash && a.form.left_out_parameter == b.form.left_out_parameter;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// The same request with another signature, wherever the old one stands but for its body.
http::Request with_signature(const http::Request& request, std::string_view old_one,
                             std::string_view new_one) {
  http::Request changed{request.method, request.target, {}, request.body};
  replace_all(changed.target, old_one, new_one);
  for (const http::Header& field : request.headers) {
    std::string value = field.value;
    if (equal_ignoring_case(field.name, "authorization")) replace_all(value, old_one, new_one);
    changed.headers.add(field.name, std::move(value));
  }
  return changed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const http::Request request = fuzz::request_of(data, size);
  const VerifierOptions options{"service", "us-east-1"};
  const WallTime now = from_unix_ms(time_of_seeds_ms);
  const auto read = read_claimed_signature(request, options, now);
  if (const auto* refusal = std::get_if<SignatureRefusal>(&read)) {
    check(!refusal->message.empty() && refusal->fault != SignatureFault::mismatch);
    return 0;
  }
  const auto& claim = std::get<ClaimedSignature>(read);
  const Sha256 key = derive_signing_key(secret, claim.scope);
  check(!matches(claim, request, key));

  // Signed with that key as it stands, it is accepted, and says the same of itself.
  const auto canonical = canonical_request(request, claim.form);
  if (!canonical) return 0;
  const std::string right = signature(key, string_to_sign(claim.amz_date, claim.scope, *canonical));
  const http::Request resigned = with_signature(request, claim.signature, right);
  // An escaped digit of the old signature hides it; then nothing was replaced.
  const auto reread = read_claimed_signature(resigned, options, now);
  const auto* again = std::get_if<ClaimedSignature>(&reread);
  if (again == nullptr || again->signature != right) return 0;
  check(same(*again, claim));
  // But for other places that held the old signature, and were signed.
  const auto recanonical = canonical_request(resigned, again->form);
  check(recanonical.has_value());
  check(matches(*again, resigned, key) == (*recanonical == *canonical));
  return 0;
}

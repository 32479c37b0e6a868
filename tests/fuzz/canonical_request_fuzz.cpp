// Feeds arbitrary requests to the canonicaliser (libFuzzer). What it writes must have exactly its lines, must
// be its own canonical form, and what is signed with it must be accepted by the verifier.
#include "aws/sigv4_signer.hpp"
#include "aws/sigv4_verifier.hpp"
#include "request_text.hpp"

#include <vector>

using namespace skymarshal;
using namespace skymarshal::aws;
using skymarshal::fuzz::check;

namespace {

constexpr std::int64_t time_ms = 1'440'938'160'000;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) lines.push_back(fuzz::take(text, '\n'));
  return lines;
}

void check_form(const http::Request& request, const PathRules& rules) {
  const CanonicalForm form{rules, {"host"}, "hash", {}};
  const auto text = canonical_request(request, form);
  if (!text) {
    check(text.error().kind == skymarshal::aws::ErrorKind::malformed_request &&
          !text.error().message.empty());
    return;
  }
  const auto lines = lines_of(*text);
  check(lines.size() == 7 && lines[0] == request.method && lines[1].starts_with('/') &&
        lines[3].starts_with("host:") && lines[4].empty() && lines[5] == "host" && lines[6] == "hash");
  // The path that is normalized is normal; the query and the fields are as they would be written again.
  http::Request again{request.method, "", {{"Host", std::string(lines[3].substr(5))}}, ""};
  again.target =
      std::string(rules.encode_twice ? std::string_view("/") : lines[1]) + "?" + std::string(lines[2]);
  const auto rewritten = canonical_request(again, form);
  check(rewritten.has_value());
  const auto lines_again = lines_of(*rewritten);
  check(lines_again[2] == lines[2] && lines_again[3] == lines[3]);
  if (!rules.encode_twice) check(lines_again[1] == lines[1]);
  if (rules.normalize) {
    check(lines[1].find("//") == std::string_view::npos && lines[1].find("/./") == std::string_view::npos &&
          lines[1].find("/../") == std::string_view::npos);
  }
}

/// What the signer signs the verifier accepts, or refuses for what it cannot be sure of; it never calls a
/// right signature wrong.
void check_signed(http::Request request, bool is_presigned) {
  const Credentials credentials{"AKIDEXAMPLE", Secret("secret"), Secret()};
  const WallTime now = from_unix_ms(time_ms);
  const auto done = is_presigned ? presign(request, credentials, {"us-east-1"}, now, std::chrono::seconds(60))
                                 : sign(request, credentials, {"us-east-1"}, now);
  if (!done) return;
  const auto read = read_claimed_signature(request, {}, now);
  if (const auto* refusal = std::get_if<SignatureRefusal>(&read)) {
    check(refusal->fault == SignatureFault::malformed);
    return;
  }
  const auto& claim = std::get<ClaimedSignature>(read);
  check(matches(claim, request, derive_signing_key(credentials.secret_access_key, claim.scope)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const http::Request request = fuzz::request_of(data, size);
  for (const PathRules& rules :
       {PathRules{true, true}, PathRules{true, false}, PathRules{false, true}, PathRules{false, false}}) {
    check_form(request, rules);
  }
  check_signed(request, false);
  check_signed(request, true);
  return 0;
}

// Feeds arbitrary bytes to the readers of tokens, claims and key sets (libFuzzer). They must neither crash
// nor take two texts for one token, and who comes in has a name that the issuer's name begins.
#include "auth/jwk_set.hpp"
#include "auth/jwt.hpp"
#include "base/crypto.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace auth = skymarshal::auth;

namespace {

constexpr std::size_t token_bytes_max = 14 * 1024;

void check(bool holds) {
  if (!holds) std::abort();
}

void check_claims(std::string_view claims) {
  auth::JwtRules rules;
  rules.issuer = "https://issuer.example";
  rules.audiences = {"gateway"};
  const auto verdict = auth::judge_claims(claims, rules, skymarshal::from_unix_ms(1'767'225'600'000));
  const auto* const identity = std::get_if<auth::Identity>(&verdict);
  if (identity == nullptr) {
    check(!std::get<auth::Refusal>(verdict).message.empty());
    return;
  }
  const std::string& id = identity->principal.id;
  check(id.starts_with("https://issuer.example|") && id.size() > rules.issuer.size() + 1);
  for (const char c : id) check(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

void check_token(std::string_view text) {
  const auto token = auth::read_token(text, token_bytes_max);
  if (!token) return;
  check(text.size() <= token_bytes_max && !token->signature.empty());
  check(std::string(token->signed_text) + "." + skymarshal::base64url_encode(token->signature) == text);
  check(token->signed_text.ends_with("." + skymarshal::base64url_encode(token->claims)));
  check_claims(token->claims);
}

void check_set(std::string_view json) {
  const auto set = auth::JwkSet::parse(json);
  if (!set) return;
  check(set->size() > 0);
  for (const char* name : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
                           "EdDSA", "Ed25519", "Ed448"}) {
    const auto algorithm = auth::signature_algorithm(name);
    check(algorithm.has_value());
    const auth::PublicKey* const key = set->find(std::nullopt, *algorithm);
    if (key == nullptr) continue;
    check(key->serves(*algorithm));
    check(!key->verifies(*algorithm, json, std::string(64, '\0')) && !key->verifies(*algorithm, json, json));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_token(text);
  check_claims(text);
  check_set(text);
  return 0;
}

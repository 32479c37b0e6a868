#include "auth/jwk_set.hpp"

#include "auth/json_document.hpp"
#include "base/crypto.hpp"
#include "base/json_reader.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::auth {
namespace {

constexpr std::size_t set_keys_max = 100;
constexpr std::size_t member_bytes_max = 255;
/// Of the longest number, an RSA modulus, in base64url.
constexpr std::size_t number_letters_max = 2'800;

/// Bytes in base64url (RFC 7518 section 2), also with the padding that some issuers leave there.
Result<std::string> read_number(const DocumentObject& jwk, std::string_view name) {
  const auto text = jwk.text(name, number_letters_max);
  if (!text) return text.error();
  std::string_view letters = *text;
  if (letters.size() % 4 == 0 && letters.ends_with('='))
    letters.remove_suffix(letters.ends_with("==") ? 2 : 1);
  auto bytes = base64url_decode(letters);
  if (!bytes || bytes->empty()) return jwk.failed(name, "is no base64url");
  return *std::move(bytes);
}

Result<PublicKey> rsa_key(const DocumentObject& jwk) {
  const auto modulus = read_number(jwk, "n");
  if (!modulus) return modulus.error();
  const auto exponent = read_number(jwk, "e");
  if (!exponent) return exponent.error();
  return PublicKey::rsa({*modulus, *exponent});
}

Result<PublicKey> nist_key(const DocumentObject& jwk, KeyKind curve) {
  const auto x = read_number(jwk, "x");
  if (!x) return x.error();
  const auto y = read_number(jwk, "y");
  if (!y) return y.error();
  return PublicKey::on_nist_curve(curve, {*x, *y});
}

Result<PublicKey> edwards_key(const DocumentObject& jwk, KeyKind curve) {
  const auto x = read_number(jwk, "x");
  if (!x) return x.error();
  return PublicKey::on_edwards_curve(curve, *x);
}

/// By its type and curve alone (RFC 7518 section 6, RFC 8037 section 2).
Result<PublicKey> key_material(const DocumentObject& jwk) {
  const auto type = jwk.optional_text("kty", member_bytes_max);
  if (!type) return type.error();
  const auto curve = jwk.optional_text("crv", member_bytes_max);
  if (!curve) return curve.error();
  if (*type == "RSA") return rsa_key(jwk);
  if (*type == "EC" && *curve == "P-256") return nist_key(jwk, KeyKind::p256);
  if (*type == "EC" && *curve == "P-384") return nist_key(jwk, KeyKind::p384);
  if (*type == "EC" && *curve == "P-521") return nist_key(jwk, KeyKind::p521);
  if (*type == "OKP" && *curve == "Ed25519") return edwards_key(jwk, KeyKind::ed25519);
  if (*type == "OKP" && *curve == "Ed448") return edwards_key(jwk, KeyKind::ed448);
  return document_error("", "is no RSA, P-256, P-384, P-521, Ed25519 or Ed448 key");
}

/// Whether its member `name` lists `wanted`, or is not there.
Result<bool> lists(const DocumentObject& jwk, std::string_view name, std::string_view wanted) {
  const auto list = jwk.find(name);
  if (!list) return true;
  const auto elements = read_array(*list, set_keys_max);
  if (!elements) return elements.error();
  return std::ranges::any_of(*elements, [wanted](std::string_view element) {
    return json_string(element) == std::optional<std::string>(wanted);
  });
}

/// What the key is for, if it says so, must be what keys are used for here (RFC 7517 sections 4.2 and 4.3).
Result<void> check_purpose(const DocumentObject& jwk) {
  const auto use = jwk.optional_text("use", member_bytes_max);
  if (!use) return use.error();
  if (*use && **use != "sig") return document_error("", "is not for signatures");
  const auto verifies = lists(jwk, "key_ops", "verify");
  if (!verifies) return verifies.error();
  if (!*verifies) return document_error("", "is not for verifying");
  return {};
}

/// RFC 7517 section 4.4; nullopt if it says none.
Result<std::optional<SignatureAlgorithm>> stated_algorithm(const DocumentObject& jwk, const PublicKey& key) {
  const auto stated = jwk.optional_text("alg", member_bytes_max);
  if (!stated) return stated.error();
  if (!*stated) return std::optional<SignatureAlgorithm>();
  const auto algorithm = signature_algorithm(**stated);
  if (!algorithm || !key.serves(*algorithm))
    return document_error("", "has an 'alg' that its kind of key cannot check");
  return algorithm;
}

bool is_edwards(SignatureAlgorithm algorithm) {
  return algorithm == SignatureAlgorithm::eddsa || algorithm == SignatureAlgorithm::ed25519 ||
         algorithm == SignatureAlgorithm::ed448;
}

}  // namespace

Result<JwkSet::Entry> JwkSet::read_key(std::string_view json) {
  const auto jwk = DocumentObject::read({json, {}});
  if (!jwk) return jwk.error();
  // `d` is the private half (`k` a shared secret): whoever can read it can sign.
  if (jwk->has("d") || jwk->has("k"))
    return document_error("", "holds a private key: publish the public one alone");
  auto key = key_material(*jwk);
  if (!key) return key.error();
  if (const auto fits = check_purpose(*jwk); !fits) return fits.error();
  const auto algorithm = stated_algorithm(*jwk, *key);
  if (!algorithm) return algorithm.error();
  auto id = jwk->optional_text("kid", member_bytes_max);
  if (!id) return id.error();
  return Entry{*std::move(id), *std::move(key), *algorithm};
}

Result<JwkSet> JwkSet::parse(std::string_view json) {
  if (json.size() > jwk_set_bytes_max) return document_error("", "the key set is too long");
  std::string text(json);
  const auto document = read_document(pad_json(text), "the key set");
  if (!document) return document.error();
  const auto object = DocumentObject::read(*document);
  if (!object) return object.error();
  const auto keys = object->find("keys");
  if (!keys) return document_error("", "the key set has no 'keys' (RFC 7517 section 5)");
  const auto elements = read_array(*keys, set_keys_max);
  if (!elements) return elements.error();

  JwkSet set;
  std::string why;
  for (std::size_t i = 0; i < elements->size(); ++i) {
    auto key = read_key((*elements)[i]);
    if (key)
      set.keys_.push_back(*std::move(key));
    else if (why.empty())
      why = fmt::format(" (key {}: {})", i + 1, key.error().message);
  }
  if (set.keys_.empty())
    return document_error("",
                          fmt::format("the key set holds no key for {}{}", signature_algorithms_text, why));
  return set;
}

bool JwkSet::Entry::serves(SignatureAlgorithm asked) const {
  if (!key.serves(asked)) return false;
  // On one Edwards curve, EdDSA and the curve's own name mean the same.
  return !algorithm || *algorithm == asked || (is_edwards(*algorithm) && is_edwards(asked));
}

const PublicKey* JwkSet::find(const std::optional<std::string>& key_id, SignatureAlgorithm algorithm) const {
  const PublicKey* found = nullptr;
  for (const Entry& entry : keys_) {
    if (!entry.serves(algorithm) || (key_id && entry.id != key_id)) continue;
    if (found != nullptr) return nullptr;
    found = &entry.key;
  }
  return found;
}

bool JwkSet::knows(std::string_view key_id) const {
  return std::ranges::any_of(keys_, [key_id](const Entry& entry) { return entry.id == key_id; });
}

}  // namespace skymarshal::auth

#include "auth/jwk_set.hpp"

#include "auth/json_document.hpp"
#include "base/crypto.hpp"
#include "base/json_reader.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::auth {
namespace {

constexpr std::size_t keys_max = 100;
constexpr std::size_t name_bytes_max = 255;
/// Of the longest number, an RSA modulus, in base64url.
constexpr std::size_t number_letters_max = 2'800;

/// One JWK, asked for its members (RFC 7517 section 4).
class Jwk {
 public:
  Jwk(JsonReader& reader, std::vector<JsonMember> members) : reader_(reader), members_(std::move(members)) {}

  bool has(std::string_view name) const { return find_member(members_, name).has_value(); }

  /// nullopt if it is not there.
  Result<std::optional<std::string>> text(std::string_view name, std::size_t bytes_max) const {
    const auto json = find_member(members_, name);
    if (!json) return std::optional<std::string>();
    auto read = read_string({*json, std::string(name)}, bytes_max);
    if (!read) return read.error();
    return std::optional<std::string>(*std::move(read));
  }

  /// Bytes in base64url (RFC 7518 section 2).
  Result<std::string> number(std::string_view name) const {
    auto letters = text(name, number_letters_max);
    if (!letters) return letters.error();
    if (!*letters) return document_error("", fmt::format("'{}' is missing", name));
    auto bytes = base64url_decode(**letters);
    if (!bytes || bytes->empty()) return document_error("", fmt::format("'{}' is no base64url", name));
    return *std::move(bytes);
  }

  Result<bool> lists(std::string_view name, std::string_view wanted) const {
    const auto json = find_member(members_, name);
    if (!json) return true;
    const auto elements = read_array(reader_, {*json, std::string(name)}, keys_max);
    if (!elements) return elements.error();
    return std::ranges::any_of(*elements, [wanted](std::string_view element) {
      return json_string(element) == std::optional<std::string>(wanted);
    });
  }

 private:
  JsonReader& reader_;
  std::vector<JsonMember> members_;
};

Result<PublicKey> rsa_key(const Jwk& jwk) {
  const auto modulus = jwk.number("n");
  if (!modulus) return modulus.error();
  const auto exponent = jwk.number("e");
  if (!exponent) return exponent.error();
  return PublicKey::rsa({*modulus, *exponent});
}

Result<PublicKey> curve_key(const Jwk& jwk) {
  const auto x = jwk.number("x");
  if (!x) return x.error();
  const auto y = jwk.number("y");
  if (!y) return y.error();
  return PublicKey::p256({*x, *y});
}

Result<PublicKey> edwards_key(const Jwk& jwk) {
  const auto x = jwk.number("x");
  if (!x) return x.error();
  return PublicKey::ed25519(*x);
}

/// By its type and curve alone (RFC 7518 section 6, RFC 8037 section 2).
Result<PublicKey> key_material(const Jwk& jwk) {
  const auto type = jwk.text("kty", name_bytes_max);
  if (!type) return type.error();
  const auto curve = jwk.text("crv", name_bytes_max);
  if (!curve) return curve.error();
  if (*type == "RSA") return rsa_key(jwk);
  if (*type == "EC" && *curve == "P-256") return curve_key(jwk);
  if (*type == "OKP" && *curve == "Ed25519") return edwards_key(jwk);
  return document_error("", "is no RSA, P-256 or Ed25519 key");
}

/// What the key is for, if it says so, must be what it is used for here (RFC 7517 sections 4.2 to 4.4).
Result<void> check_purpose(const Jwk& jwk, SignatureAlgorithm algorithm) {
  const auto use = jwk.text("use", name_bytes_max);
  if (!use) return use.error();
  if (*use && **use != "sig") return document_error("", "is not for signatures");
  const auto verifies = jwk.lists("key_ops", "verify");
  if (!verifies) return verifies.error();
  if (!*verifies) return document_error("", "is not for verifying");
  const auto stated = jwk.text("alg", name_bytes_max);
  if (!stated) return stated.error();
  if (*stated && **stated != to_text(algorithm))
    return document_error("", fmt::format("is not for {}", to_text(algorithm)));
  return {};
}

struct UsableKey {
  std::optional<std::string> id;
  PublicKey key;
};

Result<UsableKey> usable_key(JsonReader& reader, std::string_view json) {
  auto members = read_members(reader, {json, {}});
  if (!members) return members.error();
  const Jwk jwk(reader, *std::move(members));
  // `d` is the private half (`k` a shared secret): whoever can read it can sign.
  if (jwk.has("d") || jwk.has("k"))
    return document_error("", "holds a private key: publish the public one alone");
  auto key = key_material(jwk);
  if (!key) return key.error();
  if (const auto fits = check_purpose(jwk, key->algorithm()); !fits) return fits.error();
  auto id = jwk.text("kid", name_bytes_max);
  if (!id) return id.error();
  return UsableKey{*std::move(id), *std::move(key)};
}

}  // namespace

Result<JwkSet> JwkSet::parse(std::string_view json) {
  if (json.size() > jwk_set_bytes_max) return document_error("", "the key set is too long");
  std::string text(json);
  const std::string_view padded = pad_json(text);
  JsonReader reader;
  if (const auto valid = reader.validate(padded); !valid)
    return document_error("", "the key set is no JSON: " + valid.error().message);
  const auto members = read_members(reader, {padded, "the key set"});
  if (!members) return members.error();
  const auto keys = find_member(*members, "keys");
  if (!keys) return document_error("", "the key set has no 'keys' (RFC 7517 section 5)");
  const auto elements = read_array(reader, {*keys, "the key set: keys"}, keys_max);
  if (!elements) return elements.error();

  JwkSet set;
  std::string why;
  for (std::size_t i = 0; i < elements->size(); ++i) {
    auto key = usable_key(reader, (*elements)[i]);
    if (key)
      set.keys_.push_back({std::move(key->id), std::move(key->key)});
    else if (why.empty())
      why = fmt::format(" (key {}: {})", i + 1, key.error().message);
  }
  if (set.keys_.empty())
    return document_error("", "the key set holds no key for RS256, ES256 or EdDSA" + why);
  return set;
}

const PublicKey* JwkSet::find(const std::optional<std::string>& key_id, SignatureAlgorithm algorithm) const {
  const PublicKey* found = nullptr;
  for (const Entry& entry : keys_) {
    if (entry.key.algorithm() != algorithm || (key_id && entry.id != key_id)) continue;
    if (found != nullptr) return nullptr;
    found = &entry.key;
  }
  return found;
}

bool JwkSet::knows(std::string_view key_id) const {
  return std::ranges::any_of(keys_, [key_id](const Entry& entry) { return entry.id == key_id; });
}

}  // namespace skymarshal::auth

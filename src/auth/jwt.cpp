#include "auth/jwt.hpp"

#include "auth/json_document.hpp"
#include "base/crypto.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "base/time_format.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::auth {
namespace {

constexpr std::size_t header_bytes_max = 255;

Error bad_token(std::string message) { return make_error(Errc::unauthorized, std::move(message)); }

struct Header {
  SignatureAlgorithm algorithm;
  std::optional<std::string> key_id;
};

/// RFC 7515 section 4.1.9: without regard to letter case, "application/" may be left out.
bool is_token_type(std::string_view type) {
  constexpr std::string_view prefix = "application/";
  if (equal_ignoring_case(type.substr(0, prefix.size()), prefix)) type.remove_prefix(prefix.size());
  return equal_ignoring_case(type, "JWT") || equal_ignoring_case(type, "at+jwt");
}

Result<std::optional<std::string>> header_text(const DocumentObject& header, std::string_view name) {
  auto text = header.optional_text(name, header_bytes_max);
  if (!text) return bad_token(text.error().message);
  return text;
}

Result<Header> read_header(std::string json) {
  const auto document = read_document(pad_json(json), "the token's header");
  if (!document) return bad_token("the token's header is no JSON");
  const auto header = DocumentObject::read(*document);
  if (!header) return bad_token(header.error().message);
  if (header->has("crit")) return bad_token("the token's header has 'crit': no extension is known here");
  if (header->has("jwk")) return bad_token("the token brings its own key: that proves nothing");

  const auto name = header_text(*header, "alg");
  if (!name) return name.error();
  const auto algorithm = signature_algorithm(name->value_or(""));
  if (!algorithm) return bad_token(fmt::format("the token is not signed with {}", signature_algorithms_text));
  const auto type = header_text(*header, "typ");
  if (!type) return type.error();
  if (*type && !is_token_type(**type)) return bad_token("the token's 'typ' is neither JWT nor at+jwt");
  auto key_id = header_text(*header, "kid");
  if (!key_id) return key_id.error();
  return Header{*algorithm, *std::move(key_id)};
}

constexpr std::size_t subject_bytes_max = 255;
/// Longest tier; see settings' names of tiers.
constexpr std::size_t tier_claim_bytes_max = 64;
/// Beyond what any token holds: it is the token whose length is limited.
constexpr std::size_t claim_bytes_max = 64 * 1024;
constexpr std::size_t elements_max = 10'000;
/// The end of the year 9999: nothing that is meant lies beyond, and no sum of times comes near an overflow.
constexpr double seconds_max = 253'402'300'799.0;

/// C0, DEL, and C1 (U+0080 to U+009F, in UTF-8).
bool holds_control_characters(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    if (is_control(utf8[i])) return true;
    if (utf8[i] == '\xC2' && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xA0)
      return true;
  }
  return false;
}

/// Words with single spaces between them (RFC 8693 section 4.2).
bool has_word(std::string_view words, std::string_view wanted) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == wanted) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

/// The members of a token's second part (RFC 7519 section 4).
class Claims {
 public:
  explicit Claims(JsonObject members) : members_(std::move(members)) {}

  bool has(std::string_view name) const { return members_.has(name); }

  Result<std::optional<std::string>> text(std::string_view name) const {
    const auto json = members_.find(name);
    if (!json) return std::optional<std::string>();
    auto read = read_string(value(name, *json), claim_bytes_max);
    if (!read) return bad_token(read.error().message);
    return std::optional<std::string>(*std::move(read));
  }

  /// Empty if it is no string.
  std::string text_or_nothing(std::string_view name) const { return members_.text(name); }

  /// A string is a list of one. Empty if it is not there.
  Result<std::vector<std::string>> texts(std::string_view name) const {
    std::vector<std::string> list;
    const auto json = members_.find(name);
    if (!json) return list;
    const DocumentValue all = value(name, *json);
    std::vector<std::string_view> elements = {*json};
    if (json_kind(*json) != JsonKind::string) {
      auto read = read_array(all, elements_max);
      if (!read) return bad_token(read.error().message);
      elements = *std::move(read);
    }
    for (const std::string_view element : elements) {
      auto read = read_string({element, all.where}, claim_bytes_max);
      if (!read) return bad_token(read.error().message);
      list.push_back(*std::move(read));
    }
    return list;
  }

  /// NumericDate (RFC 7519 section 2): seconds, perhaps with a fraction.
  Result<std::optional<WallTime>> time(std::string_view name) const {
    const auto json = members_.find(name);
    if (!json) return std::optional<WallTime>();
    const auto seconds = parse_number<double>(*json);
    if (json_kind(*json) != JsonKind::number || !seconds || !(std::abs(*seconds) <= seconds_max))
      return bad_token(fmt::format("the token's '{}' is no time", name));
    return std::optional<WallTime>(from_unix_ms(static_cast<std::int64_t>(std::floor(*seconds * 1000))));
  }

 private:
  static DocumentValue value(std::string_view name, std::string_view json) {
    return {json, fmt::format("the token's '{}'", name)};
  }

  JsonObject members_;
};

Result<std::string> read_subject(const Claims& claims, std::string_view name) {
  auto subject = claims.text(name);
  if (!subject) return subject.error();
  if (!*subject || (*subject)->empty()) return bad_token(fmt::format("the token's '{}' is missing", name));
  if ((*subject)->size() > subject_bytes_max || holds_control_characters(**subject)) {
    return bad_token(fmt::format("the token's '{}' must have at most {} bytes and no control characters",
                                 name, subject_bytes_max));
  }
  return **std::move(subject);
}

Result<void> check_issuer(const Claims& claims, const JwtRules& rules) {
  const auto issuer = claims.text("iss");
  if (!issuer) return issuer.error();
  if (*issuer != rules.issuer) return bad_token("the token is of another issuer");
  return {};
}

Result<void> check_audience(const Claims& claims, const JwtRules& rules) {
  auto audiences = claims.texts("aud");
  if (!audiences) return audiences.error();
  if (!claims.has("aud")) {
    const auto use = claims.text("token_use");
    if (!use) return use.error();
    auto client = claims.text("client_id");
    if (!client) return client.error();
    if (*use == "access" && *client) audiences->push_back(**std::move(client));
  }
  const auto is_ours = [&rules](const std::string& audience) {
    return std::ranges::find(rules.audiences, audience) != rules.audiences.end();
  };
  if (std::ranges::any_of(*audiences, is_ours)) return {};
  return bad_token("the token is for another audience");
}

/// RFC 7519 sections 4.1.4 to 4.1.6.
Result<void> check_times(const Claims& claims, const JwtRules& rules, WallTime now) {
  const auto expires = claims.time("exp");
  if (!expires) return expires.error();
  if (!*expires) return bad_token("the token's 'exp' is missing");
  if (now >= **expires + rules.leeway)
    return bad_token(fmt::format("the token expired at {}: get a new one", iso8601(**expires)));
  const auto begins = claims.time("nbf");
  if (!begins) return begins.error();
  if (*begins && **begins > now + rules.leeway)
    return bad_token(fmt::format("the token is not valid before {}", iso8601(**begins)));
  const auto issued = claims.time("iat");
  if (!issued) return issued.error();
  if (*issued && **issued > now + rules.leeway)
    return bad_token(fmt::format("the token was issued at {}, which is yet to come", iso8601(**issued)));
  return {};
}

/// Whatever cannot be a tier of ours is the default one.
std::string read_tier(const Claims& claims, const JwtRules& rules) {
  std::string tier = claims.text_or_nothing(rules.tier_claim);
  return tier.size() <= tier_claim_bytes_max && !holds_control_characters(tier) ? tier : std::string();
}

/// RFC 8693 section 4.2 has `scope`; some issuers have `scp` instead, as text or as a list.
Result<bool> has_scope(const Claims& claims, std::string_view wanted) {
  for (const std::string_view name : {"scope", "scp"}) {
    const auto scopes = claims.texts(name);
    if (!scopes) return scopes.error();
    const auto holds = [wanted](const std::string& words) { return has_word(words, wanted); };
    if (std::ranges::any_of(*scopes, holds)) return true;
  }
  return false;
}

/// All that must hold for the token to be one for us.
Result<void> check(const Claims& claims, const JwtRules& rules, WallTime now) {
  if (auto ours = check_issuer(claims, rules); !ours) return ours;
  if (auto meant = check_audience(claims, rules); !meant) return meant;
  return check_times(claims, rules, now);
}

Refusal refusal_of(const Error& error, std::string claimed = {}) {
  return {Reason::invalid_token, error.message, std::move(claimed)};
}

}  // namespace

Result<SignedToken> read_token(std::string_view token, std::size_t bytes_max) {
  if (token.size() > bytes_max) return bad_token(fmt::format("the token is longer than {} bytes", bytes_max));
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last ||
      token.substr(first + 1, last - first - 1).find('.') != std::string_view::npos)
    return bad_token("the token is no signed JWT: it must have three parts with dots between them");

  auto header_json = base64url_decode(token.substr(0, first));
  auto claims = base64url_decode(token.substr(first + 1, last - first - 1));
  auto signature = base64url_decode(token.substr(last + 1));
  if (!header_json || !claims || !signature) return bad_token("a part of the token is no base64url");
  if (signature->empty()) return bad_token("the token is not signed");
  auto header = read_header(*std::move(header_json));
  if (!header) return header.error();
  return SignedToken{header->algorithm, std::move(header->key_id), token.substr(0, last),
                     *std::move(signature), *std::move(claims)};
}

Verdict judge_claims(std::string_view json, const JwtRules& rules, WallTime now) {
  std::string text(json);
  const std::string_view padded = pad_json(text);
  if (!validate_json(padded)) return Refusal{Reason::invalid_token, "the token's claims are no JSON"};
  JsonObject members = json_object(padded);
  if (members.empty()) return Refusal{Reason::invalid_token, "the token's claims are no object, or none"};
  if (const auto name = members.repeated_name()) {
    return Refusal{Reason::invalid_token,
                   fmt::format("the token's claims: the member {} is there twice", shown_name(*name))};
  }
  const Claims claims(std::move(members));

  auto subject = read_subject(claims, rules.subject_claim);
  if (!subject) return refusal_of(subject.error());
  if (const auto checked = check(claims, rules, now); !checked) return refusal_of(checked.error(), *subject);
  if (!rules.required_scope.empty()) {
    const auto scope = has_scope(claims, rules.required_scope);
    if (!scope) return refusal_of(scope.error(), *subject);
    if (!*scope) {
      return Refusal{
          Reason::not_allowed,
          fmt::format("the token lacks the scope '{}': ask its issuer for it", rules.required_scope),
          *std::move(subject)};
    }
  }
  std::string id = rules.issuer + "|" + *subject;
  return Identity{{std::move(id), read_tier(claims, rules)}, *std::move(subject), nullptr};
}

}  // namespace skymarshal::auth

#include "auth/jwt_claims.hpp"

#include "auth/json_document.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "base/time_format.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::auth {
namespace {

constexpr std::size_t subject_bytes_max = 255;
constexpr std::size_t text_bytes_max = 4096;
constexpr std::size_t elements_max = 256;
/// The end of the year 9999: nothing that is meant lies beyond, and no sum of times comes near an overflow.
constexpr double seconds_max = 253'402'300'799.0;

Error refused(std::string message) { return make_error(Errc::unauthorized, std::move(message)); }

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

class Claims {
 public:
  Claims(JsonReader& reader, std::vector<JsonMember> members)
      : reader_(reader), members_(std::move(members)) {}

  bool has(std::string_view name) const { return find_member(members_, name).has_value(); }

  Result<std::optional<std::string>> text(std::string_view name) const {
    const auto json = find_member(members_, name);
    if (!json) return std::optional<std::string>();
    auto read = read_string(value(name, *json), text_bytes_max);
    if (!read) return refused(read.error().message);
    return std::optional<std::string>(*std::move(read));
  }

  /// A string is a list of one. Empty if it is not there.
  Result<std::vector<std::string>> texts(std::string_view name) const {
    std::vector<std::string> list;
    const auto json = find_member(members_, name);
    if (!json) return list;
    const DocumentValue all = value(name, *json);
    std::vector<std::string_view> elements = {*json};
    if (json_kind(*json) != JsonKind::string) {
      auto read = read_array(reader_, all, elements_max);
      if (!read) return refused(read.error().message);
      elements = *std::move(read);
    }
    for (const std::string_view element : elements) {
      auto read = read_string({element, all.where}, text_bytes_max);
      if (!read) return refused(read.error().message);
      list.push_back(*std::move(read));
    }
    return list;
  }

  /// NumericDate (RFC 7519 section 2): seconds, perhaps with a fraction.
  Result<std::optional<WallTime>> time(std::string_view name) const {
    const auto json = find_member(members_, name);
    if (!json) return std::optional<WallTime>();
    const auto seconds = parse_number<double>(*json);
    if (json_kind(*json) != JsonKind::number || !seconds || !(std::abs(*seconds) <= seconds_max))
      return refused(fmt::format("the token's '{}' is no time", name));
    return std::optional<WallTime>(from_unix_ms(static_cast<std::int64_t>(std::floor(*seconds * 1000))));
  }

 private:
  static DocumentValue value(std::string_view name, std::string_view json) {
    return {json, fmt::format("the token's '{}'", name)};
  }

  JsonReader& reader_;
  std::vector<JsonMember> members_;
};

Result<std::string> read_subject(const Claims& claims, std::string_view name) {
  auto subject = claims.text(name);
  if (!subject) return subject.error();
  if (!*subject || (*subject)->empty()) return refused(fmt::format("the token's '{}' is missing", name));
  if ((*subject)->size() > subject_bytes_max || holds_control_characters(**subject)) {
    return refused(fmt::format("the token's '{}' must have at most {} bytes and no control characters", name,
                               subject_bytes_max));
  }
  return **std::move(subject);
}

Result<void> check_issuer(const Claims& claims, const JwtRules& rules) {
  const auto issuer = claims.text("iss");
  if (!issuer) return issuer.error();
  if (*issuer != rules.issuer) return refused("the token is of another issuer");
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
  return refused("the token is for another audience");
}

/// RFC 7519 sections 4.1.4 to 4.1.6.
Result<void> check_times(const Claims& claims, const JwtRules& rules, WallTime now) {
  const auto expires = claims.time("exp");
  if (!expires) return expires.error();
  if (!*expires) return refused("the token's 'exp' is missing");
  if (now >= **expires + rules.leeway)
    return refused(fmt::format("the token expired at {}: get a new one", iso8601(**expires)));
  const auto begins = claims.time("nbf");
  if (!begins) return begins.error();
  if (*begins && **begins > now + rules.leeway)
    return refused(fmt::format("the token is not valid before {}", iso8601(**begins)));
  const auto issued = claims.time("iat");
  if (!issued) return issued.error();
  if (*issued && **issued > now + rules.leeway)
    return refused(fmt::format("the token was issued at {}, which is yet to come", iso8601(**issued)));
  return {};
}

Result<std::string> read_tier(const Claims& claims, const JwtRules& rules) {
  auto tier = claims.text(rules.tier_claim);
  if (!tier) return tier.error();
  return std::move(*tier).value_or("");
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

Refusal invalid(const Error& error, std::string claimed = {}) {
  return {Reason::invalid_token, error.message, std::move(claimed)};
}

}  // namespace

Verdict judge_claims(std::string_view json, const JwtRules& rules, WallTime now) {
  std::string text(json);
  const std::string_view padded = pad_json(text);
  JsonReader reader;
  if (!reader.validate(padded)) return Refusal{Reason::invalid_token, "the token's claims are no JSON"};
  auto members = read_members(reader, {padded, "the token's claims"});
  if (!members) return invalid(members.error());
  const Claims claims(reader, *std::move(members));

  auto subject = read_subject(claims, rules.subject_claim);
  if (!subject) return invalid(subject.error());
  if (const auto checked = check(claims, rules, now); !checked) return invalid(checked.error(), *subject);
  auto tier = read_tier(claims, rules);
  if (!tier) return invalid(tier.error(), *subject);
  if (!rules.required_scope.empty()) {
    const auto scope = has_scope(claims, rules.required_scope);
    if (!scope) return invalid(scope.error(), *subject);
    if (!*scope) {
      return Refusal{
          Reason::not_allowed,
          fmt::format("the token lacks the scope '{}': ask its issuer for it", rules.required_scope),
          *std::move(subject)};
    }
  }
  std::string id = rules.issuer + "|" + *subject;
  return Identity{{std::move(id), *std::move(tier)}, *std::move(subject), nullptr};
}

}  // namespace skymarshal::auth

#include "auth/sts_answer.hpp"

#include "auth/principal_arn.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace skymarshal::auth {
namespace {

constexpr std::chrono::seconds retry_after_max{60};

/// Follows `path` through objects; nullopt where it does not lead to a value, or a name on it is there twice.
std::optional<std::string_view> find_value(JsonReader& reader, std::string_view json,
                                           std::initializer_list<std::string_view> path) {
  for (const std::string_view name : path) {
    if (json.empty() || json_kind(json) != JsonKind::object) return std::nullopt;
    const auto members = reader.members(json);
    if (std::ranges::count(members, name, &JsonMember::key) != 1) return std::nullopt;
    json = *find_member(members, name);
  }
  return json;
}

std::string text_at(JsonReader& reader, std::string_view json, std::initializer_list<std::string_view> path) {
  const auto value = find_value(reader, json, path);
  if (!value || value->empty() || json_kind(*value) != JsonKind::string) return {};
  return json_string(*value).value_or(std::string());
}

/// The fifth part of an ARN.
std::string_view account_of(std::string_view arn) {
  for (int colons = 0; colons < 4; ++colons) arn.remove_prefix(std::min(arn.find(':') + 1, arn.size()));
  return arn.substr(0, arn.find(':'));
}

std::variant<CallerIdentity, Refusal> read_identity(JsonReader& reader, std::string_view json) {
  constexpr std::string_view response = "GetCallerIdentityResponse";
  constexpr std::string_view result = "GetCallerIdentityResult";
  std::string arn = text_at(reader, json, {response, result, "Arn"});
  const std::string account = text_at(reader, json, {response, result, "Account"});
  if (!is_principal_arn(arn) || account_of(arn) != account) return sts_unavailable();
  return CallerIdentity{std::move(arn)};
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Of STS's error code; its message is looked at only where one code means two things.
Refusal read_error(std::string_view code, std::string_view message) {
  if (contains(code, "Throttl") || code == "RequestLimitExceeded" || code == "ServiceUnavailable" ||
      code.starts_with("Internal")) {
    return sts_unavailable();
  }
  const bool is_mismatch = code == "SignatureDoesNotMatch";
  if (code.starts_with("ExpiredToken") || code == "RequestExpired" ||
      (is_mismatch && (contains(message, "expired") || contains(message, "not yet current")))) {
    return {
        Reason::request_expired,
        "AWS says that the STS token, or the session it was signed with, has expired or is not valid yet: "
        "check your clock, and sign a new one"};
  }
  if (is_mismatch) {
    return {Reason::signature_mismatch,
            "AWS says that the STS token's signature does not fit: check the secret access key, and that the "
            "token was made for this gateway's server id"};
  }
  return {Reason::invalid_token,
          "AWS does not accept the STS token: check that its access key is active and its session token "
          "complete"};
}

std::optional<std::chrono::seconds> asked_to_wait(const http::Headers& headers) {
  const auto seconds = parse_number<std::uint32_t>(headers.find("Retry-After").value_or(std::string_view()));
  if (!seconds) return std::nullopt;
  return std::clamp(std::chrono::seconds(*seconds), std::chrono::seconds(1), retry_after_max);
}

}  // namespace

Refusal sts_unavailable() {
  return {Reason::identity_unavailable,
          "AWS STS cannot tell who you are just now: try again soon",
          {},
          sts_retry_after};
}

std::variant<CallerIdentity, Refusal> read_sts_answer(const http::Response& response) {
  if (response.status == 429 || response.status >= 500) {
    Refusal refusal = sts_unavailable();
    if (const auto wait = asked_to_wait(response.headers)) refusal.retry_after = wait;
    return refusal;
  }
  const bool is_error = response.status >= 400;
  if (response.status != 200 && !is_error) return sts_unavailable();
  JsonReader reader;
  std::string body = response.body;
  const std::string_view json = pad_json(body);
  // A 4xx that is not STS's own comes from something in between, which cannot judge the caller.
  if (!reader.validate(json)) return sts_unavailable();
  if (!is_error) return read_identity(reader, json);
  const std::string code = text_at(reader, json, {"Error", "Code"});
  if (code.empty()) return sts_unavailable();
  return read_error(code, text_at(reader, json, {"Error", "Message"}));
}

}  // namespace skymarshal::auth

#include "auth/sts_token.hpp"

#include "aws/credential_scope.hpp"
#include "aws/sigv4_names.hpp"
#include "aws/target_parts.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "http/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace skymarshal::auth {
namespace {

namespace names = aws::names;

constexpr std::string_view https = "https://";
constexpr std::string_view global_host = "sts.amazonaws.com";
constexpr std::string_view global_region = "us-east-1";
constexpr std::string_view signed_fields = "host;x-skymarshal-server-id";

bool is_small_letter(char c) { return is_letter(c) && !is_capital(c); }

/// "us-gov-west-1": words of small letters and a number. Other names below amazonaws.com belong to AWS's
/// customers: sts.s3.amazonaws.com is somebody's bucket, and so is sts.s3-us-west-2.amazonaws.com.
bool is_region(std::string_view text) {
  const std::size_t last = text.rfind('-');
  if (last == std::string_view::npos || text.size() > 32) return false;
  const std::string_view number = text.substr(last + 1);
  if (number.empty() || number.size() > 2 || !std::ranges::all_of(number, is_digit)) return false;
  std::string_view words = text.substr(0, last);
  std::size_t count = 0;
  for (; !words.empty(); ++count) {
    const std::size_t end = std::min(words.find('-'), words.size());
    if (end == 0 || end + 1 == words.size()) return false;
    if (!std::ranges::all_of(words.substr(0, end), is_small_letter)) return false;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return count >= 2;
}

/// The region whose signatures the host takes; empty if it is none of STS.
std::string_view region_of(std::string_view host) {
  constexpr std::string_view prefix = "sts.";
  constexpr std::string_view suffix = ".amazonaws.com";
  constexpr std::string_view suffix_in_china = ".amazonaws.com.cn";
  if (host == global_host) return global_region;
  const bool in_china = host.ends_with(suffix_in_china);
  const std::size_t ending = in_china ? suffix_in_china.size() : suffix.size();
  if (!host.starts_with(prefix) || (!in_china && !host.ends_with(suffix))) return {};
  if (host.size() <= prefix.size() + ending) return {};
  const std::string_view region = host.substr(prefix.size(), host.size() - prefix.size() - ending);
  return is_region(region) && region.starts_with("cn-") == in_china ? region : std::string_view();
}

/// Base64, in either alphabet.
bool is_security_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_letter_or_digit(c) || std::string_view("+/=_-").find(c) != std::string_view::npos;
  });
}

/// Some signers say what program they are.
bool is_user_agent(std::string_view text) {
  return !text.empty() && text.size() <= 512 && is_printable_ascii(text);
}

std::optional<std::chrono::seconds> read_life(std::string_view text) {
  const auto seconds = parse_number<std::int64_t>(text);
  if (!seconds || *seconds < 1 || *seconds > sts_token_age_max.count()) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

/// A parameter that a presigned GetCallerIdentity has.
struct Parameter {
  std::string_view name;
  /// What it must be; empty: checked elsewhere.
  std::string_view value = {};
  bool optional = false;
};

constexpr std::array<Parameter, 10> known_parameters = {{
    {"Action", "GetCallerIdentity"},
    {"Version", "2011-06-15"},
    {names::algorithm, names::algorithm_of_signatures},
    {names::credential},
    {names::date},
    {names::expires},
    {names::signed_headers, signed_fields},
    {names::signature},
    {names::security_token, {}, true},
    {"X-Amz-User-Agent", {}, true},
}};

/// The parameters' values in the order of known_parameters.
using Values = std::array<std::optional<std::string>, known_parameters.size()>;

const std::string& value_of(const Values& values, std::string_view name) {
  const auto known = std::ranges::find(known_parameters, name, &Parameter::name);
  return *values[static_cast<std::size_t>(known - known_parameters.begin())];
}

Refusal invalid_sts_token(std::string message) { return Refusal{Reason::invalid_token, std::move(message)}; }

/// Each known parameter once, and no other.
std::variant<Values, Refusal> read_parameters(std::string_view query) {
  auto parameters = aws::query_parameters(query);
  if (!parameters)
    return invalid_sts_token("the STS token's URL has a broken percent-encoding: sign it anew");
  Values values;
  for (http::QueryParameter& parameter : *parameters) {
    const auto known = std::ranges::find(known_parameters, parameter.name, &Parameter::name);
    if (known == known_parameters.end()) {
      return invalid_sts_token(
          "the STS token's URL may have no parameters but those of a presigned GetCallerIdentity");
    }
    auto& value = values[static_cast<std::size_t>(known - known_parameters.begin())];
    if (value)
      return invalid_sts_token(fmt::format("the STS token's URL has the parameter {} twice", known->name));
    value = std::move(parameter.value);
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Parameter& known = known_parameters[i];
    if (!values[i] && !known.optional) {
      return invalid_sts_token(
          fmt::format("the STS token's URL lacks the parameter {}: sign it anew", known.name));
    }
    if (!known.value.empty() && *values[i] != known.value) {
      return invalid_sts_token(fmt::format("the STS token's URL must have {}={}", known.name, known.value));
    }
  }
  return values;
}

/// As they will be sent: encoded in the one way there is, so that STS reads what was checked here.
std::string target_of(const Values& values) {
  std::string target = "/";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) continue;
    target += i == 0 ? '?' : '&';
    target.append(known_parameters[i].name).append(1, '=').append(http::percent_encode(*values[i]));
  }
  return target;
}

/// What the values say of themselves; the time is not looked at yet.
std::optional<Refusal> objection(const Values& values, const aws::CredentialName& credential,
                                 std::string_view host) {
  const aws::CredentialScope& scope = credential.scope;
  if (scope.service != "sts") return invalid_sts_token("the STS token must be signed for the service sts");
  if (scope.region != region_of(host)) {
    return invalid_sts_token(fmt::format(
        "the STS token must be signed for the region of its host; {} takes {}", host, region_of(host)));
  }
  if (scope.date != std::string_view(value_of(values, names::date)).substr(0, scope.date.size())) {
    return invalid_sts_token("the STS token's X-Amz-Credential and X-Amz-Date name different days");
  }
  const auto known_token = std::ranges::find(known_parameters, names::security_token, &Parameter::name);
  const auto& token = values[static_cast<std::size_t>(known_token - known_parameters.begin())];
  const auto& agent = values.back();
  if (!aws::is_signature(value_of(values, names::signature)) || (token && !is_security_token(*token)) ||
      (agent && !is_user_agent(*agent))) {
    return invalid_sts_token("the STS token's URL holds a value that is not of its form: sign it anew");
  }
  return std::nullopt;
}

/// The URL's host and query; nullopt unless it is https://{host of STS}/?{query} to the letter.
std::optional<std::pair<std::string_view, std::string_view>> split_url(std::string_view url) {
  if (!url.starts_with(https)) return std::nullopt;
  url.remove_prefix(https.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  const std::string_view host = url.substr(0, slash);
  if (!is_sts_host(host)) return std::nullopt;
  const auto parts = aws::split_target(url.substr(slash));
  if (!parts || parts->path != "/" || parts->query.empty()) return std::nullopt;
  return std::pair(host, parts->query);
}

}  // namespace

std::string sts_token_of(std::string_view presigned_url) {
  return std::string(sts_token_prefix) + base64url_encode(presigned_url);
}

bool is_sts_host(std::string_view host) { return !region_of(host).empty(); }

std::variant<StsRequest, Refusal> read_sts_token(std::string_view token, WallTime now) {
  if (!token.starts_with(sts_token_prefix)) {
    return invalid_sts_token(
        fmt::format("the bearer token is no STS token: it must begin with {}", sts_token_prefix));
  }
  if (token.size() > sts_token_bytes_max) {
    return invalid_sts_token(fmt::format("the STS token is longer than {} bytes", sts_token_bytes_max));
  }
  const auto url = base64url_decode(token.substr(sts_token_prefix.size()));
  if (!url) return invalid_sts_token("the STS token is not base64url without padding");
  const auto parts = split_url(*url);
  if (!parts) {
    return invalid_sts_token(
        "the STS token must hold https://sts.REGION.amazonaws.com/?Action=GetCallerIdentity&…, presigned");
  }
  const auto& [host, query] = *parts;
  auto read = read_parameters(query);
  if (auto* const refusal = std::get_if<Refusal>(&read)) return std::move(*refusal);
  const Values& values = std::get<Values>(read);

  const auto credential = aws::parse_credential(value_of(values, names::credential));
  const auto signed_at = aws::parse_amz_date(value_of(values, names::date));
  const auto life = read_life(value_of(values, names::expires));
  if (!credential || !signed_at)
    return invalid_sts_token("the STS token's X-Amz-Credential or X-Amz-Date is broken");
  if (!life) {
    return invalid_sts_token(
        fmt::format("the STS token's X-Amz-Expires must be 1 to {}", sts_token_age_max.count()));
  }
  if (auto refusal = objection(values, *credential, host)) {
    refusal->claimed = credential->access_key_id;
    return *std::move(refusal);
  }
  const WallTime expires_at = *signed_at + *life;
  if (expires_at <= now || *signed_at > now + sts_clock_skew) {
    return Refusal{Reason::request_expired,
                   expires_at <= now ? "the STS token has expired: make a new one"
                                     : "the STS token is from the future: check your clock",
                   credential->access_key_id};
  }
  return StsRequest{std::string(host), target_of(values), credential->access_key_id, expires_at};
}

}  // namespace skymarshal::auth

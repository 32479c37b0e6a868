#include "aws/sso_credentials.hpp"

#include "base/crypto.hpp"
#include "base/file.hpp"
#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/time_format.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <openssl/sha.h>

namespace skymarshal::aws {
namespace {

namespace asio = boost::asio;

constexpr ServiceName portal_service = {"portal.sso", "SSO"};
constexpr ServiceName oidc_service = {"oidc", "SSO_OIDC"};
constexpr CredentialNames portal_names = {"accessKeyId", "secretAccessKey", "sessionToken", "expiration",
                                          Milliseconds(1)};
/// A token that lives no longer than that is made new, if it can be (as botocore's SSOTokenProvider).
constexpr Milliseconds renewed_ahead = std::chrono::minutes(15);

struct SsoToken {
  Secret access_token;
  WallTime expires_at;
  /// The file as it was read, padded.
  Secret json = {};
};

Error sign_in(const SsoSettings& settings, std::string_view what) {
  return unusable_credentials(fmt::format("{}: write `aws sso login --profile {}`", what, settings.profile));
}

/// The first that is not said; empty if none is missing.
std::string_view missing_setting(const SsoSettings& settings) {
  const std::array<std::pair<std::string_view, const std::string*>, 4> needed = {
      {{"sso_role_name", &settings.role_name},
       {"sso_account_id", &settings.account_id},
       {"sso_start_url", &settings.start_url},
       {"sso_region", &settings.region}}};
  for (const auto& [name, value] : needed) {
    if (value->empty()) return name;
  }
  return {};
}

Result<SsoToken> read_sso_token(const SourceParts& parts, const SsoSettings& settings,
                                const std::string& path) {
  auto read = read_file(path, parts.limits.answer_bytes_max);
  if (!read) return sign_in(settings, fmt::format("there is no sign-in token in '{}'", path));
  std::string text = *std::move(read);
  const std::string_view json = pad_json(text);
  if (!validate_json(json)) return sign_in(settings, fmt::format("'{}' is not valid JSON", path));
  const JsonObject members = json_object(json);
  const auto expires_at = parse_expiration(members.text("expiresAt"));
  SsoToken token{Secret(members.text("accessToken")), expires_at.value_or(WallTime())};
  if (!expires_at || !is_visible_ascii(token.access_token.reveal())) {
    return sign_in(settings, fmt::format("'{}' holds no token with its time", path));
  }
  token.json = Secret(std::move(text));
  return token;
}

/// A body for CreateToken; nothing if the file holds not all that it takes, or its client has expired.
std::optional<std::string> renewal_of(std::string_view json, WallTime now) {
  const JsonObject members = json_object(json);
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().member("grantType", "refresh_token");
  for (const std::string_view name : {"clientId", "clientSecret", "refreshToken"}) {
    const std::string value = members.text(name);
    if (value.empty()) return std::nullopt;
    writer.member(name, std::string_view(value));
  }
  writer.end_object();
  const auto registered_until = parse_expiration(members.text("registrationExpiresAt"));
  if (!registered_until || *registered_until <= now) return std::nullopt;
  return body;
}

/// What the file is to hold: all that it held, but for what the answer has anew.
Result<std::string> renewed_file(const SsoSettings& settings, std::string_view old, std::string_view answer,
                                 WallTime now) {
  const JsonObject fresh = json_object(answer);
  const auto seconds_text = fresh.find("expiresIn", JsonKind::number);
  const auto seconds =
      seconds_text ? parse_number<std::int32_t>(trim(*seconds_text, json_space)) : std::nullopt;
  const std::string access_token = fresh.text("accessToken");
  if (!seconds || *seconds <= 0 || !is_visible_ascii(access_token)) {
    return sign_in(settings, "the answer to the renewal of the sign-in token cannot be understood");
  }
  const std::string refresh_token = fresh.text("refreshToken");
  const std::string expires_at =
      iso8601(std::chrono::floor<std::chrono::seconds>(now) + std::chrono::seconds(*seconds));
  std::string text;
  JsonWriter writer(text);
  writer.begin_object();
  for (const JsonMember& member : json_object(old)) {
    if (member.key == "accessToken" || member.key == "expiresAt") continue;
    if (member.key == "refreshToken" && !refresh_token.empty()) continue;
    writer.raw_member(member.key, member.value);
  }
  writer.member("accessToken", std::string_view(access_token));
  // Without fractions of a second, which older tools do not read.
  writer.member("expiresAt", expires_at.substr(0, expires_at.find('.')) + "Z");
  if (!refresh_token.empty()) writer.member("refreshToken", std::string_view(refresh_token));
  writer.end_object();
  return text;
}

/// The token that the file holds afterwards.
asio::awaitable<Result<SsoToken>> renew_sso_token(const SourceParts& parts, const SsoSettings& settings,
                                                  const std::string& path, const SsoToken& old,
                                                  std::string body) {
  const auto endpoint = service_endpoint(parts.configuration, oidc_service, settings.region);
  if (!endpoint) co_return endpoint.error();
  const http::Endpoint asked = endpoint_below(*endpoint, "token");
  http::Request request = source_request("POST", asked);
  request.headers.add("Content-Type", "application/json");
  request.body = std::move(body);
  const auto answer = co_await ask_source(parts, asked, request, parts.limits.service);
  if (!answer || answer->status != 200) {
    co_return sign_in(settings, fmt::format("the sign-in token cannot be renewed, as {} {}",
                                            asked.authority(), exchange_failure(answer)));
  }
  std::string text = answer->body;
  const std::string_view json = pad_json(text);
  if (!validate_json(json)) co_return sign_in(settings, "the answer to the renewal is not JSON");
  const auto file = renewed_file(settings, old.json.reveal(), json, parts.clock.wall_now());
  if (!file) co_return file.error();
  const auto written = replace_file(path, *file);
  // The old token may be worthless now: it would be found out at the next renewal, when nobody knows why.
  if (!written) {
    co_return sign_in(settings, fmt::format("the renewed sign-in token cannot be written to '{}' ({})", path,
                                            written.error().message()));
  }
  co_return read_sso_token(parts, settings, path);
}

/// One that is good now.
asio::awaitable<Result<SsoToken>> current_sso_token(const SourceParts& parts, const SsoSettings& settings) {
  const std::string path = sso_token_path(parts.configuration, settings);
  if (path.empty()) co_return unusable_credentials("HOME is not set, below which the sign-in token would be");
  Result<SsoToken> token = read_sso_token(parts, settings, path);
  if (!token) co_return token;
  const WallTime now = parts.clock.wall_now();
  if (token->expires_at > now + renewed_ahead) co_return token;
  const bool is_expired = token->expires_at <= now;
  std::optional<std::string> body;
  // Tokens of profiles without a session cannot be renewed.
  if (!settings.session.empty()) body = renewal_of(token->json.reveal(), now);
  if (!body) {
    if (is_expired) co_return sign_in(settings, "the sign-in token has expired");
    co_return token;
  }
  Result<SsoToken> renewed = co_await renew_sso_token(parts, settings, path, *token, *std::move(body));
  // The old one does for now, and the next look tries again.
  if (!renewed && !is_expired) co_return token;
  co_return renewed;
}

SourceAnswer read_portal_answer(const SsoSettings& settings, const net::Result<http::Response>& answer,
                                const http::Endpoint& asked) {
  const std::string source = fmt::format("the role {} of profile {}", settings.role_name, settings.profile);
  if (answer && answer->status == 401) {
    return sign_in(settings, fmt::format("{}: the sign-in is not valid any more", source));
  }
  if (answer && answer->status == 403) {
    return unusable_credentials(
        fmt::format("{}: who signed in has no such role in account {}", source, settings.account_id));
  }
  if (!answer || answer->status != 200) {
    return unusable_credentials(
        fmt::format("{}: {} {}", source, asked.authority(), exchange_failure(answer)));
  }
  std::string text = answer->body;
  const std::string_view json = pad_json(text);
  std::optional<std::string_view> credentials;
  if (validate_json(json)) credentials = json_object(json).find("roleCredentials", JsonKind::object);
  if (!credentials) {
    return unusable_credentials(fmt::format("{}: the answer of the SSO portal cannot be understood", source));
  }
  auto found = read_credentials(*credentials, portal_names, source);
  if (!found) return found.error();
  return *std::move(found);
}

}  // namespace

Result<std::optional<SsoSettings>> read_sso_settings(const Configuration& configuration,
                                                     const std::string& profile) {
  const auto said = [&](std::string_view name) { return configuration.text(profile, name); };
  SsoSettings settings{profile,
                       said("sso_account_id"),
                       said("sso_role_name"),
                       said("sso_start_url"),
                       said("sso_region"),
                       said("sso_session")};
  if (settings.account_id.empty() && settings.role_name.empty()) return std::nullopt;
  if (!settings.session.empty()) {
    const ProfileSettings* session = configuration.sso_session(settings.session);
    if (session == nullptr) {
      return unusable_credentials(fmt::format("profile {} names the sso-session {}, which is not in '{}'",
                                              profile, settings.session,
                                              configuration.path_of(SharedFileKind::config)));
    }
    for (const auto& [name, value] : *session) {
      const std::string of_profile = said(name);
      if (!of_profile.empty() && of_profile != value.reveal()) {
        return unusable_credentials(fmt::format("profile {} and its sso-session {} do not say the same of {}",
                                                profile, settings.session, name));
      }
      if (name == "sso_start_url") settings.start_url = value.reveal();
      if (name == "sso_region") settings.region = value.reveal();
    }
  }
  const std::string_view missing = missing_setting(settings);
  if (!missing.empty()) {
    return unusable_credentials(fmt::format("profile {} signs in by SSO, but has no {}", profile, missing));
  }
  if (!is_host_label(settings.region)) {
    return unusable_credentials(fmt::format("sso_region of profile {} is no region's name", profile));
  }
  return settings;
}

std::string sso_token_path(const Configuration& configuration, const SsoSettings& settings) {
  const std::string_view home = configuration.variable("HOME");
  if (home.empty()) return {};
  const std::string& name = settings.session.empty() ? settings.start_url : settings.session;
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(name.data()), name.size(), digest.data());
  const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
  return fmt::format("{}/.aws/sso/cache/{}.json", home, hex(bytes));
}

asio::awaitable<SourceAnswer> sso_credentials(const SourceParts& parts, std::string profile) {
  const auto settings = read_sso_settings(parts.configuration, profile);
  if (!settings) co_return settings.error();
  if (!*settings) co_return NotConfigured{fmt::format("profile {} has no sso_account_id", profile)};
  const auto endpoint = service_endpoint(parts.configuration, portal_service, (*settings)->region);
  if (!endpoint) co_return endpoint.error();
  const auto token = co_await current_sso_token(parts, **settings);
  if (!token) co_return token.error();
  const http::Endpoint asked =
      endpoint_below(*endpoint, fmt::format("federation/credentials?role_name={}&account_id={}",
                                            http::percent_encode((*settings)->role_name),
                                            http::percent_encode((*settings)->account_id)));
  http::Request request = source_request("GET", asked);
  request.headers.add("x-amz-sso_bearer_token", std::string(token->access_token.reveal()));
  const auto answer = co_await ask_source(parts, asked, request, parts.limits.service);
  co_return read_portal_answer(**settings, answer, asked);
}

}  // namespace skymarshal::aws

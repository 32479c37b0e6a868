#include "aws/credential_source.hpp"

#include "aws/service_error.hpp"
#include "base/file.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "base/time_format.hpp"
#include "net/tls.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace skymarshal::aws {
namespace {

constexpr CredentialNames variable_names = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
                                            "AWS_CREDENTIAL_EXPIRATION"};
constexpr CredentialNames setting_names = {"aws_access_key_id", "aws_secret_access_key", "aws_session_token",
                                           ""};

Error bad_expiration(std::string_view source, const CredentialNames& names) {
  return unusable_credentials(
      fmt::format("{} of {} is no time, such as 2026-01-31T09:05:00Z", names.expiration, source));
}

/// Nothing if neither half of a key is there.
Result<std::optional<FoundCredentials>> complete_key(Credentials stated, const CredentialNames& names,
                                                     std::string source) {
  if (stated.access_key_id.empty() && stated.secret_access_key.empty()) return std::nullopt;
  if (stated.access_key_id.empty() || stated.secret_access_key.empty()) {
    const bool has_id = !stated.access_key_id.empty();
    return unusable_credentials(fmt::format("{} has {} but no {}: give both, or neither", source,
                                            has_id ? names.access_key_id : names.secret_access_key,
                                            has_id ? names.secret_access_key : names.access_key_id));
  }
  if (const auto checked = check_words(stated, names, source); !checked) return checked.error();
  return FoundCredentials{std::move(stated), {}, std::move(source)};
}

/// "+02:00" as what it is ahead of UTC; nullopt for anything else.
std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  if (!is_digits(text.substr(1, 2)) || !is_digits(text.substr(4, 2))) return std::nullopt;
  const auto hours = std::chrono::hours(*parse_number<int>(text.substr(1, 2)));
  const auto minutes = std::chrono::minutes(*parse_number<int>(text.substr(4, 2)));
  if (hours > std::chrono::hours(23) || minutes > std::chrono::minutes(59)) return std::nullopt;
  const std::chrono::minutes offset = hours + minutes;
  return text[0] == '-' ? -offset : offset;
}

/// A text, or a number as STS writes it in JSON.
std::optional<WallTime> expiration_of(std::string_view json, Milliseconds unit) {
  if (json_kind(json) == JsonKind::string) return parse_expiration(json_string(json).value_or(std::string()));
  constexpr double ms_max = 253'402'300'799'000;  // The year 9999.
  const auto count = parse_number<double>(trim(json, json_space));
  const double ms = count.value_or(-1) * static_cast<double>(unit.count());
  if (!(ms >= 0 && ms <= ms_max)) return std::nullopt;
  return from_unix_ms(static_cast<std::int64_t>(ms));
}

bool deserves_another_attempt(const net::Result<http::Response>& answer) {
  return !answer || answer->status == 429 || answer->status >= 500;
}

}  // namespace

Result<net::HttpClient> SourceHttp::client(const http::Endpoint& endpoint) {
  const MutexLock lock(mutex_);
  if (!client_) {
    if (!endpoint.secure()) return net::HttpClient(net::one_connection_each);
    auto tls = net::TlsContext::client(authority_file_);
    if (!tls) return unusable_credentials(tls.error().message);
    client_.emplace(net::one_connection_each, *std::move(tls));
  }
  return *client_;
}

SourceAnswer environment_credentials(const Configuration& configuration) {
  const auto secret = [&](std::string_view name) {
    return Secret(std::string(configuration.variable(name)));
  };
  Credentials stated{std::string(configuration.variable(variable_names.access_key_id)),
                     secret(variable_names.secret_access_key), secret(variable_names.session_token)};
  auto found = complete_key(std::move(stated), variable_names, "the environment");
  if (!found) return found.error();
  if (!*found) return NotConfigured{"AWS_ACCESS_KEY_ID is not set"};
  const std::string_view expiration = configuration.variable(variable_names.expiration);
  if (!expiration.empty()) {
    (*found)->expires_at = parse_expiration(expiration);
    if (!(*found)->expires_at) return bad_expiration("the environment", variable_names);
  }
  return **std::move(found);
}

SourceAnswer file_credentials(const Configuration& configuration, SharedFileKind file,
                              const std::string& profile) {
  const auto said = [&](std::string_view name) { return configuration.setting_in(file, profile, name); };
  std::string source = fmt::format("profile {} of {}", profile, configuration.path_of(file));
  Credentials stated{std::string(said(setting_names.access_key_id).reveal()),
                     said(setting_names.secret_access_key), said(setting_names.session_token)};
  auto found = complete_key(std::move(stated), setting_names, std::move(source));
  if (!found) return found.error();
  if (*found) return **std::move(found);
  const std::string& path = configuration.path_of(file);
  if (path.empty()) return NotConfigured{"nobody says where the file is, as HOME is not set"};
  return NotConfigured{fmt::format("{} has no aws_access_key_id for profile {}", path, profile)};
}

Result<Secret> read_token_file(const std::filesystem::path& path, std::string_view what,
                               const SourceLimits& limits) {
  auto read = read_file(path, limits.token_file_bytes_max);
  if (!read) {
    return unusable_credentials(
        fmt::format("{} '{}' cannot be read ({})", what, path.string(), read.error().message()));
  }
  const Secret text(*std::move(read));
  Secret token{std::string(trim(text.reveal(), json_space))};
  if (text.reveal().size() <= limits.token_file_bytes_max && is_visible_ascii(token.reveal())) return token;
  return unusable_credentials(fmt::format("{} '{}' must hold one word of at most {} bytes, and nothing else",
                                          what, path.string(), limits.token_file_bytes_max));
}

boost::asio::awaitable<net::Result<http::Response>> ask_source(const SourceParts& parts,
                                                               const http::Endpoint& endpoint,
                                                               const http::Request& request,
                                                               const Asking& asking) {
  const Result<net::HttpClient> client = parts.http.client(endpoint);
  if (!client) co_return net::Error{net::ErrorKind::bad_file, client.error().message};
  net::FetchOptions options;
  options.connect_timeout = asking.timeout;
  options.total_timeout = asking.timeout;
  options.head_bytes_max = parts.limits.answer_bytes_max;
  options.body_bytes_max = parts.limits.answer_bytes_max;
  for (unsigned attempt = 1;; ++attempt) {
    net::Result<http::Response> answer = co_await net::fetch(*client, endpoint, request, options);
    if (!deserves_another_attempt(answer) || attempt >= asking.attempts) co_return answer;
    boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor, parts.limits.retry_pause);
    co_await pause.async_wait(boost::asio::use_awaitable);
  }
}

http::Endpoint endpoint_below(http::Endpoint endpoint, std::string_view path) {
  if (!endpoint.target.ends_with('/')) endpoint.target += '/';
  endpoint.target += path;
  return endpoint;
}

http::Request source_request(std::string method, const http::Endpoint& endpoint) {
  http::Request request;
  request.method = std::move(method);
  request.target = endpoint.target;
  request.headers.add("Host", endpoint.authority());
  request.headers.add("Accept", "application/json");
  return request;
}

Result<FoundCredentials> read_credentials(std::string_view json, const CredentialNames& names,
                                          std::string source) {
  const JsonObject members = json_object(json);
  Credentials credentials{members.text(names.access_key_id), Secret(members.text(names.secret_access_key)),
                          Secret(members.text(names.session_token))};
  if (const auto checked = check_words(credentials, names, source); !checked) return checked.error();
  FoundCredentials found{std::move(credentials), {}, std::move(source)};
  const auto expiration = members.find(names.expiration);
  if (expiration && json_kind(*expiration) != JsonKind::null) {
    found.expires_at = expiration_of(*expiration, names.expiration_unit);
    if (!found.expires_at) return bad_expiration(found.source, names);
  }
  return found;
}

Result<void> check_words(const Credentials& credentials, const CredentialNames& names,
                         std::string_view source) {
  const auto wrong = [source](std::string_view name) {
    return unusable_credentials(
        fmt::format("{} of {} is not one word of plain characters: copy it anew", name, source));
  };
  if (!is_visible_ascii(credentials.access_key_id)) return wrong(names.access_key_id);
  if (!is_visible_ascii(credentials.secret_access_key.reveal())) return wrong(names.secret_access_key);
  const std::string_view token = credentials.session_token.reveal();
  if (!token.empty() && !is_visible_ascii(token)) return wrong(names.session_token);
  return {};
}

std::optional<WallTime> parse_expiration(std::string_view text) {
  constexpr std::size_t seconds_size = std::string_view("2026-01-31T09:05:00").size();
  if (text.size() <= seconds_size) return std::nullopt;
  const std::optional<WallTime> seconds = parse_iso8601(std::string(text.substr(0, seconds_size)) + "Z");
  if (!seconds) return std::nullopt;
  std::string_view rest = text.substr(seconds_size);
  if (rest.front() == '.') {
    // Fractions of a second do not matter here.
    rest.remove_prefix(1);
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (digits == 0) return std::nullopt;
    rest.remove_prefix(digits);
  }
  if (rest == "Z" || rest == "UTC") return seconds;
  const auto offset = parse_offset(rest);
  if (!offset) return std::nullopt;
  return *seconds - *offset;
}

std::string shown_code(std::string_view code) {
  constexpr std::size_t code_bytes_max = 64;
  const auto is_plain = [](char c) { return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-'; };
  if (code.size() > code_bytes_max || !std::ranges::all_of(code, is_plain)) return {};
  return std::string(code);
}

std::string exchange_failure(const net::Result<http::Response>& answer) {
  if (!answer) return fmt::format("cannot be asked ({})", answer.error().message);
  const std::string code = shown_code(read_service_error(*answer).code);
  return fmt::format("answered {}{}{}", answer->status, code.empty() ? "" : " ", code);
}

}  // namespace skymarshal::aws

#include "settings/setting_checks.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "http/url.hpp"
#include "settings/access_settings.hpp"
#include "settings/setting.hpp"

#include <algorithm>
#include <array>

namespace skymarshal::settings {
namespace {

Result<void> not_allowed(std::string message) {
  return make_error(Errc::invalid_request, std::move(message));
}

/// An origin as browsers send it (RFC 6454 section 6.2), or "*".
bool is_origin(std::string_view text) {
  const std::size_t scheme_end = text.find("://");
  if (text == "*") return true;
  if (scheme_end == std::string_view::npos || scheme_end == 0) return false;
  const std::string_view host = text.substr(scheme_end + 3);
  return !host.empty() && host.find_first_of("/?#@ ") == std::string_view::npos;
}

/// Keys and identities that come over the network must come over TLS, or from this machine.
Result<void> check_trusted_url(std::string_view url) {
  const auto endpoint = http::parse_endpoint(url);
  if (!endpoint) return not_allowed(endpoint.error().message);
  if (endpoint->scheme == "https") return {};
  if (endpoint->scheme == "http" && http::is_loopback(endpoint->host)) return {};
  return not_allowed(
      "write an https:// URL, or an http:// one on this machine: what it answers is relied upon");
}

/// arn:partition:service:region:account:resource, with patterns anywhere but in the account.
bool names_an_account(std::string_view arn) {
  const std::vector<std::string_view> parts = split(arn, ':');
  return is_visible_ascii(arn) && parts.size() >= 6 && parts[0] == "arn" && parts[4].size() == 12 &&
         is_digits(parts[4]);
}

}  // namespace

Result<void> check_listen(std::string_view text) {
  const auto address = http::parse_host_port(text);
  return address ? Result<void>() : not_allowed(address.error().message);
}

Result<void> check_auth(std::string_view text) {
  if (text == "iam" || text == "jwt" || text == "sts" || text == "none") return {};
  return not_allowed("write iam, jwt or sts; or none, for a server that nobody but its own machine reaches");
}

Result<void> check_jwks(std::string_view text) {
  return http::looks_like_url(text) ? check_trusted_url(text) : Result<void>();
}

Result<void> check_claim(std::string_view text) {
  return is_visible_ascii(text) ? Result<void>() : not_allowed("write the name of a claim");
}

Result<void> check_server_id(std::string_view text) {
  if (text.empty() || (is_visible_ascii(text) && text.size() <= 255)) return {};
  return not_allowed("write at most 255 letters without blanks, such as the gateway's host name");
}

Result<void> check_arn_patterns(std::string_view text) {
  if (std::ranges::all_of(split_list(text), names_an_account)) return {};
  return not_allowed(
      "write ARNs that name an account of 12 digits, as in "
      "arn:aws:sts::123456789012:assumed-role/Operations/*: other accounts' identities are anybody's");
}

Result<void> check_trusted_endpoint(std::string_view text) {
  return text.empty() ? Result<void>() : check_trusted_url(text);
}

Result<void> check_rate_limit_tiers(std::string_view text) {
  const auto tiers = parse_rate_limit_tiers(split_list(text));
  return tiers ? Result<void>() : not_allowed(tiers.error().message);
}

Result<void> check_runtime_url(std::string_view text) {
  if (text.empty()) return {};
  const auto endpoint = http::parse_endpoint(text);
  if (!endpoint) return not_allowed(endpoint.error().message);
  if (endpoint->scheme == "ws" || endpoint->scheme == "wss") return {};
  // A WebSocket's path may be any; without one of its own, HTTP would ask the front page.
  if (endpoint->target != "/") return {};
  return not_allowed(
      "write ws://HOST:PORT/ws or wss://HOST/ws for a runtime that speaks WebSocket, "
      "http://HOST:PORT/invocations or https://HOST/invocations for one that speaks HTTP, or nothing for the "
      "embedded runtime");
}

Result<void> check_origins(std::string_view text) {
  if (std::ranges::all_of(split_list(text), is_origin)) return {};
  return not_allowed("write origins as scheme://host[:port], without a path, and commas between them; or *");
}

Result<void> check_concurrency(std::string_view text) {
  if (text == "queue" || text == "reject") return {};
  return not_allowed("write queue or reject");
}

Result<void> check_edge(std::string_view text) {
  constexpr std::array<std::string_view, 7> edges = {"direct", "apigw-regional", "apigw-edge", "function-url",
                                                     "alb",    "cloudfront",     "nginx"};
  if (std::ranges::count(edges, text) > 0) return {};
  return not_allowed("write direct, apigw-regional, apigw-edge, function-url, alb, cloudfront or nginx");
}

Result<void> check_not_empty(std::string_view text) {
  return text.empty() ? not_allowed("write the name of a file") : Result<void>();
}

Result<void> check_aws_region(std::string_view text) {
  if (text.empty() || is_host_label(text)) return {};
  return not_allowed("write the name of an AWS region, such as eu-central-1");
}

Result<void> check_store(std::string_view text) {
  return text == "sqlite" || text == "dynamodb" ? Result<void>() : not_allowed("write sqlite or dynamodb");
}

Result<void> check_rate_limit_store(std::string_view text) {
  return text.empty() || text == "local" || text == "dynamodb" ? Result<void>()
                                                               : not_allowed("write local or dynamodb");
}

Result<void> check_table_name(std::string_view text) {
  const bool is_long_enough = text.size() >= 3 && text.size() <= 255;
  const bool has_its_letters = std::ranges::all_of(
      text, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.'; });
  if (is_long_enough && has_its_letters) return {};
  return not_allowed("write the name of a table: 3 to 255 letters, digits, '_', '-' and '.'");
}

Result<void> check_agentcore_qualifier(std::string_view text) {
  constexpr std::size_t bytes_max = 128;
  const bool is_name = text.size() <= bytes_max && std::ranges::all_of(text, [](char c) {
                         return is_letter_or_digit(c) || c == '_' || c == '-';
                       });
  return is_name ? Result<void>() : not_allowed("write the name of a runtime's endpoint, such as DEFAULT");
}

Result<void> check_agentcore_protocol(std::string_view text) {
  if (text == "websocket" || text == "http") return {};
  return not_allowed("write websocket or http");
}

Result<void> check_agentcore_endpoint(std::string_view text) {
  if (text.empty()) return {};
  const auto endpoint = http::parse_endpoint(text);
  if (!endpoint) return not_allowed(endpoint.error().message);
  if (endpoint->target != "/") return not_allowed("write the URL without a path: https://HOST");
  if (endpoint->secure() || http::is_loopback(endpoint->host)) return {};
  return not_allowed("write an https:// URL: what is sent there says who this gateway is");
}

Result<void> check_option_weights(std::string_view text) {
  static constexpr std::array<std::string_view, 4> scores = {"safety", "cost", "passenger", "network"};
  const auto weights = parse_named_numbers(split_list(text), 100);
  std::int64_t sum = 0;
  const auto is_known = [&sum](const auto& weight) {
    sum += weight.second;
    return std::ranges::count(scores, weight.first) > 0;
  };
  if (weights && weights->size() == scores.size() && std::ranges::all_of(*weights, is_known) && sum == 100)
    return {};
  return not_allowed("write four weights that add up to 100: safety=40,cost=20,passenger=25,network=15");
}

Result<void> check_llm_url(std::string_view text) {
  if (text.empty()) return {};
  const auto endpoint = http::parse_endpoint(text);
  if (!endpoint) return not_allowed(endpoint.error().message);
  if (endpoint->scheme == "http" || endpoint->scheme == "https") return {};
  return not_allowed("write http://HOST:PORT/v1 or https://HOST/v1");
}

Result<void> check_llm_api_key(std::string_view text) {
  return text.empty() || is_visible_ascii(text)
             ? Result<void>()
             : not_allowed("a key has no blanks, no control characters, no accents");
}

Result<void> check_log_level(std::string_view text) {
  if (parse_log_level(text)) return {};
  return not_allowed("write DEBUG, INFO, WARNING, ERROR or OFF");
}

}  // namespace skymarshal::settings

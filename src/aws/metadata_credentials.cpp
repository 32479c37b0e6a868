#include "aws/metadata_credentials.hpp"

#include "base/file.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::aws {
namespace {

namespace asio = boost::asio;

constexpr CredentialNames metadata_names = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"};
constexpr std::string_view relative_uri_name = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr std::string_view full_uri_name = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

/// How long a session of the metadata service's is good: the most it allows, though one look needs little.
constexpr std::string_view session_seconds = "21600";
constexpr std::string_view endpoint_name = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
constexpr std::string_view endpoint_setting = "ec2_metadata_service_endpoint";
constexpr std::string_view role_path = "latest/meta-data/iam/security-credentials/";
/// How much longer credentials are used that the service hands out although they have expired.
constexpr Milliseconds extension = std::chrono::minutes(20);

/// Where it may be plain HTTP.
bool is_container_host(const std::string& host) {
  constexpr std::array<std::string_view, 3> hosts = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
  return http::is_loopback(host) || std::ranges::find(hosts, host) != hosts.end();
}

Result<http::Endpoint> container_endpoint(const Configuration& configuration) {
  const std::string_view relative = configuration.variable(relative_uri_name);
  if (!relative.empty()) {
    auto endpoint = http::parse_endpoint(fmt::format("http://169.254.170.2{}", relative));
    if (endpoint && relative.starts_with('/') && endpoint->host == "169.254.170.2")
      return *std::move(endpoint);
    return unusable_credentials(fmt::format("{} is no path, such as /v2/credentials", relative_uri_name));
  }
  auto endpoint = http::parse_endpoint(configuration.variable(full_uri_name));
  const bool is_http = endpoint && (endpoint->scheme == "https" || endpoint->scheme == "http");
  if (is_http && (endpoint->secure() || is_container_host(endpoint->host))) return *std::move(endpoint);
  return unusable_credentials(fmt::format(
      "{} must begin with https://, or name this machine or 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]",
      full_uri_name));
}

/// What the container shows to its endpoint; empty if nothing.
Result<Secret> container_authorization(const SourceParts& parts) {
  constexpr std::string_view token_name = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
  constexpr std::string_view file_name = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
  const std::string_view file = parts.configuration.variable(file_name);
  if (!file.empty()) return read_token_file(file, file_name, parts.limits);
  Secret token{std::string(parts.configuration.variable(token_name))};
  // It may be two words: "Basic …".
  if (is_printable_ascii(token.reveal())) return token;
  return unusable_credentials(fmt::format("{} holds a line break or an odd character", token_name));
}

/// The service's own answer to one GET or PUT.
struct InstanceSession {
  http::Endpoint endpoint;
  Secret token = {};
};

asio::awaitable<net::Result<http::Response>> ask_instance(const SourceParts& parts, InstanceSession session,
                                                          std::string method, std::string path) {
  const http::Endpoint endpoint = endpoint_below(session.endpoint, path);
  http::Request request = source_request(std::move(method), endpoint);
  if (session.token.empty())
    request.headers.add("X-aws-ec2-metadata-token-ttl-seconds", std::string(session_seconds));
  else
    request.headers.add("X-aws-ec2-metadata-token", std::string(session.token.reveal()));
  co_return co_await ask_source(parts, endpoint, request, parts.limits.instance);
}

Result<http::Endpoint> instance_endpoint(const Configuration& configuration) {
  std::string url(configuration.variable(endpoint_name));
  if (url.empty()) url = configuration.text(configuration.profile(), endpoint_setting);
  std::string mode(configuration.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"));
  if (mode.empty()) mode = configuration.text(configuration.profile(), "ec2_metadata_service_endpoint_mode");
  if (url.empty())
    url = equal_ignoring_case(mode, "ipv6") ? "http://[fd00:ec2::254]/" : "http://169.254.169.254/";
  auto endpoint = http::parse_endpoint(url);
  if (endpoint && (endpoint->scheme == "http" || endpoint->scheme == "https")) return *std::move(endpoint);
  return unusable_credentials(fmt::format("{} must begin with http://", endpoint_name));
}

/// The service hands out the old ones when it has trouble with new ones, and they still work then ("static
/// stability", as botocore's InstanceMetadataFetcher has it).
FoundCredentials extended(FoundCredentials found, WallTime now) {
  if (found.expires_at && *found.expires_at < now + extension) found.expires_at = now + extension;
  return found;
}

SourceAnswer read_instance_answer(const http::Response& response, const std::string& role, WallTime now) {
  std::string body = response.body;
  const std::string_view json = pad_json(body);
  const std::string source = fmt::format("the role {} of this instance", role);
  if (!validate_json(json) || json_kind(json) != JsonKind::object) {
    return unusable_credentials(
        fmt::format("{}: the answer of the metadata service is no JSON object", source));
  }
  const std::string code = shown_code(json_object(json).text("Code"));
  if (!code.empty() && code != "Success") {
    return unusable_credentials(
        fmt::format("{}: the metadata service says {}: check the role's trust policy", source, code));
  }
  auto found = read_credentials(json, metadata_names, source);
  if (!found) return found.error();
  return extended(*std::move(found), now);
}

}  // namespace

asio::awaitable<SourceAnswer> container_credentials(const SourceParts& parts) {
  const Configuration& configuration = parts.configuration;
  if (configuration.variable(relative_uri_name).empty() && configuration.variable(full_uri_name).empty()) {
    co_return NotConfigured{fmt::format("neither {} nor {} is set", relative_uri_name, full_uri_name)};
  }
  const auto endpoint = container_endpoint(configuration);
  if (!endpoint) co_return endpoint.error();
  const auto authorization = container_authorization(parts);
  if (!authorization) co_return authorization.error();
  http::Request request = source_request("GET", *endpoint);
  if (!authorization->empty()) request.headers.add("Authorization", std::string(authorization->reveal()));
  const auto answer = co_await ask_source(parts, *endpoint, request, parts.limits.container);
  const std::string source = fmt::format("the container's endpoint {}", endpoint->authority());
  if (!answer || answer->status != 200) {
    co_return unusable_credentials(fmt::format("{} {}", source, exchange_failure(answer)));
  }
  std::string body = answer->body;
  const std::string_view json = pad_json(body);
  if (!validate_json(json) || json_kind(json) != JsonKind::object) {
    co_return unusable_credentials(fmt::format("{} answers no JSON object", source));
  }
  auto found = read_credentials(json, metadata_names, source);
  if (!found) co_return found.error();
  co_return *std::move(found);
}

asio::awaitable<SourceAnswer> instance_credentials(const SourceParts& parts) {
  if (equal_ignoring_case(parts.configuration.variable("AWS_EC2_METADATA_DISABLED"), "true")) {
    co_return NotConfigured{"AWS_EC2_METADATA_DISABLED is set"};
  }
  const auto endpoint = instance_endpoint(parts.configuration);
  if (!endpoint) co_return endpoint.error();
  const auto missing = [&](const net::Result<http::Response>& answer) {
    return NotConfigured{
        fmt::format("the metadata service at {} {}", endpoint->authority(), exchange_failure(answer))};
  };
  InstanceSession session{*endpoint};
  const auto token = co_await ask_instance(parts, session, "PUT", "latest/api/token");
  if (!token || token->status != 200 || !is_visible_ascii(token->body)) co_return missing(token);
  session.token = Secret(token->body);
  const auto named = co_await ask_instance(parts, session, "GET", std::string(role_path));
  if (named && named->status == 404) co_return NotConfigured{"this instance has no role"};
  if (!named || named->status != 200) co_return missing(named);
  const std::string role(trim(named->body.substr(0, named->body.find('\n')), json_space));
  // IAM's longest name of a role; it is asked for, and told.
  constexpr std::size_t role_bytes_max = 64;
  if (!is_visible_ascii(role) || role.size() > role_bytes_max)
    co_return NotConfigured{"this instance has no role"};
  const auto answer =
      co_await ask_instance(parts, session, "GET", std::string(role_path) + http::percent_encode(role));
  if (!answer || answer->status != 200) {
    co_return unusable_credentials(
        fmt::format("the role {} of this instance: the metadata service {}", role, exchange_failure(answer)));
  }
  co_return read_instance_answer(*answer, role, parts.clock.wall_now());
}

bool expects_instance(const Configuration& configuration, const std::filesystem::path& machine) {
  if (!configuration.variable(endpoint_name).empty()) return true;
  if (!configuration.setting(configuration.profile(), endpoint_setting).empty()) return true;
  constexpr std::size_t line_bytes_max = 256;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> signs = {
      {{"devices/virtual/dmi/id/sys_vendor", "Amazon EC2"},
       {"devices/virtual/dmi/id/board_asset_tag", "i-"},
       {"hypervisor/uuid", "ec2"}}};
  return std::ranges::any_of(signs, [&](const auto& sign) {
    const auto line = read_file(machine / sign.first, line_bytes_max);
    return line && line->starts_with(sign.second);
  });
}

}  // namespace skymarshal::aws

#include "aws/sts_credentials.hpp"

#include "aws/sigv4_signer.hpp"
#include "base/json_reader.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace skymarshal::aws {
namespace {

constexpr ServiceName sts_service = {"sts", "STS"};

/// The form of a request (application/x-www-form-urlencoded).
class StsForm {
 public:
  explicit StsForm(std::string_view action) : text_(fmt::format("Action={}&Version=2011-06-15", action)) {}
  void add(std::string_view name, std::string_view value) {
    if (!value.empty()) text_.append("&").append(name).append("=").append(http::percent_encode(value));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

StsForm role_form(std::string_view action, const Role& role, WallTime now) {
  StsForm form(action);
  form.add("RoleArn", role.arn);
  form.add("RoleSessionName",
           role.session_name.empty() ? fmt::format("skymarshal-{}", unix_ms(now) / 1000) : role.session_name);
  form.add("ExternalId", role.external_id);
  if (role.duration) form.add("DurationSeconds", std::to_string(role.duration->count()));
  return form;
}

http::Request sts_request(const http::Endpoint& endpoint, StsForm form) {
  http::Request request = source_request("POST", endpoint);
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.body = form.take();
  return request;
}

/// What an operator can do about it.
std::string_view sts_advice(std::string_view code) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> by_code = {{
      {"AccessDenied", "check the role's trust policy, and that its source may assume it"},
      {"InvalidClientTokenId", "the access key that asks for the role is not known or not active"},
      {"SignatureDoesNotMatch",
       "check the secret access key that asks for the role, and this machine's clock"},
      {"ExpiredToken", "what asks for the role has expired"},
      {"ExpiredTokenException", "the token has expired: whoever writes its file must replace it"},
      {"InvalidIdentityToken", "check the token's issuer and audience, and the role's trust policy"},
      {"RegionDisabledException", "STS is not enabled in this region"},
  }};
  for (const auto& [known, advice] : by_code) {
    if (known == code) return advice;
  }
  return "check the role's ARN and settings";
}

/// The code stands in an Error of its own.
std::string sts_code(const http::Response& response) {
  std::string body = response.body;
  const std::string_view json = pad_json(body);
  if (!validate_json(json)) return {};
  const auto error = json_object(json).find("Error", JsonKind::object);
  return error ? shown_code(json_object(*error).text("Code")) : std::string();
}

/// {"AssumeRoleResponse":{"AssumeRoleResult":{"Credentials":{…}}}}
Result<FoundCredentials> read_sts_credentials(const http::Response& response, std::string_view action,
                                              const std::string& source) {
  std::string body = response.body;
  const std::string_view padded = pad_json(body);
  const auto unreadable = [&source] {
    return unusable_credentials(fmt::format("{}: the answer of AWS STS cannot be understood", source));
  };
  if (!validate_json(padded)) return unreadable();
  std::string_view json = padded;
  for (const std::string& step :
       {fmt::format("{}Response", action), fmt::format("{}Result", action), std::string("Credentials")}) {
    const auto inner = json_object(json).find(step, JsonKind::object);
    if (!inner) return unreadable();
    json = *inner;
  }
  return read_credentials(json, {}, source);
}

/// What STS answers with 400 and is over in a moment; botocore tries these again as well. A fleet that starts
/// at once throttles itself.
bool passes_soon(std::string_view code) {
  return code == "Throttling" || code == "ThrottlingException" || code == "IDPCommunicationError";
}

boost::asio::awaitable<Result<FoundCredentials>> ask_sts(const SourceParts& parts, const Role& role,
                                                         std::string_view action,
                                                         const http::Endpoint& endpoint,
                                                         const http::Request& request) {
  const std::string source = fmt::format("the role {} of {}", role.arn, role.named_by);
  auto answer = co_await ask_source(parts, endpoint, request, parts.limits.service);
  std::string code = answer ? sts_code(*answer) : std::string();
  for (unsigned attempt = 1; passes_soon(code) && attempt < parts.limits.service.attempts; ++attempt) {
    boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor, parts.limits.retry_pause);
    co_await pause.async_wait(boost::asio::use_awaitable);
    answer = co_await ask_source(parts, endpoint, request, parts.limits.service);
    code = answer ? sts_code(*answer) : std::string();
  }
  if (answer && answer->status == 200) co_return read_sts_credentials(*answer, action, source);
  std::string message = fmt::format("{}: AWS STS at {} ", source, endpoint.authority());
  if (code.empty())
    message += exchange_failure(answer);
  else
    message += fmt::format("answered {} {}: {}", answer->status, code, sts_advice(code));
  co_return unusable_credentials(std::move(message));
}

}  // namespace

boost::asio::awaitable<Result<FoundCredentials>> assume_role(const SourceParts& parts, const Role& role,
                                                             const Credentials& source) {
  constexpr std::string_view action = "AssumeRole";
  const auto region = find_region(parts.configuration);
  if (!region) co_return region.error();
  const auto endpoint = service_endpoint(parts.configuration, sts_service, *region);
  if (!endpoint) co_return endpoint.error();
  const WallTime now = parts.clock.wall_now();
  http::Request request = sts_request(*endpoint, role_form(action, role, now));
  SigningOptions signing;
  signing.service = sts_service.host;
  // An endpoint of one's own may do without a region; the signature cannot.
  signing.region = region->empty() ? "us-east-1" : *region;
  const Result<void> is_signed = sign(request, source, signing, now);
  if (!is_signed) co_return is_signed.error();
  co_return co_await ask_sts(parts, role, action, *endpoint, request);
}

boost::asio::awaitable<Result<FoundCredentials>> assume_role_with_web_identity(const SourceParts& parts,
                                                                               const Role& role,
                                                                               std::string token_file) {
  constexpr std::string_view action = "AssumeRoleWithWebIdentity";
  const auto region = find_region(parts.configuration);
  if (!region) co_return region.error();
  const auto endpoint = service_endpoint(parts.configuration, sts_service, *region);
  if (!endpoint) co_return endpoint.error();
  const auto token = read_token_file(token_file, "the web identity token file", parts.limits);
  if (!token) co_return token.error();
  StsForm form = role_form(action, role, parts.clock.wall_now());
  form.add("WebIdentityToken", token->reveal());
  const http::Request request = sts_request(*endpoint, std::move(form));
  co_return co_await ask_sts(parts, role, action, *endpoint, request);
}

}  // namespace skymarshal::aws

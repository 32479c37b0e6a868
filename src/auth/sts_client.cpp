#include "auth/sts_client.hpp"

#include "auth/principal_arn.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "http/retry_after.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace skymarshal::auth {
namespace {

namespace asio = boost::asio;

/// One of the exchanges there may be, given back however it ends.
class Place {
 public:
  explicit Place(std::atomic<std::size_t>& taken) : taken_(taken), number_(++taken_) {}
  ~Place() { --taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  std::size_t number() const { return number_; }

 private:
  std::atomic<std::size_t>& taken_;
  std::size_t number_;
};

http::Request http_request(StsRequest request, const std::string& server_id) {
  http::Request out;
  out.method = "GET";
  out.target = std::move(request.target);
  out.headers.add("Host", std::move(request.host));
  out.headers.add(std::string(sts_server_id_field), server_id);
  // Not signed, so that callers need not know of it.
  out.headers.add("Accept", "application/json");
  return out;
}

constexpr std::chrono::seconds sts_wait_max{60};

bool has_once(const JsonObject& object, std::string_view name) {
  return std::ranges::count(object, name, &JsonMember::key) == 1;
}

/// The member `name` of the object that `path` leads to; empty if it leads to none, a name on the way is
/// there twice, or the member is no string.
std::string text_at(std::string_view json, std::initializer_list<std::string_view> path,
                    std::string_view name) {
  JsonObject object = json_object(json);
  for (const std::string_view step : path) {
    if (!has_once(object, step)) return {};
    object = json_object(*object.find(step));
  }
  return has_once(object, name) ? object.text(name) : std::string();
}

/// The fifth part of an ARN.
std::string_view account_of(std::string_view arn) {
  for (int colons = 0; colons < 4; ++colons) arn.remove_prefix(std::min(arn.find(':') + 1, arn.size()));
  return arn.substr(0, arn.find(':'));
}

std::variant<CallerIdentity, Refusal> read_identity(std::string_view json) {
  constexpr std::string_view response = "GetCallerIdentityResponse";
  constexpr std::string_view result = "GetCallerIdentityResult";
  std::string arn = text_at(json, {response, result}, "Arn");
  const std::string account = text_at(json, {response, result}, "Account");
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
  const auto wait = http::parse_retry_after_seconds(headers.find("Retry-After").value_or(std::string_view()));
  return wait ? std::min(*wait, sts_wait_max) : wait;
}

}  // namespace

StsClient::StsClient(StsClientOptions options, std::optional<net::TlsContext> tls)
    : options_(std::move(options)), client_({}, std::move(tls)) {}

asio::awaitable<std::variant<CallerIdentity, Refusal>> StsClient::ask(StsRequest request) {
  const Place place(exchanges_);
  if (place.number() > options_.exchanges_max) co_return sts_unavailable();
  const http::Endpoint endpoint = options_.endpoint.value_or(http::Endpoint{"https", request.host, 443, "/"});
  net::FetchOptions limits;
  limits.body_bytes_max = options_.answer_bytes_max;
  limits.head_bytes_max = options_.answer_bytes_max;
  limits.connect_timeout = options_.timeout;
  limits.total_timeout = options_.timeout;
  http::Request sent = http_request(std::move(request), options_.server_id);
  const auto response = co_await net::fetch(client_, endpoint, std::move(sent), limits);
  if (!response) co_return sts_unavailable();
  co_return read_sts_answer(*response);
}

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
  std::string body = response.body;
  const std::string_view json = pad_json(body);
  // A 4xx that is not STS's own comes from something in between, which cannot judge the caller.
  if (!validate_json(json)) return sts_unavailable();
  if (!is_error) return read_identity(json);
  const std::string code = text_at(json, {"Error"}, "Code");
  if (code.empty()) return sts_unavailable();
  return read_error(code, text_at(json, {"Error"}, "Message"));
}

}  // namespace skymarshal::auth

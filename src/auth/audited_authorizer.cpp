#include "auth/audited_authorizer.hpp"

#include "base/json_writer.hpp"
#include "http/retry_after.hpp"

#include <boost/asio/ip/address.hpp>

namespace skymarshal::auth {
namespace {

namespace asio = boost::asio;

constexpr std::string_view invoke_action = "execute-api:Invoke";

Error error_of(const Refusal& refusal) {
  if (refusal.reason == Reason::not_allowed) return make_error(Errc::forbidden, refusal.message);
  if (refusal.reason == Reason::identity_unavailable) {
    Error error = make_error(Errc::identity_unavailable, refusal.message);
    error.retry_after = refusal.retry_after.value_or(std::chrono::seconds(1));
    return error;
  }
  const bool is_unknown = refusal.reason == Reason::unknown_access_key;
  const Reason told = is_unknown ? Reason::signature_mismatch : refusal.reason;
  std::string details;
  JsonWriter json(details);
  json.begin_object().member("reason", to_text(told)).end_object();
  return make_error(Errc::unauthorized, refusal.message, std::move(details));
}

/// A wrong guess; not what says nothing of the caller, and not what was proven and may still not pass.
bool counts_as_failure(Reason reason) {
  return reason != Reason::missing_credentials && reason != Reason::not_allowed &&
         reason != Reason::identity_unavailable;
}

Error too_many_failures(Milliseconds retry_after) {
  Error error = make_error(Errc::rate_limited,
                           "too many requests from your address could not be authenticated: mend the "
                           "credentials, then try again later");
  error.retry_after = http::retry_after(retry_after);
  return error;
}

}  // namespace

std::string resource_of(std::string_view method, const http::Target& target) {
  std::string resource(method == "HEAD" ? std::string_view("GET") : method);
  resource += ' ';
  for (const std::string& segment : target.segments) {
    resource += '/';
    if (const auto id = Uuid::parse(segment)) {
      resource += id->view();
      continue;
    }
    for (const char c : segment) {
      if (c == '/')
        resource += "%2F";
      else if (c == '%')
        resource += "%25";
      else
        resource += c;
    }
  }
  return resource;
}

std::string address_group(std::string_view remote_address) {
  boost::system::error_code not_an_address;
  const auto address = asio::ip::make_address(std::string(remote_address), not_an_address);
  if (not_an_address || address.is_v4()) return std::string(remote_address);
  const asio::ip::address_v6 v6 = address.to_v6();
  if (v6.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string();
  asio::ip::address_v6::bytes_type network = v6.to_bytes();
  std::fill(network.begin() + 8, network.end(), static_cast<unsigned char>(0));
  return asio::ip::address_v6(network).to_string() + "/64";
}

/// What was decided, and what the audit log says of it.
struct AuditedAuthorizer::Outcome {
  std::string_view outcome = "accepted";
  std::string_view reason = {};
  /// Proven; empty if nobody was.
  std::string principal = {};
  /// Access key id, subject: as claimed where nobody was proven.
  std::string credential = {};
  Result<Principal> result = Principal{};
};

AuditedAuthorizer::AuditedAuthorizer(Options options, Authenticator& authenticator, const Clock& clock,
                                     Logger& log)
    : options_(options),
      authenticator_(authenticator),
      clock_(clock),
      log_(log),
      failures_({options.addresses_max, limits::SlidingWindows::WhenFull::forget_oldest}) {}

asio::awaitable<Result<Principal>> AuditedAuthorizer::authorize(gateway::Attempt attempt) {
  std::string resource = resource_of(attempt.request.method, attempt.target);
  const Outcome outcome = co_await decide(attempt, resource);
  audit(attempt, resource, outcome);
  co_return outcome.result;
}

asio::awaitable<AuditedAuthorizer::Outcome> AuditedAuthorizer::decide(gateway::Attempt attempt,
                                                                      std::string resource) {
  Outcome outcome;
  const std::string group = address_group(attempt.request.remote_address);
  const auto failures = failures_.peek(group, options_.failures, clock_.steady_now());
  if (!failures.admitted) {
    outcome.outcome = "limited";
    outcome.reason = "TOO_MANY_FAILURES";
    outcome.result = too_many_failures(failures.retry_after);
    co_return outcome;
  }
  const Verdict verdict = co_await authenticator_.authenticate(attempt.request);
  if (const Refusal* const refusal = std::get_if<Refusal>(&verdict)) {
    if (counts_as_failure(refusal->reason)) {
      failures_.take(group, options_.failures, clock_.steady_now());
    }
    outcome.outcome = refusal->reason == Reason::not_allowed ? "forbidden" : "refused";
    outcome.reason = to_text(refusal->reason);
    outcome.credential = refusal->claimed;
    outcome.result = error_of(*refusal);
    co_return outcome;
  }
  const Identity& identity = std::get<Identity>(verdict);
  outcome.principal = identity.principal.id;
  outcome.credential = identity.credential;
  if (identity.policy != nullptr && !identity.policy->allows(invoke_action, resource)) {
    outcome.outcome = "forbidden";
    outcome.reason = "POLICY";
    outcome.result =
        make_error(Errc::forbidden,
                   "your credentials are good, but their policy does not allow this: ask who gave them");
    co_return outcome;
  }
  outcome.result = identity.principal;
  co_return outcome;
}

/// The path stands without its query, which may hold a signature.
void AuditedAuthorizer::audit(const gateway::Attempt& attempt, std::string_view resource,
                              const Outcome& outcome) {
  const LogLevel level = outcome.outcome == "accepted" ? LogLevel::info : LogLevel::warning;
  if (!log_.enabled(level)) return;
  log_.write(level, "authentication",
             {{"request_id", attempt.request_id.view()},
              {"scheme", authenticator_.scheme()},
              {"outcome", outcome.outcome},
              {"reason", outcome.reason},
              {"principal", std::string_view(outcome.principal)},
              {"credential", std::string_view(outcome.credential)},
              {"remote_address", std::string_view(attempt.request.remote_address)},
              {"resource", resource}});
}

}  // namespace skymarshal::auth

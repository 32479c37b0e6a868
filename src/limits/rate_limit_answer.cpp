#include "limits/rate_limit_answer.hpp"

#include "base/json_writer.hpp"
#include "http/retry_after.hpp"

#include <string>

#include <fmt/format.h>

namespace skymarshal::limits {
namespace {

/// "60 s", or "500 ms" where it is no whole number of seconds.
std::string in_words(Milliseconds duration) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
  return duration == seconds ? fmt::format("{} s", seconds.count()) : fmt::format("{} ms", duration.count());
}

}  // namespace

void add_rate_limit_headers(const RateDecision& decision, http::Headers& headers) {
  if (decision.limit.requests <= 0) return;
  headers.add("RateLimit-Limit", std::to_string(decision.limit.requests));
  headers.add("RateLimit-Remaining", std::to_string(decision.remaining));
  const auto reset = std::chrono::ceil<std::chrono::seconds>(decision.reset_after);
  headers.add("RateLimit-Reset", std::to_string(reset.count()));
}

Error rate_limited(const RateDecision& decision) {
  const auto wait = http::retry_after(decision.retry_after);
  const std::string limit =
      fmt::format("{} in any {}", decision.exceeded.requests, in_words(decision.exceeded.window));
  std::string message =
      decision.by_account
          ? fmt::format("the gateway as a whole has taken all the requests it takes, {}: try again in {} s",
                        limit, wait.count())
          : fmt::format("you have used up your requests, {}: try again in {} s", limit, wait.count());
  std::string details;
  JsonWriter json(details);
  json.begin_object().member("scope", decision.by_account ? "account" : "principal");
  json.member("limit", decision.exceeded.requests);
  json.member("window_ms", static_cast<std::int64_t>(decision.exceeded.window.count()));
  json.member("retry_after_ms", static_cast<std::int64_t>(decision.retry_after.count())).end_object();
  Error error = make_error(Errc::rate_limited, std::move(message), std::move(details));
  error.retry_after = wait;
  return error;
}

}  // namespace skymarshal::limits

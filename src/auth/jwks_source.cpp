#include "auth/jwks_source.hpp"

#include "http/retry_after.hpp"

#include <utility>

namespace skymarshal::auth {
namespace {

namespace asio = boost::asio;
using Keys = RefreshedValue<JwkSet>;

asio::awaitable<Keys::FetchResult> fetch_from(std::shared_ptr<JwksOrigin> origin) {
  auto set = co_await origin->fetch();
  if (!set) co_return FetchFailure{set.error().message};
  co_return Keys::Fetched{*std::move(set)};
}

/// Why the keys cannot be had is for the log: it may name places that callers need not know.
Error keys_unavailable(const ValueUnavailable& failure) {
  Error error = make_error(Errc::identity_unavailable,
                           "tokens cannot be checked: their issuer's keys cannot be had; try again later");
  error.retry_after = http::retry_after(failure.retry_after);
  return error;
}

asio::awaitable<Result<SharedJwkSet>> as_of_the_port(asio::awaitable<Keys::Answer> asked) {
  Keys::Answer answer = co_await std::move(asked);
  if (!answer) co_return keys_unavailable(answer.error());
  co_return *std::move(answer);
}

}  // namespace

RefreshOptions jwks_refresh_options() {
  RefreshOptions options;
  options.failure_event = "jwks_not_fetched";
  options.lifetime = {std::chrono::minutes(10), std::chrono::hours(24)};
  return options;
}

JwksSource::JwksSource(const RefreshOptions& options, std::unique_ptr<JwksOrigin> origin,
                       const RefreshParts& parts)
    : keys_(
          options, [origin = std::shared_ptr<JwksOrigin>(std::move(origin))] { return fetch_from(origin); },
          parts) {}

asio::awaitable<Result<SharedJwkSet>> JwksSource::current() { return as_of_the_port(keys_.current()); }

asio::awaitable<Result<SharedJwkSet>> JwksSource::fetch_now() { return as_of_the_port(keys_.fetch_now()); }

asio::awaitable<SharedJwkSet> JwksSource::newer_than(SharedJwkSet seen) {
  return keys_.newer_than(std::move(seen));
}

}  // namespace skymarshal::auth

#include "app/access_control.hpp"

#include "auth/jwks_origin.hpp"
#include "auth/jwt_authenticator.hpp"
#include "auth/sigv4_authenticator.hpp"
#include "auth/sts_authenticator.hpp"
#include "http/url.hpp"
#include "net/tls.hpp"

#include <exception>
#include <optional>
#include <string_view>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace skymarshal::app {
namespace {

namespace asio = boost::asio;

constexpr Milliseconds file_look_interval{1'000};

Result<std::unique_ptr<auth::JwksOrigin>> jwks_origin(const settings::Settings& settings) {
  if (!http::looks_like_url(settings.get<"jwks">())) return auth::jwks_file(settings.get<"jwks">());
  const http::Endpoint endpoint = http::parse_endpoint(settings.get<"jwks">()).value();
  std::optional<net::TlsContext> tls;
  if (endpoint.secure()) {
    auto context = net::TlsContext::client(settings.get<"jwks_ca_file">());
    if (!context) return make_error(Errc::invalid_request, context.error().message);
    tls = *std::move(context);
  }
  return auth::jwks_url(endpoint, {}, std::move(tls));
}

/// A file costs no more than a look at its date, so a change of it is seen at once.
RefreshOptions jwks_options(const settings::Settings& settings) {
  RefreshOptions options = auth::jwks_refresh_options();
  if (http::looks_like_url(settings.get<"jwks">())) return options;
  options.lifetime.refresh_after = file_look_interval;
  options.newer_pause = file_look_interval;
  options.retry_pause_max = file_look_interval;
  return options;
}

/// Waits for it.
Result<auth::SharedJwkSet> look_now(auth::JwksSource& jwks) {
  asio::io_context io;
  Result<auth::SharedJwkSet> found;
  asio::co_spawn(io, jwks.current(), [&found](std::exception_ptr failure, Result<auth::SharedJwkSet> set) {
    if (failure) std::rethrow_exception(failure);
    found = std::move(set);
  });
  io.run();
  return found;
}

}  // namespace

Result<std::unique_ptr<AccessControl>> AccessControl::open(const settings::Settings& settings,
                                                           const Clock& clock, RandomSource& random,
                                                           Logger& log) {
  std::unique_ptr<AccessControl> access(new AccessControl);
  if (settings.get<"auth">() == "none") {
    access->authorizer_ = std::make_unique<gateway::OpenAuthorizer>();
    return access;
  }
  Result<void> opened;
  if (settings.get<"auth">() == "iam") opened = access->open_keys(settings, clock, random, log);
  if (settings.get<"auth">() == "jwt") opened = access->open_tokens(settings, clock, random, log);
  if (settings.get<"auth">() == "sts") opened = access->open_identities(settings, clock);
  if (!opened) return opened.error();
  auth::AuditedAuthorizer::Options options;
  options.failures.requests = settings.get<"auth_failures_max">();
  access->authorizer_ =
      std::make_unique<auth::AuditedAuthorizer>(options, *access->authenticator_, clock, log);
  return access;
}

void AccessControl::look() {
  if (keys_) keys_->reload_if_changed();
}

boost::asio::awaitable<void> AccessControl::reload() {
  look();
  // Why there are none, the source says in the log; those that it has stay.
  if (jwks_) (void)co_await jwks_->fetch_now();
}

Result<void> AccessControl::open_keys(const settings::Settings& settings, const Clock& clock,
                                      RandomSource& random, Logger& log) {
  auto keys = auth::KeyStore::open(settings.get<"keys">(), {random, clock, log});
  if (!keys) return keys.error();
  keys_ = *std::move(keys);
  aws::VerifierOptions options;
  options.region = settings.get<"auth_region">();
  authenticator_ = std::make_unique<auth::Sigv4Authenticator>(*keys_, std::move(options), clock);
  return {};
}

Result<void> AccessControl::open_tokens(const settings::Settings& settings, const Clock& clock,
                                        RandomSource& random, Logger& log) {
  auto origin = jwks_origin(settings);
  if (!origin) return origin.error();
  jwks_ = std::make_unique<auth::JwksSource>(jwks_options(settings), *std::move(origin),
                                             RefreshParts{clock, random, log});
  if (!http::looks_like_url(settings.get<"jwks">())) {
    // A file is there or is not; an issuer may well be down while this server starts.
    const auto found = look_now(*jwks_);
    if (!found) return make_error(Errc::invalid_request, "jwks: " + found.error().message);
  }
  auth::JwtOptions options;
  options.rules.issuer = settings.get<"jwt_issuer">();
  options.rules.audiences = settings.get<"jwt_audiences">();
  options.rules.subject_claim = settings.get<"jwt_subject_claim">();
  options.rules.tier_claim = settings.get<"jwt_tier_claim">();
  options.rules.required_scope = settings.get<"jwt_scope">();
  authenticator_ = std::make_unique<auth::JwtAuthenticator>(std::move(options), *jwks_, clock);
  return {};
}

Result<void> AccessControl::open_identities(const settings::Settings& settings, const Clock& clock) {
  auth::StsOptions options;
  options.server_id = settings.get<"sts_server_id">();
  options.allowed_principals = settings.get<"sts_allowed_principals">();
  if (!settings.get<"sts_endpoint">().empty()) {
    options.endpoint_override = http::parse_endpoint(settings.get<"sts_endpoint">()).value();
  }
  auto tls = net::TlsContext::client({});
  if (!tls) return make_error(Errc::invalid_request, tls.error().message);
  authenticator_ = std::make_unique<auth::StsAuthenticator>(std::move(options), *std::move(tls), clock);
  return {};
}

}  // namespace skymarshal::app

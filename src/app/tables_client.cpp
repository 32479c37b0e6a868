#include "app/tables_client.hpp"

#include "http/url.hpp"
#include "net/tls.hpp"
#include "settings/access_settings.hpp"

#include <optional>
#include <utility>

namespace skymarshal::app {
namespace {

/// A report goes on behind the back of whoever has stopped waiting for it, but not for long.
constexpr Milliseconds report_timeout_max{1'000};

}  // namespace

dynamodb::TableNames table_names(const settings::Settings& settings) {
  return {settings.get<"session_table_name">(), settings.get<"invocation_table_name">(),
          settings.get<"limit_table_name">()};
}

http::Endpoint tables_endpoint(const settings::Settings& settings, const AwsAccess& aws) {
  const std::string& named = settings.get<"dynamodb_endpoint">();
  return named.empty() ? dynamodb::regional_endpoint(aws.region(), settings.get<"aws_use_fips_endpoint">())
                       : http::parse_endpoint(named).value();
}

Result<std::unique_ptr<dynamodb::Client>> open_tables_client(const settings::Settings& settings,
                                                             AwsAccess& aws, const Clock& clock,
                                                             RandomSource& random,
                                                             Milliseconds call_timeout) {
  dynamodb::ClientOptions options;
  options.region = aws.region();
  options.endpoint = tables_endpoint(settings, aws);
  options.call_timeout = call_timeout;
  std::optional<net::TlsContext> tls;
  if (options.endpoint.secure()) {
    auto context = net::TlsContext::client({});
    if (!context) return make_error(Errc::store_unavailable, context.error().message);
    tls = *std::move(context);
  }
  return std::make_unique<dynamodb::Client>(std::move(options), std::move(tls),
                                            dynamodb::Client::Parts{aws.credentials(), clock, random});
}

bool shares_rate_limits(const settings::Settings& settings) {
  const std::string& named = settings.get<"rate_limit_store">();
  return named.empty() ? settings.get<"store">() == "dynamodb" : named == "dynamodb";
}

Result<std::unique_ptr<dynamodb::SharedRateLimiter>> open_shared_limits(const settings::Settings& settings,
                                                                        const SharedLimitParts& parts) {
  const auto aws = parts.aws();
  if (!aws) return aws.error();
  auto client = open_tables_client(settings, **aws, parts.clock, parts.random,
                                   std::min(report_timeout_max, settings.get<"dynamodb_timeout_ms">()));
  if (!client) return client.error();
  dynamodb::SharedRateLimiterOptions options;
  options.table = settings.get<"limit_table_name">();
  options.lease_percent = static_cast<int>(settings.get<"rate_limit_lease_percent">());
  return std::make_unique<dynamodb::SharedRateLimiter>(
      std::move(options), settings::rate_limits(settings),
      dynamodb::SharedRateLimiter::Parts{parts.local, *std::move(client), parts.clock, parts.random,
                                         parts.log});
}

}  // namespace skymarshal::app

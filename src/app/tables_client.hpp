// A client of DynamoDB by the settings: for the stores, the shared rate limits and the commands about tables.
#pragma once

#include "app/aws_access.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "dynamodb/client.hpp"
#include "dynamodb/shared_rate_limiter.hpp"
#include "dynamodb/tables.hpp"
#include "settings/settings.hpp"

#include <functional>
#include <memory>

namespace skymarshal::app {

dynamodb::TableNames table_names(const settings::Settings& settings);
http::Endpoint tables_endpoint(const settings::Settings& settings, const AwsAccess& aws);

/// What it is given must outlive it. Errors say what to do.
Result<std::unique_ptr<dynamodb::Client>> open_tables_client(const settings::Settings& settings,
                                                             AwsAccess& aws, const Clock& clock,
                                                             RandomSource& random, Milliseconds call_timeout);

/// Whether requests are counted for all gateways together.
bool shares_rate_limits(const settings::Settings& settings);
/// Where they are. The parts must outlive it.
struct SharedLimitParts {
  std::function<Result<AwsAccess*>()> aws;
  limits::LocalRateLimiter& local;
  const Clock& clock;
  RandomSource& random;
  Logger& log;
};
Result<std::unique_ptr<dynamodb::SharedRateLimiter>> open_shared_limits(const settings::Settings& settings,
                                                                        const SharedLimitParts& parts);

}  // namespace skymarshal::app

// The stores that the settings name, SQLite's or DynamoDB's, behind the outbox that keeps ends while they are
// away; and the gateways that share them.
#pragma once

#include "app/aws_access.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "invocations/fleet.hpp"
#include "invocations/invocation_store.hpp"
#include "invocations/session_store.hpp"
#include "settings/settings.hpp"
#include "store/sqlite_invocation_store.hpp"
#include "store/sqlite_session_store.hpp"

#include <functional>
#include <memory>
#include <string>

namespace skymarshal::app {

struct Stores {
  std::unique_ptr<invocations::SessionStore> sessions;
  std::unique_ptr<invocations::InvocationStore> invocations;
  std::unique_ptr<invocations::Fleet> fleet;
  /// Old items go by themselves: nobody has to look for them.
  bool cleans_itself = false;
};

struct StoreParts {
  /// Credentials and region, opened when they are needed, which is once.
  std::function<Result<AwsAccess*>()> aws;
  const Clock& clock;
  RandomSource& random;
  Logger& log;
};

/// Errc::store_unavailable, with what to do. The parts must outlive the stores.
Result<Stores> open_stores(const settings::Settings& settings, const StoreParts& parts);

/// The sessions alone and without an outbox, for whoever comes beside a gateway. Errors as above.
Result<std::unique_ptr<invocations::SessionStore>> open_session_store(const settings::Settings& settings,
                                                                      const StoreParts& parts);

/// By which the stores know what this gateway runs: the same after its restart, and nobody else's.
std::string runner_name(const settings::Settings& settings);

/// How long a request can have its session's turn: its wait for a slot, its run, and an hour to keep its end.
Milliseconds turn_time_max(const settings::Settings& settings);

/// The options of the parts, by the settings.
store::SqliteSessionStore::Options store_options(const settings::Settings& settings);
store::SqliteInvocationStore::Options invocation_store_options(const settings::Settings& settings);

}  // namespace skymarshal::app

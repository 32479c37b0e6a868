#include "app/stores.hpp"

#include "app/tables_client.hpp"
#include "dynamodb/fleet.hpp"
#include "dynamodb/invocation_store.hpp"
#include "dynamodb/session_store.hpp"
#include "store/outbox.hpp"
#include "store/outbox_invocation_store.hpp"
#include "store/outbox_session_store.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::app {
namespace {

/// An end that takes longer waits in the outbox, and its caller does not.
constexpr std::chrono::seconds shared_save_time_max{1};

bool is_shared(const settings::Settings& settings) { return settings.get<"store">() == "dynamodb"; }

std::filesystem::path outbox_path(const settings::Settings& settings) {
  const std::string& named = settings.get<"outbox">();
  return named.empty() ? settings.get<"database">() + ".outbox" : named;
}

std::string host_name() {
  std::array<char, 256> name{};
  // Without one, the file's name has to do: it is this gateway's own on its machine.
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

/// What stands behind the outbox.
struct Behind {
  store::Outbox::Inner stores;
  std::unique_ptr<invocations::Fleet> fleet;
};

Result<Behind> open_sqlite(const settings::Settings& settings, const StoreParts& parts) {
  const auto connections = store::SqliteConnections::open(store_options(settings).file);
  if (!connections) {
    return make_error(Errc::store_unavailable,
                      fmt::format("cannot open the database '{}': {}", settings.get<"database">(),
                                  connections.error().message));
  }
  Behind behind;
  behind.stores.sessions =
      std::make_unique<store::SqliteSessionStore>(store_options(settings), *connections, parts.clock);
  behind.stores.invocations = std::make_unique<store::SqliteInvocationStore>(
      invocation_store_options(settings), *connections, parts.clock);
  behind.fleet = std::make_unique<invocations::LoneGateway>();
  return behind;
}

Result<std::shared_ptr<dynamodb::TableAccess>> open_tables(const settings::Settings& settings, AwsAccess& aws,
                                                           const StoreParts& parts) {
  auto client =
      open_tables_client(settings, aws, parts.clock, parts.random, settings.get<"dynamodb_timeout_ms">());
  if (!client) return client.error();
  dynamodb::StoreOptions options;
  options.names = table_names(settings);
  options.expire_after = std::chrono::minutes(settings.get<"session_expire_minutes">());
  options.retain_for = std::chrono::days(settings.get<"session_retain_days">());
  options.journal_retain = std::chrono::hours(settings.get<"journal_retain_hours">());
  options.readable_bytes_max = static_cast<std::size_t>(settings.get<"dynamodb_readable_bytes_max">());
  return std::make_shared<dynamodb::TableAccess>(std::move(options), *std::move(client), parts.clock,
                                                 parts.random, parts.log);
}

Result<Behind> open_dynamodb(const settings::Settings& settings, const StoreParts& parts) {
  const auto aws = parts.aws();
  if (!aws) return aws.error();
  auto access = open_tables(settings, **aws, parts);
  if (!access) return access.error();
  dynamodb::Fleet::Options fleet;
  fleet.runner = runner_name(settings);
  fleet.lease = settings.get<"lease_ms">();
  fleet.clock_difference_max = fleet.lease / 2;
  fleet.turn_time_max = turn_time_max(settings);
  // By a connection of its own: where the tables throttle, signs of life are no part of the crowd.
  auto signs_of_life = open_tables(settings, **aws, parts);
  if (!signs_of_life) return signs_of_life.error();
  Behind behind;
  behind.stores.sessions = std::make_unique<dynamodb::SessionStore>(*access);
  behind.stores.invocations = std::make_unique<dynamodb::InvocationStore>(*access);
  behind.fleet = std::make_unique<dynamodb::Fleet>(std::move(fleet), *signs_of_life, *access);
  return behind;
}

Result<Behind> open_behind(const settings::Settings& settings, const StoreParts& parts) {
  return is_shared(settings) ? open_dynamodb(settings, parts) : open_sqlite(settings, parts);
}

}  // namespace

Result<std::unique_ptr<invocations::SessionStore>> open_session_store(const settings::Settings& settings,
                                                                      const StoreParts& parts) {
  auto behind = open_behind(settings, parts);
  if (!behind) return behind.error();
  return std::move(behind->stores.sessions);
}

Result<Stores> open_stores(const settings::Settings& settings, const StoreParts& parts) {
  auto behind = open_behind(settings, parts);
  if (!behind) return behind.error();
  store::Outbox::Options outbox_options;
  outbox_options.path = outbox_path(settings);
  if (is_shared(settings)) outbox_options.deliver_timeout = shared_save_time_max;
  const std::string outbox_name = outbox_options.path.string();
  auto outbox = store::Outbox::open(std::move(outbox_options), std::move(behind->stores), parts.log);
  if (!outbox) {
    return make_error(Errc::store_unavailable,
                      fmt::format("cannot open the outbox '{}': {}", outbox_name, outbox.error().message));
  }
  store::OutboxSessionStore::Options session_options;
  session_options.expire_after = std::chrono::minutes(settings.get<"session_expire_minutes">());
  auto sessions = std::make_unique<store::OutboxSessionStore>(session_options, *outbox, parts.clock);
  Stores stores;
  stores.invocations = std::make_unique<store::OutboxInvocationStore>(*outbox, sessions->known());
  stores.sessions = std::move(sessions);
  stores.fleet = std::move(behind->fleet);
  stores.cleans_itself = is_shared(settings);
  return stores;
}

/// The outbox is locked by the one process that uses it, and found again after its restart; on which machine,
/// matters where several share a store.
std::string runner_name(const settings::Settings& settings) {
  std::error_code failed;
  const std::filesystem::path path = std::filesystem::absolute(outbox_path(settings), failed);
  const std::string file = failed ? outbox_path(settings).string() : path.string();
  return is_shared(settings) ? host_name() + ':' + file : file;
}

/// Whoever waits for a slot waits for as many rounds of runs as stand before it.
Milliseconds turn_time_max(const settings::Settings& settings) {
  const std::int64_t rounds_before =
      settings.get<"max_queued_invocations">() / settings.get<"max_concurrent_invocations">() + 1;
  return settings.get<"total_timeout_ms">() * (rounds_before + 1) + std::chrono::hours(1);
}

store::SqliteInvocationStore::Options invocation_store_options(const settings::Settings& settings) {
  store::SqliteInvocationStore::Options options;
  options.expire_after = std::chrono::minutes(settings.get<"session_expire_minutes">());
  options.journal_retain = std::chrono::hours(settings.get<"journal_retain_hours">());
  return options;
}

store::SqliteSessionStore::Options store_options(const settings::Settings& settings) {
  store::SqliteSessionStore::Options options;
  options.file.path = settings.get<"database">();
  options.expire_after = std::chrono::minutes(settings.get<"session_expire_minutes">());
  options.retain_for = std::chrono::days(settings.get<"session_retain_days">());
  return options;
}

}  // namespace skymarshal::app

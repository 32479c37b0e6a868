#include "app/wiring.hpp"

#include "app/drain.hpp"
#include "app/runtime_choice.hpp"
#include "app/tables_client.hpp"
#include "base/spawn.hpp"
#include "http/url.hpp"
#include "invocations/recovery.hpp"
#include "settings/access_settings.hpp"

#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>

namespace skymarshal::app {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::hours clean_up_interval{1};
constexpr Milliseconds file_watch_interval{500};

std::size_t size(std::int64_t number) { return static_cast<std::size_t>(number); }

Logger::Options log_options(const settings::Settings& settings) {
  Logger::Options options;
  options.level = parse_log_level(settings.get<"log_level">()).value();
  return options;
}

void log_removed(const Result<std::size_t>& removed, std::string_view what, Logger& log) {
  if (!removed) {
    log.warning("clean_up_failed", {{"error_message", std::string_view(removed.error().message)}});
  } else if (*removed > 0) {
    log.info(what, {{"count", static_cast<std::int64_t>(*removed)}});
  }
}

asio::awaitable<void> clean_up(invocations::SessionStore& sessions, invocations::InvocationStore& invocations,
                               Logger& log) {
  log_removed(co_await sessions.remove_old(), "sessions_removed", log);
  log_removed(co_await invocations.remove_old_journals(), "journals_removed", log);
}

/// Runs to its end on this thread. The loop must outlive whoever still has to do with it.
void run_now(asio::io_context& io, asio::awaitable<void> work) {
  auto done = asio::co_spawn(io, std::move(work), asio::use_future);
  io.run();
  io.restart();
  done.get();
}

/// Keys and limits change under a running server.
asio::awaitable<void> look_at_files(AccessControl& access, settings::SettingsWatch& settings) {
  access.look();
  settings.look();
  co_return;
}

asio::awaitable<void> reload_files(AccessControl& access, settings::SettingsWatch& settings) {
  settings.look();
  co_await access.reload();
}

}  // namespace

gateway::GatewayOptions gateway_options(const settings::Settings& settings) {
  gateway::GatewayOptions options;
  options.version = SKYMARSHAL_VERSION;
  options.allowed_origins = settings.get<"allowed_origins">();
  options.own_scheme = settings.get<"tls_cert">().empty() ? "http" : "https";
  options.keep_alive = settings.get<"keep_alive_ms">();
  options.disconnect_grace = settings.get<"disconnect_grace_ms">();
  options.buffered_wait = settings.get<"buffered_wait_ms">();
  options.keep_streams = settings.get<"keep_streams">();
  invocations::InvocationService::Options& invocations = options.invocations;
  invocations.gate.running_max = static_cast<int>(settings.get<"max_concurrent_invocations">());
  invocations.gate.queued_max = static_cast<int>(settings.get<"max_queued_invocations">());
  invocations.turns.when_busy = settings.get<"session_concurrency">() == "reject"
                                    ? invocations::SessionTurns::WhenBusy::reject
                                    : invocations::SessionTurns::WhenBusy::queue;
  invocations.turns.queued_per_session_max = size(settings.get<"max_queued_per_session">());
  invocations.journal_bytes_max = size(settings.get<"journal_bytes_max">());
  invocations.runner = runner_name(settings);
  invocations.shared_turn.sure_for = settings.get<"lease_ms">();
  return options;
}

server::ServerOptions server_options(const settings::Settings& settings) {
  const http::HostPort address = http::parse_host_port(settings.get<"listen">()).value();
  server::ServerOptions options;
  options.host = address.host;
  options.port = address.port;
  options.threads = static_cast<unsigned>(settings.get<"threads">());
  options.connections_max = size(settings.get<"max_connections">());
  options.connection.limits.header_bytes_max = size(settings.get<"header_bytes_max">());
  options.connection.limits.target_bytes_max = size(settings.get<"target_bytes_max">());
  options.connection.limits.body_bytes_max = size(settings.get<"body_bytes_max">());
  options.connection.header_timeout = settings.get<"header_timeout_ms">();
  options.connection.body_timeout = settings.get<"body_timeout_ms">();
  options.connection.idle_timeout = settings.get<"idle_timeout_ms">();
  options.connection.write_timeout = settings.get<"write_timeout_ms">();
  return options;
}

runtime::WebSocketRuntimeOptions runtime_options(const settings::Settings& settings,
                                                 const http::Endpoint& endpoint) {
  runtime::WebSocketRuntimeOptions options;
  options.endpoint = endpoint;
  // Its kind and not its address, which callers need not know.
  options.name = settings.get<"runtime_url">().empty() ? "embedded" : "websocket";
  options.connect_timeout = settings.get<"connect_timeout_ms">();
  options.first_message_timeout = settings.get<"first_message_timeout_ms">();
  options.silence_timeout = settings.get<"silence_timeout_ms">();
  options.total_timeout = settings.get<"total_timeout_ms">();
  options.websocket.close_timeout = settings.get<"close_timeout_ms">();
  options.ping_interval = settings.get<"ping_interval_ms">();
  options.websocket.message_bytes_max = size(settings.get<"message_bytes_max">());
  options.websocket.fragment_bytes_max = size(settings.get<"fragment_bytes_max">());
  options.retry.delays = settings.get<"retry_delays_ms">();
  return options;
}

Result<std::unique_ptr<GatewayService>> GatewayService::open(settings::LoadedSettings settings,
                                                             settings::SettingsOrigin origin,
                                                             Environment environment) {
  std::unique_ptr<GatewayService> service(
      new GatewayService(std::move(settings), std::move(origin), std::move(environment)));
  for (const auto step :
       {&GatewayService::open_access, &GatewayService::open_store, &GatewayService::open_limits,
        &GatewayService::connect_runtime, &GatewayService::open_server}) {
    const Result<void> done = ((*service).*step)();
    if (!done) return done.error();
  }
  return service;
}

GatewayService::GatewayService(settings::LoadedSettings settings, settings::SettingsOrigin origin,
                               Environment environment)
    : settings_(settings.values),
      environment_(std::move(environment)),
      log_(log_options(settings_), clock_),
      limiter_(settings::rate_limits(settings_), clock_),
      settings_watch_(
          std::move(origin), settings, [this](const settings::Settings& fresh) { set_limits(fresh); }, log_) {
}

GatewayService::~GatewayService() { stop(); }

Result<AwsAccess*> GatewayService::aws() {
  if (!aws_) {
    auto access = AwsAccess::open(settings_, environment_, {clock_, random_, log_});
    if (!access) return access.error();
    aws_ = *std::move(access);
  }
  return aws_.get();
}

Result<void> GatewayService::open_access() {
  auto access = AccessControl::open(settings_, clock_, random_, log_);
  if (!access) return access.error();
  access_ = *std::move(access);
  return {};
}

Result<void> GatewayService::open_limits() {
  if (!shares_rate_limits(settings_)) return {};
  auto shared = open_shared_limits(settings_, {[this] { return aws(); }, limiter_, clock_, random_, log_});
  if (!shared) return shared.error();
  shared_limiter_ = *std::move(shared);
  return {};
}

void GatewayService::set_limits(const settings::Settings& fresh) {
  limiter_.set_limits(settings::rate_limits(fresh));
  if (shared_limiter_) shared_limiter_->set_limits(settings::rate_limits(fresh));
}

Result<void> GatewayService::open_store() {
  auto stores = open_stores(settings_, {[this] { return aws(); }, clock_, random_, log_});
  if (!stores) return stores.error();
  stores_ = *std::move(stores);
  started_at_ = clock_.wall_now();
  run_now(background_, join_fleet());
  return {};
}

/// Before anything is begun. A store that cannot say what was left running does not keep the gateway from
/// starting: they are told as running until it can.
asio::awaitable<void> GatewayService::end_interrupted() {
  const invocations::IsLeft is_left = [this](const invocations::InvocationRecord& record) {
    return is_of_a_life_before(record.request_id, record.accepted_at);
  };
  const auto ended =
      co_await invocations::end_interrupted(*stores_.invocations, runner_name(settings_), clock_, is_left);
  if (!ended) {
    log_.error("interrupted_not_ended", {{"error_message", std::string_view(ended.error().message)}});
    co_return;
  }
  interrupted_are_ended_ = true;
  if (*ended > 0) log_.warning("interrupted_ended", {{"count", static_cast<std::int64_t>(*ended)}});
}

asio::awaitable<Result<bool>> GatewayService::is_of_a_life_before(RequestId id, WallTime accepted_at) {
  co_return !gateway_ || (accepted_at < started_at_ && !gateway_->runs(id));
}

asio::awaitable<void> GatewayService::join_fleet() {
  co_await live_on();
  co_await end_interrupted();
}

/// Says that this gateway lives, and hears what others want of it.
asio::awaitable<void> GatewayService::live_on() {
  const auto asked = co_await stores_.fleet->renew();
  if (!asked) {
    log_.warning("lease_not_renewed", {{"error_message", std::string_view(asked.error().message)}});
    co_return;
  }
  for (const RequestId& id : *asked) {
    if (gateway_) gateway_->cancel_here(id);
  }
}

/// What still waits in the outbox is this gateway's: then its lease runs out, and others end what they find.
asio::awaitable<void> GatewayService::leave_fleet() {
  if (!gateway_->idle() || stores_.sessions->outboxed() > 0) co_return;
  const auto resigned = co_await stores_.fleet->resign();
  if (!resigned)
    log_.warning("lease_not_ended", {{"error_message", std::string_view(resigned.error().message)}});
}

/// What they left is ended, by whoever comes first.
asio::awaitable<void> GatewayService::bury_the_dead() {
  const auto dead = co_await stores_.fleet->dead_runners();
  if (!dead) {
    log_.warning("fleet_not_looked_at", {{"error_message", std::string_view(dead.error().message)}});
    co_return;
  }
  for (const std::string& runner : *dead) {
    // It may have come back while what it runs is ended, one after the other.
    const invocations::IsLeft is_left = [this, runner](const invocations::InvocationRecord&) {
      return stores_.fleet->is_dead(runner);
    };
    const auto ended = co_await invocations::end_interrupted(*stores_.invocations, runner, clock_, is_left);
    if (ended) (void)co_await stores_.fleet->bury(runner);
    log_.warning("gateway_dead", {{"runner", std::string_view(runner)},
                                  {"interrupted", static_cast<std::int64_t>(ended ? *ended : 0)},
                                  {"all_ended", ended.has_value()}});
  }
}

asio::awaitable<void> GatewayService::look_at_dependencies() {
  if (!interrupted_are_ended_) co_await end_interrupted();
  co_await gateway_->settle_begins();
  co_await gateway_->health().probe();
}

Result<void> GatewayService::connect_runtime() {
  auto chosen = choose_runtime({settings_, clock_, random_, log_, [this] { return aws(); }});
  if (!chosen) return chosen.error();
  embedded_ = std::move(chosen->embedded);
  runtime_ = std::move(chosen->runtime);
  return {};
}

Result<void> GatewayService::open_server() {
  limits::RateLimiter* limiter = &limiter_;
  if (shared_limiter_) limiter = shared_limiter_.get();
  const gateway::Gateway::Ports ports{access_->authorizer(),
                                      *limiter,
                                      *runtime_,
                                      *stores_.sessions,
                                      *stores_.invocations,
                                      *stores_.fleet,
                                      clock_,
                                      random_,
                                      log_};
  gateway_ = std::make_unique<gateway::Gateway>(gateway_options(settings_), ports);

  std::optional<net::TlsContext> tls;
  if (!settings_.get<"tls_cert">().empty()) {
    auto context = net::TlsContext::server(settings_.get<"tls_cert">(), settings_.get<"tls_key">());
    if (!context) return make_error(Errc::invalid_request, context.error().message);
    tls = std::move(*context);
  }
  const server::ServerOptions options = server_options(settings_);
  const std::string_view scheme = tls ? "https" : "http";
  server_ = std::make_unique<server::Server>(options, *gateway_, std::move(tls), clock_, log_);
  const auto port = server_->listen();
  if (!port) {
    return make_error(port.error().code, port.error().message + "; --listen HOST:PORT names another address");
  }
  // The port is always named: whoever reads this line wants to know it.
  url_ = fmt::format("{}://{}", scheme, http::HostPort{options.host, *port}.text());
  return {};
}

void GatewayService::start() {
  const auto executor = background_.get_executor();
  spawn_rounds(
      executor, settings_.get<"probe_interval_ms">(), [this] { return look_at_dependencies(); }, log_,
      "dependencies");
  if (!stores_.cleans_itself) {
    spawn_rounds(
        executor, clean_up_interval,
        [this] { return clean_up(*stores_.sessions, *stores_.invocations, log_); }, log_, "clean_up");
  }
  const Milliseconds lease = settings_.get<"lease_ms">();
  spawn_rounds(executor, lease / 4, [this] { return live_on(); }, log_, "live_on");
  spawn_rounds(executor, lease / 2, [this] { return bury_the_dead(); }, log_, "bury_the_dead");
  spawn_rounds(
      executor, file_watch_interval, [this] { return look_at_files(*access_, settings_watch_); }, log_,
      "file_watch");
  background_thread_ = std::thread([this] { background_.run(); });
  server_->start();
  log_.info("serving", {{"address", std::string_view(url_)},
                        {"runtime", runtime_->name()},
                        {"auth", std::string_view(settings_.get<"auth">())},
                        {"edge", std::string_view(settings_.get<"edge">())},
                        {"version", std::string_view(SKYMARSHAL_VERSION)}});
}

void GatewayService::reload() {
  log_.info("reloading", {});
  spawn_or_log(background_.get_executor(), reload_files(*access_, settings_watch_), log_, "reload");
}

void GatewayService::stop() {
  if (background_thread_.joinable()) {
    log_.info("stopping", {{"shutdown_delay_ms", std::int64_t{settings_.get<"shutdown_delay_ms">().count()}},
                           {"drain_timeout_ms", std::int64_t{settings_.get<"drain_timeout_ms">().count()}}});
    drain(*gateway_, *server_, {settings_.get<"shutdown_delay_ms">(), settings_.get<"drain_timeout_ms">()},
          clock_, log_);
    // Neither looks nor clean-ups need to be finished.
    background_.stop();
    background_thread_.join();
    asio::io_context own_loop;
    run_now(own_loop, leave_fleet());
    log_.info("stopped", {});
  }
  if (embedded_) embedded_->stop();
}

}  // namespace skymarshal::app

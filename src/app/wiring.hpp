// The composition root: here, and nowhere else, the parts of the gateway are made and told of one another.
// Made, started and stopped from one controlling thread.
#pragma once

#include "app/access_control.hpp"
#include "app/aws_access.hpp"
#include "app/embedded_runtime.hpp"
#include "app/stores.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "dynamodb/shared_rate_limiter.hpp"
#include "gateway/gateway.hpp"
#include "invocations/agent_runtime.hpp"
#include "limits/local_rate_limiter.hpp"
#include "server/server.hpp"
#include "settings/settings.hpp"
#include "settings/settings_watch.hpp"

#include <map>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>

namespace skymarshal::app {

class GatewayService {
 public:
  using Environment = std::map<std::string, std::string>;

  /// Opens the store, starts the embedded runtime if the settings name no other, and binds the address.
  /// Errors say what to do. Settings must have passed check_for_serving. `origin` is where limits are read
  /// again. `environment`: the process's variables, for what is set there as for AWS's own tools.
  static Result<std::unique_ptr<GatewayService>> open(settings::LoadedSettings settings,
                                                      settings::SettingsOrigin origin = {},
                                                      Environment environment = {});
  /// Stops it.
  ~GatewayService();
  GatewayService(const GatewayService&) = delete;
  GatewayService& operator=(const GatewayService&) = delete;

  /// Begins to serve.
  void start();
  /// Where it can be reached: http://127.0.0.1:8080
  const std::string& url() const { return url_; }
  /// Looks at once at what is otherwise looked at now and then: keys, limits, token issuers' keys. From any
  /// thread.
  void reload();
  /// Ends gracefully: see drain(). Blocks until all of it has ended.
  void stop();

 private:
  GatewayService(settings::LoadedSettings settings, settings::SettingsOrigin origin, Environment environment);
  /// Opened when it is first needed.
  Result<AwsAccess*> aws();
  Result<void> open_access();
  Result<void> open_store();
  Result<void> open_limits();
  void set_limits(const settings::Settings& fresh);
  /// Of an earlier process; until it has succeeded.
  boost::asio::awaitable<void> end_interrupted();
  boost::asio::awaitable<Result<bool>> is_of_a_life_before(RequestId id, WallTime accepted_at);
  boost::asio::awaitable<void> join_fleet();
  boost::asio::awaitable<void> live_on();
  boost::asio::awaitable<void> bury_the_dead();
  boost::asio::awaitable<void> leave_fleet();
  boost::asio::awaitable<void> look_at_dependencies();
  Result<void> connect_runtime();
  Result<void> open_server();

  // What was made last is destroyed first. The store goes before the event loops that wait for its answers,
  // and the gateway after them, as what hangs in a loop may still hold places in the gateway's queues.
  settings::Settings settings_;
  const Environment environment_;
  std::string url_;
  SystemClock clock_;
  SystemRandom random_;
  Logger log_;
  std::unique_ptr<AwsAccess> aws_;
  std::unique_ptr<AccessControl> access_;
  limits::LocalRateLimiter limiter_;
  /// In front of which the other goes on; null where each gateway counts for itself.
  std::unique_ptr<dynamodb::SharedRateLimiter> shared_limiter_;
  settings::SettingsWatch settings_watch_;
  std::unique_ptr<EmbeddedRuntime> embedded_;
  std::unique_ptr<invocations::AgentRuntime> runtime_;
  std::unique_ptr<gateway::Gateway> gateway_;
  std::unique_ptr<server::Server> server_;
  boost::asio::io_context background_{1};
  Stores stores_;
  WallTime started_at_;
  bool interrupted_are_ended_ = false;
  std::thread background_thread_;
};

/// The options of the parts, by the settings.
gateway::GatewayOptions gateway_options(const settings::Settings& settings);
server::ServerOptions server_options(const settings::Settings& settings);

}  // namespace skymarshal::app

#include "app/runtime_choice.hpp"

#include "http/url.hpp"
#include "runtime/agentcore.hpp"
#include "runtime/agentcore_runtime.hpp"
#include "runtime/runtime_access.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::app {
namespace {

constexpr std::string_view embedded_name = "embedded";
constexpr std::string_view loopback = "127.0.0.1";

std::size_t bytes(std::int64_t number) { return static_cast<std::size_t>(number); }

void set_limits(runtime::RuntimeOptions& options, const settings::Settings& settings) {
  options.connect_timeout = settings.get<"connect_timeout_ms">();
  options.first_message_timeout = settings.get<"first_message_timeout_ms">();
  options.silence_timeout = settings.get<"silence_timeout_ms">();
  options.total_timeout = settings.get<"total_timeout_ms">();
  options.retry.delays = settings.get<"retry_delays_ms">();
}

Result<std::optional<net::TlsContext>> tls_towards(const http::Endpoint& endpoint,
                                                   const settings::Settings& settings) {
  if (!endpoint.secure()) return std::optional<net::TlsContext>();
  auto context = net::TlsContext::client(settings.get<"runtime_ca_file">());
  if (!context) return make_error(Errc::invalid_request, context.error().message);
  return std::optional<net::TlsContext>(*std::move(context));
}

/// By its scheme. Limits are those of the settings, whatever `door` has.
Result<std::unique_ptr<invocations::AgentRuntime>> runtime_at(const RuntimeParts& parts,
                                                              const runtime::RuntimeOptions& door) {
  auto tls = tls_towards(door.endpoint, parts.settings);
  if (!tls) return tls.error();
  const auto set_door = [&door](runtime::RuntimeOptions& options) {
    options.endpoint = door.endpoint;
    options.name = door.name;
    options.access = door.access;
    options.tells_principal = door.tells_principal;
  };
  std::unique_ptr<invocations::AgentRuntime> made;
  if (door.endpoint.scheme == "http" || door.endpoint.scheme == "https") {
    runtime::HttpRuntimeOptions options = http_options(parts.settings);
    set_door(options);
    made = std::make_unique<runtime::HttpRuntime>(std::move(options), *std::move(tls), parts.clock,
                                                  parts.random, parts.log);
  } else {
    runtime::WebSocketRuntimeOptions options = websocket_options(parts.settings);
    set_door(options);
    options.can_forget = door.name == embedded_name;
    if (door.access != nullptr) {
      options.websocket.fragment_bytes_max =
          std::min(options.websocket.fragment_bytes_max, runtime::agentcore_frame_bytes_max);
    }
    made = std::make_unique<runtime::WebSocketRuntime>(std::move(options), *std::move(tls), parts.clock,
                                                       parts.random, parts.log);
  }
  return made;
}

Result<ChosenRuntime> embedded_runtime(const RuntimeParts& parts) {
  auto options = agent_options(parts.settings, parts.random);
  if (!options) return options.error();
  // The gateway alone decides how much may run at once.
  options->connections_max =
      std::max(options->connections_max, 2 * bytes(parts.settings.get<"max_concurrent_invocations">()));
  ChosenRuntime chosen;
  chosen.embedded = std::make_unique<EmbeddedRuntime>(*std::move(options), parts.clock, parts.log);
  const auto port = chosen.embedded->start(std::string(loopback), 0);
  if (!port) return port.error();
  runtime::RuntimeOptions door;
  door.name = embedded_name;
  door.endpoint = http::parse_endpoint(fmt::format("ws://{}:{}/ws", loopback, *port)).value();
  auto made = runtime_at(parts, door);
  if (!made) return made.error();
  chosen.runtime = *std::move(made);
  return chosen;
}

Result<std::unique_ptr<runtime::RuntimeAccess>> agentcore_access(const RuntimeParts& parts,
                                                                 const std::string& region) {
  std::unique_ptr<runtime::RuntimeAccess> access;
  const std::string& token_file = parts.settings.get<"agentcore_bearer_token_file">();
  if (!token_file.empty()) {
    auto bearer = std::make_unique<runtime::BearerAccess>(token_file);
    const std::string problem = bearer->problem();
    if (!problem.empty()) return make_error(Errc::invalid_request, "agentcore_bearer_token_file: " + problem);
    access = std::move(bearer);
    return access;
  }
  auto aws = parts.aws();
  if (!aws) return aws.error();
  access = std::make_unique<runtime::SignedAccess>(region, (*aws)->credentials(), parts.clock);
  return access;
}

Result<runtime::AgentCoreAddress> agentcore_address(const settings::Settings& settings) {
  auto arn = runtime::parse_runtime_arn(settings.get<"agentcore_runtime_arn">());
  if (!arn) return arn.error();
  runtime::AgentCoreAddress address{*std::move(arn), settings.get<"agentcore_qualifier">()};
  address.use_fips = settings.get<"aws_use_fips_endpoint">();
  const std::string& given = settings.get<"agentcore_endpoint">();
  if (!given.empty()) address.override = http::parse_endpoint(given).value();
  return address;
}

Result<ChosenRuntime> agentcore_runtime(const RuntimeParts& parts) {
  const auto address = agentcore_address(parts.settings);
  if (!address) return address.error();
  const bool is_http = parts.settings.get<"agentcore_protocol">() == "http";
  const http::Endpoint stop = runtime::stop_endpoint(*address);
  auto access = agentcore_access(parts, address->arn.region);
  if (!access) return access.error();
  auto tls = tls_towards(stop, parts.settings);
  if (!tls) return tls.error();

  runtime::RuntimeOptions door;
  door.name = "agentcore";
  door.endpoint = is_http ? runtime::invocations_endpoint(*address) : runtime::websocket_endpoint(*address);
  door.access = access->get();
  door.tells_principal = parts.settings.get<"agentcore_user_id">();
  auto inner = runtime_at(parts, door);
  if (!inner) return inner.error();
  runtime::AgentCoreRuntime::Parts made{*std::move(access), *std::move(inner), stop, *std::move(tls),
                                        parts.random};
  runtime::RuntimeOptions limits;
  set_limits(limits, parts.settings);
  ChosenRuntime chosen;
  chosen.runtime = std::make_unique<runtime::AgentCoreRuntime>(
      std::move(made), runtime::AgentCoreRuntime::StopOptions{limits.connect_timeout, limits.retry});
  return chosen;
}

}  // namespace

runtime::WebSocketRuntimeOptions websocket_options(const settings::Settings& settings) {
  runtime::WebSocketRuntimeOptions options;
  set_limits(options, settings);
  options.websocket.close_timeout = settings.get<"close_timeout_ms">();
  options.ping_interval = settings.get<"ping_interval_ms">();
  options.websocket.message_bytes_max = bytes(settings.get<"message_bytes_max">());
  options.websocket.fragment_bytes_max = bytes(settings.get<"fragment_bytes_max">());
  return options;
}

runtime::HttpRuntimeOptions http_options(const settings::Settings& settings) {
  runtime::HttpRuntimeOptions options;
  set_limits(options, settings);
  options.message_bytes_max = bytes(settings.get<"message_bytes_max">());
  options.close_timeout = settings.get<"close_timeout_ms">();
  return options;
}

Result<ChosenRuntime> choose_runtime(const RuntimeParts& parts) {
  const std::string& url = parts.settings.get<"runtime_url">();
  const std::string& arn = parts.settings.get<"agentcore_runtime_arn">();
  if (!url.empty() && !arn.empty()) {
    return make_error(Errc::invalid_request,
                      "runtime_url and AGENTCORE_RUNTIME_ARN name two runtimes: set only one of them");
  }
  if (!arn.empty()) return agentcore_runtime(parts);
  if (url.empty()) return embedded_runtime(parts);
  runtime::RuntimeOptions door;
  door.endpoint = http::parse_endpoint(url).value();
  // Its kind and not its address, which callers need not know.
  door.name = door.endpoint.scheme.starts_with("ws") ? "websocket" : "http";
  auto made = runtime_at(parts, door);
  if (!made) return made.error();
  ChosenRuntime chosen;
  chosen.runtime = *std::move(made);
  return chosen;
}

}  // namespace skymarshal::app

#include "app/serve_command.hpp"

#include "app/embedded_runtime.hpp"
#include "app/signal_watch.hpp"
#include "app/wiring.hpp"
#include "http/url.hpp"
#include "settings/access_settings.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace skymarshal::app {
namespace {

cli::ExitCode refuse(const Error& error, cli::ExitCode code) {
  cli::print_error(error.message);
  return code;
}

/// The one line that whoever started the server waits for.
void announce(std::string_view what, std::string_view url) {
  fmt::print("{}: listening on {}\n", what, url);
  std::fflush(stdout);
}

}  // namespace

cli::ExitCode run_serve(const cli::ServeCommand& command, const cli::Environment& environment) {
  SignalWatch signals;
  auto loaded = cli::read_settings(command.settings, environment, settings::used_by_serve);
  if (!loaded) return refuse(loaded.error(), cli::ExitCode::usage);
  const Result<void> ready = settings::check_for_serving(loaded->values);
  if (!ready) return refuse(ready.error(), cli::ExitCode::usage);

  settings::SettingsOrigin origin;
  origin.file = command.settings.config_file;
  origin.load = [&command, &environment] {
    return cli::read_settings(command.settings, environment, settings::used_by_serve);
  };
  auto service = GatewayService::open(*std::move(loaded), std::move(origin), environment);
  if (!service) return refuse(service.error(), cli::ExitCode::failed);
  (*service)->start();
  announce("skymarshal", (*service)->url());
  signals.on_reload([&service] { (*service)->reload(); });
  signals.wait();
  (*service)->stop();
  signals.on_reload({});
  return cli::ExitCode::done;
}

cli::ExitCode run_runtime(const cli::RuntimeCommand& command, const cli::Environment& environment) {
  // There is nothing to reload: settings are read once, and of the airline's day the database tells.
  SignalWatch signals;
  const auto loaded = cli::read_settings(command.settings, environment, settings::used_by_runtime);
  if (!loaded) return refuse(loaded.error(), cli::ExitCode::usage);
  const settings::Settings& settings = loaded->values;
  const http::HostPort address = http::parse_host_port(settings.get<"listen">()).value();

  const SystemClock clock;
  Logger::Options log_options;
  log_options.level = parse_log_level(settings.get<"log_level">()).value();
  Logger log(log_options, clock);
  SystemRandom random;
  auto options = agent_options(settings, random);
  if (!options) return refuse(options.error(), cli::ExitCode::failed);
  options->stop_grace = settings.get<"drain_timeout_ms">();
  EmbeddedRuntime runtime(*std::move(options), clock, log);
  const auto port = runtime.start(address.host, address.port);
  if (!port) return refuse(port.error(), cli::ExitCode::failed);
  announce("skymarshal runtime", fmt::format("ws://{}/ws", http::HostPort{address.host, *port}.text()));
  signals.wait();
  runtime.stop();
  return cli::ExitCode::done;
}

}  // namespace skymarshal::app

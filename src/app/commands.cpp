#include "app/commands.hpp"

#include "app/keys_command.hpp"
#include "app/settings_file.hpp"
#include "app/settings_text.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace skymarshal::app {
namespace {

struct Run {
  const Environment& environment;

  ExitCode operator()(const ServeCommand& command) const { return run_serve(command, environment); }
  ExitCode operator()(const RuntimeCommand& command) const { return run_runtime(command, environment); }
  ExitCode operator()(const ConfigCommand& command) const { return run_config(command, environment); }
  ExitCode operator()(const InvokeCommand& command) const { return run_invoke(command, environment); }
  ExitCode operator()(const SessionsCommand& command) const { return run_sessions(command, environment); }
  ExitCode operator()(const CleanUpCommand& command) const { return run_clean_up(command, environment); }
  ExitCode operator()(const OpsImportCommand& command) const { return run_ops_import(command, environment); }
  ExitCode operator()(const OpsShowCommand& command) const { return run_ops_show(command, environment); }
  ExitCode operator()(const KeysCommand& command) const {
    const SystemClock clock;
    SystemRandom random;
    return run_keys(command, {clock, random});
  }
  ExitCode operator()(const VersionCommand&) const {
    fmt::print("skymarshal {}\n", SKYMARSHAL_VERSION);
    return ExitCode::done;
  }
  ExitCode operator()(const ShowText& text) const {
    fmt::print(text.is_error ? stderr : stdout, "{}", text.text);
    return text.is_error ? ExitCode::usage : ExitCode::done;
  }
};

}  // namespace

ExitCode run_command(const Command& command, const Environment& environment) {
  return std::visit(Run{environment}, command);
}

ExitCode run_config(const ConfigCommand& command, const Environment& environment) {
  if (command.markdown) {
    fmt::print("{}", settings_markdown());
    return ExitCode::done;
  }
  const auto loaded = load_settings(command.settings, environment);
  if (!loaded) {
    print_error(loaded.error().message);
    return ExitCode::usage;
  }
  fmt::print("{}", effective_settings_text(*loaded));
  return ExitCode::done;
}

Result<LoadedSettings> load_settings(const SettingArguments& arguments, const Environment& environment) {
  SettingSources sources;
  sources.flags = arguments.flags;
  sources.environment = environment;
  sources.dev = arguments.dev;
  if (!arguments.config_file.empty()) {
    auto file = read_settings_file(arguments.config_file);
    if (!file) return file.error();
    sources.file = std::move(*file);
  }
  return load_settings(sources);
}

void print_error(const std::string& message) {
  std::string_view rest = message;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    fmt::print(stderr, "skymarshal: {}\n", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace skymarshal::app

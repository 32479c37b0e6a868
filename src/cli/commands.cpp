#include "cli/commands.hpp"

#include "settings/settings_file.hpp"
#include "settings/settings_text.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

namespace skymarshal::cli {

ExitCode run_config(const ConfigCommand& command, const Environment& environment) {
  if (command.markdown) {
    fmt::print("{}", settings::settings_markdown());
    return ExitCode::done;
  }
  const auto loaded = read_settings(command.settings, environment, settings::used_by_serve);
  if (!loaded) {
    print_error(loaded.error().message);
    return ExitCode::usage;
  }
  fmt::print("{}", settings::effective_settings_text(*loaded));
  return ExitCode::done;
}

Result<settings::LoadedSettings> read_settings(const SettingArguments& arguments,
                                               const Environment& environment, settings::SettingUse use) {
  settings::SettingSources sources;
  sources.use = use;
  sources.flags = arguments.flags;
  sources.environment = environment;
  sources.dev = arguments.dev;
  if (!arguments.config_file.empty()) {
    auto file = settings::read_settings_file(arguments.config_file);
    if (!file) return file.error();
    sources.file = std::move(*file);
  }
  return settings::load_settings(sources);
}

void print_error(const std::string& message) {
  std::string_view rest = message;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    fmt::print(stderr, "skymarshal: {}\n", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace skymarshal::cli

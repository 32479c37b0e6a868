#include "cli/cli.hpp"

#include "cli/cli_parts.hpp"
#include "settings/settings.hpp"

#include <algorithm>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

/// As the documentation says it, without its marks.
std::string plain_text(std::string_view help) {
  std::string out;
  for (const char c : help) {
    if (c != '`') out += c;
  }
  return out;
}

std::string setting_help(const settings::Setting& setting) {
  std::string text = plain_text(setting.help);
  if (const std::string range = settings::range_of(setting); !range.empty()) text += " " + range + ".";
  const std::string fallback =
      setting.fallback.empty() ? plain_text(setting.fallback_note) : std::string(setting.fallback);
  text += fmt::format(" Default: {}.", fallback);
  return text;
}

void add_serve(CLI::App& root, Parsed& parsed) {
  CLI::App* const serve = root.add_subcommand("serve", "Serve the HTTP API.");
  serve->add_flag("--dev", parsed.dev,
                  "For trying things out on this machine: auth none, any web page may call.");
  add_settings(*serve, parsed, settings::used_by_serve);
  serve->footer(
      "Prints one line when it is ready. SIGTERM or Ctrl-C: takes no new work, lets running invocations "
      "end,\n"
      "exits with 0; a second signal ends it at once.\n\n"
      "Each setting can also be given by environment variable or in the file: see 'skymarshal config'.\n\n"
      "Examples:\n"
      "  skymarshal serve --dev\n"
      "  skymarshal keys add --file keys.json --principal arn:aws:iam::123456789012:user/ops\n"
      "  skymarshal serve --keys keys.json --runtime-url ws://127.0.0.1:9000/ws --database "
      "/srv/skymarshal.db\n"
      "  skymarshal serve --config /etc/skymarshal.toml");
}

void add_runtime(CLI::App& root, Parsed& parsed) {
  CLI::App* const runtime =
      root.add_subcommand("runtime", "Serve the embedded agents alone: /ws, /ping and /invocations.");
  add_settings(*runtime, parsed, settings::used_by_runtime);
  runtime->footer(
      "Speaks AgentCore's container contract. It asks nobody who they are: keep it on this machine, or "
      "behind\n"
      "something that does.\n\n"
      "Examples:\n"
      "  skymarshal runtime --listen 127.0.0.1:9000\n"
      "  skymarshal serve --auth none --runtime-url ws://127.0.0.1:9000/ws");
}

void add_config(CLI::App& root, Parsed& parsed) {
  CLI::App* const config =
      root.add_subcommand("config", "Print the settings in effect and where each comes from.");
  config->add_flag("--markdown", parsed.markdown, "Print the documentation of all settings instead.");
  config->add_flag("--dev", parsed.dev, "As of serve.");
  add_settings(*config, parsed, settings::used_by_serve);
  config->footer(
      "Order: flag, environment variable, file, --dev, default. The output is a valid --config file.\n\n"
      "Example:\n"
      "  SKYMARSHAL_THREADS=4 skymarshal config --config /etc/skymarshal.toml");
}

/// What the parsed command line asks for.
Command command_of(const CLI::App& root, Parsed& parsed) {
  if (root.got_subcommand("serve")) return ServeCommand{parsed.settings()};
  if (root.got_subcommand("runtime")) return RuntimeCommand{parsed.settings()};
  if (root.got_subcommand("config")) return ConfigCommand{parsed.settings(), parsed.markdown};
  if (root.got_subcommand("version")) return VersionCommand{};
  if (root.got_subcommand("keys")) return parsed.keys;
  if (root.got_subcommand("ops")) {
    parsed.import_day.settings = parsed.settings();
    parsed.show_flight.settings = parsed.settings();
    if (root.get_subcommand("ops")->got_subcommand("import")) return parsed.import_day;
    return parsed.show_flight;
  }
  if (root.got_subcommand("store")) {
    parsed.store.settings = parsed.settings();
    return parsed.store;
  }
  if (root.got_subcommand("invoke")) {
    parsed.invoke.endpoint = parsed.endpoint;
    return parsed.invoke;
  }
  if (root.got_subcommand("invocations")) {
    parsed.invocations.endpoint = parsed.endpoint;
    return parsed.invocations;
  }
  if (root.get_subcommand("sessions")->got_subcommand("cleanup")) return CleanUpCommand{parsed.settings()};
  parsed.sessions.endpoint = parsed.endpoint;
  return parsed.sessions;
}

/// The command that was asked for, as far as it was understood.
const CLI::App& command_asked_for(const CLI::App& root) {
  const CLI::App* command = &root;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

/// "skymarshal sessions list"
std::string full_name(const CLI::App& command) {
  const CLI::App* const parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

/// " (did you mean --listen?)", or nothing where no name is like it.
std::string suggestion(std::string_view wrong, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  const auto distance = [wrong](const std::string& name) { return settings::edit_distance(wrong, name); };
  const std::string& nearest = *std::ranges::min_element(names, {}, distance);
  if (2 * distance(nearest) > nearest.size()) return {};
  return fmt::format(" (did you mean {}?)", nearest);
}

/// What is wrong with the first argument that no command takes; empty if there is none.
std::string complaint_about_extras(const CLI::App& root) {
  const std::vector<std::string> extras = root.remaining(true);
  if (extras.empty()) return {};
  const CLI::App& command = command_asked_for(root);
  const std::string wrong = extras.front().substr(0, extras.front().find('='));
  std::vector<std::string> names;
  if (wrong.starts_with('-')) {
    for (const CLI::Option* option : command.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    const bool is_one_of_its_own = std::ranges::find(names, wrong) != names.end();
    if (is_one_of_its_own) {
      return fmt::format("{} stands before what it belongs to: write it behind '{}'", wrong,
                         full_name(command));
    }
    return fmt::format("'{}' has no flag {}{}", full_name(command), wrong, suggestion(wrong, names));
  }
  for (const CLI::App* sub : command.get_subcommands({})) names.push_back(sub->get_name());
  if (names.empty()) {
    return fmt::format("'{}' is one argument too many: put a text of several words in quotes", wrong);
  }
  return fmt::format("there is no command '{} {}'{}", full_name(command), wrong, suggestion(wrong, names));
}

ShowText wrong_usage(const CLI::App& root, const CLI::ParseError& error) {
  std::string complaint = complaint_about_extras(root);
  if (complaint.empty()) complaint = error.what();
  return {fmt::format("skymarshal: {}\n'{} --help' says what there is.\n", complaint,
                      full_name(command_asked_for(root))),
          true};
}

}  // namespace

void add_settings(CLI::App& command, Parsed& parsed, settings::SettingUse use) {
  for (const settings::Setting& setting : settings::settings_table) {
    if ((setting.uses & use) == 0) continue;
    const std::string name(setting.name);
    const auto take = [&parsed, name](const std::string& text) { parsed.flags[name] = text; };
    const std::string flag = settings::flag_of(setting);
    const bool is_switch = setting.type == settings::SettingType::flag;
    CLI::Option* const option =
        is_switch ? command.add_flag_callback(
                        flag, [take] { take("true"); }, setting_help(setting))
                  : command.add_option_function<std::string>(flag, take, setting_help(setting));
    option->group(std::string(setting.group));
    const std::string_view unit = settings::unit_of(setting);
    if (!is_switch) option->type_name(unit.empty() ? "" : fmt::format("({})", unit));
  }
  command.add_option("--config", parsed.config_file, "TOML file with settings.")->type_name("FILE");
}

Command parse_command_line(std::span<const std::string> arguments) {
  // As other programs have it.
  if (arguments.size() == 1 && arguments.front() == "--version") return VersionCommand{};
  CLI::App root("SkyMarshal Gateway: plain HTTP for the multi-agent airline disruption runtime.",
                "skymarshal");
  root.require_subcommand(1);
  root.footer(
      fmt::format("Try it:\n"
                  "  skymarshal serve --dev\n"
                  "  skymarshal invoke \"{}\"\n\n"
                  "'skymarshal COMMAND --help' says more.",
                  prompt_example));
  Parsed parsed;
  add_serve(root, parsed);
  add_invoke(root, parsed);
  add_invocations(root, parsed);
  add_sessions(root, parsed);
  add_ops(root, parsed);
  add_keys(root, parsed.keys);
  add_store(root, parsed);
  add_runtime(root, parsed);
  add_config(root, parsed);
  root.add_subcommand("version", "Print the version.");

  // CLI11 takes its arguments from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    root.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return ShowText{root.help()};
  } catch (const CLI::ParseError& error) {
    return wrong_usage(root, error);
  }
  return command_of(root, parsed);
}

}  // namespace skymarshal::cli

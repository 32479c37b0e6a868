#include "cli/cli.hpp"

#include "cli/cli_keys.hpp"
#include "cli/cli_signing.hpp"
#include "cli/exit_codes.hpp"
#include "settings/settings.hpp"

#include <memory>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

constexpr std::string_view prompt_example =
    "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay";

/// What CLI11 writes into while it parses; whoever was asked for is then made from it.
struct Parsed {
  std::map<std::string, std::string> flags;
  std::string config_file;
  bool dev = false;
  bool markdown = false;
  EndpointArguments endpoint;
  InvokeCommand invoke;
  SessionsCommand sessions;
  OpsImportCommand import_day;
  OpsShowCommand show_flight;
  KeysCommand keys;

  SettingArguments settings() const { return {flags, config_file, dev}; }
};

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
  if (setting.max > setting.min) {
    text += fmt::format(" {} to {}{}{}.", setting.min, setting.max, setting.unit.empty() ? "" : " ",
                        setting.unit);
  }
  const std::string fallback =
      setting.fallback.empty() ? plain_text(setting.fallback_note) : std::string(setting.fallback);
  text += fmt::format(" Default: {}.", fallback);
  return text;
}

void add_settings(CLI::App& command, Parsed& parsed, settings::SettingUse use) {
  for (const settings::Setting& setting : settings::all_settings()) {
    if ((setting.uses & use) == 0) continue;
    const std::string name(setting.name);
    const auto take = [&parsed, name](const std::string& text) { parsed.flags[name] = text; };
    const std::string flag = settings::flag_of(setting);
    const bool is_switch = std::holds_alternative<bool settings::Settings::*>(setting.field);
    CLI::Option* const option =
        is_switch ? command.add_flag_callback(
                        flag, [take] { take("true"); }, setting_help(setting))
                  : command.add_option_function<std::string>(flag, take, setting_help(setting));
    option->group(std::string(setting.group));
    if (!is_switch) option->type_name(setting.unit.empty() ? "" : fmt::format("({})", setting.unit));
  }
  command.add_option("--config", parsed.config_file, "TOML file with settings.")->type_name("FILE");
}

void add_endpoint(CLI::App& command, Parsed& parsed) {
  command.add_option("--endpoint", parsed.endpoint.url, "Where the gateway is.")
      ->type_name("URL")
      ->capture_default_str();
  command
      .add_option("--ca-file", parsed.endpoint.ca_file,
                  "Authorities (PEM file) that an https gateway's certificate must come from. Default: "
                  "those of the system.")
      ->type_name("FILE");
  add_signing(command, parsed.endpoint.signing);
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
      "/var/lib/skymarshal.db\n"
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

void add_invoke(CLI::App& root, Parsed& parsed) {
  CLI::App* const invoke = root.add_subcommand("invoke", "Have a disruption assessed, and watch the agents.");
  InvokeCommand& command = parsed.invoke;
  invoke
      ->add_option("prompt", command.prompt,
                   "The disruption in words, 10 to 10,000 characters; - reads them from standard input.")
      ->required()
      ->type_name("");
  add_endpoint(*invoke, parsed);
  invoke->add_option("--session", command.session, "Go on in this session.")->type_name("ID");
  invoke->add_flag("--json", command.json,
                   "Print the answer of the API, JSON on one line, and nothing else.");
  invoke
      ->add_flag(
          "--explain", command.explain,
          "Show per agent the facts, rules with citation and arithmetic, and per option costs and steps.")
      ->excludes("--json");
  invoke->add_option("--timeout", command.timeout_seconds, "Give up after this many seconds.")
      ->type_name("S")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{86'400}))
      ->capture_default_str();
  invoke->footer(
      fmt::format("On a terminal the agents are shown while they work; in a pipe each is a line as it comes. "
                  "NO_COLOR is\n"
                  "respected.\n\n{}\n\n"
                  "Examples:\n"
                  "  skymarshal invoke \"{}\"\n"
                  "  skymarshal invoke --explain --session 6f1c… \"And if we swap to A6-BND?\"\n"
                  "  skymarshal invoke --json - < disruption.txt | jq .final_decision",
                  exit_codes_text, prompt_example));
}

void add_sessions(CLI::App& root, Parsed& parsed) {
  CLI::App* const sessions = root.add_subcommand("sessions", "See and remove what is remembered.");
  sessions->require_subcommand(1);
  SessionsCommand& command = parsed.sessions;
  const auto add = [&](const char* name, const char* help, SessionsCommand::Action action) {
    CLI::App* const sub = sessions->add_subcommand(name, help);
    sub->callback([&command, action] { command.action = action; });
    add_endpoint(*sub, parsed);
    if (action != SessionsCommand::Action::erase) {
      sub->add_flag("--json", command.json, "Print the answer of the API and nothing else.");
    }
    return sub;
  };
  const auto add_page = [&command](CLI::App* sub) {
    sub->add_option("--limit", command.limit, "How many to show at most.")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{500}))
        ->capture_default_str();
    sub->add_option("--cursor", command.cursor, "Go on where the last page ended.")->type_name("TEXT");
  };
  add("create", "Begin a session and print its id.", SessionsCommand::Action::create);
  CLI::App* const list = add("list", "List your sessions, newest first.", SessionsCommand::Action::list);
  list->add_option("--status", command.status, "Only sessions that are active, or expired.")
      ->type_name("STATUS")
      ->check(CLI::IsMember({"active", "expired"}));
  add_page(list);
  CLI::App* const show =
      add("show", "Show what was asked and answered in a session.", SessionsCommand::Action::show);
  show->add_option("id", command.id, "The session.")->required()->type_name("");
  add_page(show);
  CLI::App* const erase =
      add("delete", "Erase a session and all that is remembered of it.", SessionsCommand::Action::erase);
  erase->add_option("id", command.id, "The session.")->required()->type_name("");

  CLI::App* const cleanup = sessions->add_subcommand(
      "cleanup", "Delete old sessions from a database file, without a gateway, and say how many.");
  add_settings(*cleanup, parsed, settings::used_by_cleanup);
  sessions->footer(
      fmt::format("{}\n\nExamples:\n"
                  "  skymarshal sessions list --status active\n"
                  "  skymarshal sessions show 6f1c…\n"
                  "  skymarshal sessions cleanup --database /var/lib/skymarshal.db",
                  exit_codes_text));
}

void add_ops(CLI::App& root, Parsed& parsed) {
  CLI::App* const ops =
      root.add_subcommand("ops", "Give the embedded agents an airline's day, and look at it.");
  ops->require_subcommand(1);
  CLI::App* const importing =
      ops->add_subcommand("import", "Replace the operations database by CSV files: all of them, or nothing.");
  CLI::Option* const folder = importing
                                  ->add_option("folder", parsed.import_day.folder,
                                               "Folder with airports.csv, fleet.csv, flights.csv, ….")
                                  ->type_name("");
  CLI::Option* const sample =
      importing->add_flag("--sample", parsed.import_day.sample, "The built-in sample day instead.");
  sample->excludes(folder);
  // One of the two must be given.
  importing->callback([folder, sample] {
    if (folder->count() + sample->count() == 0) throw CLI::RequiredError("a folder, or --sample");
  });
  add_settings(*importing, parsed, settings::used_by_ops);
  CLI::App* const show = ops->add_subcommand("show", "Show what is known of a flight.");
  OpsShowCommand& command = parsed.show_flight;
  show->add_option("flight", command.flight, "Its number, such as EY283.")->required()->type_name("");
  show->add_option("--date", command.date, "Date of departure, local at the origin, such as 2026-06-15.")
      ->type_name("DATE");
  show->add_flag("--json", command.json, "Print JSON on one line.");
  add_settings(*show, parsed, settings::used_by_ops);
  ops->footer(
      "Examples:\n"
      "  skymarshal ops import --sample --ops-database ops.db\n"
      "  skymarshal ops import /srv/today --ops-database ops.db\n"
      "  skymarshal ops show EY283 --ops-database ops.db");
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
  if (root.got_subcommand("invoke")) {
    parsed.invoke.endpoint = parsed.endpoint;
    return parsed.invoke;
  }
  if (root.get_subcommand("sessions")->got_subcommand("cleanup")) return CleanUpCommand{parsed.settings()};
  parsed.sessions.endpoint = parsed.endpoint;
  return parsed.sessions;
}

/// The command whose help an error should point to.
std::string help_command(const CLI::App& root) {
  std::string name = "skymarshal";
  const CLI::App* app = &root;
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().front();
    name += " " + app->get_name();
  }
  return name + " --help";
}

/// Names the flag that was probably meant.
std::string suggestion(std::span<const std::string> arguments, const CLI::App& root) {
  const bool takes_settings = root.got_subcommand("serve") || root.got_subcommand("config");
  if (!takes_settings) return "";
  for (const std::string& argument : arguments) {
    if (!argument.starts_with("--") || argument == "--dev" || argument == "--config") continue;
    const std::string name = argument.substr(0, argument.find('='));
    const settings::Setting& nearest = settings::nearest_setting(name);
    if (settings::flag_of(nearest) != name)
      return fmt::format(" (did you mean {}?)", settings::flag_of(nearest));
  }
  return "";
}

}  // namespace

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
  add_sessions(root, parsed);
  add_ops(root, parsed);
  add_keys(root, parsed.keys);
  add_runtime(root, parsed);
  add_config(root, parsed);
  root.add_subcommand("version", "Print the version.");

  // CLI11 takes its arguments from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    root.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return ShowText{root.help()};
  } catch (const CLI::ExtrasError& error) {
    return ShowText{fmt::format("skymarshal: {}{}\n'{}' says what there is.\n", error.what(),
                                suggestion(arguments, root), help_command(root)),
                    true};
  } catch (const CLI::ParseError& error) {
    return ShowText{
        fmt::format("skymarshal: {}\n'{}' says what there is.\n", error.what(), help_command(root)), true};
  }
  return command_of(root, parsed);
}

}  // namespace skymarshal::cli

#include "cli/cli_parts.hpp"

#include <CLI/CLI.hpp>

namespace skymarshal::cli {
namespace {

/// Ten years: what is to last longer is better made without an end.
constexpr std::int64_t expires_in_seconds_max = 315'360'000;
constexpr std::int64_t expires_in_seconds_min = 1;
constexpr std::int64_t keep_for_seconds_max = 31'536'000;

CLI::App* add_action(CLI::App& keys, const char* name, const char* help, KeysCommand& command,
                     KeysCommand::Action action) {
  CLI::App* const sub = keys.add_subcommand(name, help);
  sub->callback([&command, action] { command.action = action; });
  sub->add_option("--file", command.file, "The key file that 'serve --keys' names.")
      ->required()
      ->type_name("FILE");
  return sub;
}

void add_json(CLI::App& sub, KeysCommand& command) {
  sub.add_flag("--json", command.json, "Print JSON on one line and nothing else.");
}

void add_key_id(CLI::App& sub, KeysCommand& command) {
  sub.add_option("access-key-id", command.access_key_id, "The key, as 'skymarshal keys list' shows it.")
      ->required()
      ->type_name("");
}

/// A value that is repeated is given by an option of its own each time: resources hold blanks.
void add_resources(CLI::App& sub, const char* flag, std::vector<std::string>& resources, const char* help) {
  sub.add_option(flag, resources, help)->type_name("\"METHOD /path\"")->allow_extra_args(false);
}

void add_add(CLI::App& keys, KeysCommand& command) {
  CLI::App* const add =
      add_action(keys, "add", "Make a key and print its secret, once; makes the file if there is none.",
                 command, KeysCommand::Action::add);
  add->add_option("--principal", command.principal,
                  "Who calls with it: an ARN such as arn:aws:iam::123456789012:user/name.")
      ->required()
      ->type_name("ARN");
  add->add_option("--tier", command.tier, "Whose rate limits it has: a name in rate_limit_tiers.")
      ->type_name("NAME");
  add_resources(*add, "--allow", command.allow,
                "Allow this alone; * and ? are wildcards; may be repeated. Default: everything.");
  add_resources(*add, "--deny", command.deny, "Forbid this whatever is allowed; may be repeated.");
  add->add_option("--policy", command.policy_file, "A file with a policy document instead.")
      ->type_name("FILE")
      ->excludes("--allow")
      ->excludes("--deny");
  add->add_option("--expires-in", command.expires_in_seconds,
                  "Make temporary credentials, with a session token, that end after this many seconds.")
      ->type_name("S")
      ->check(CLI::Range(expires_in_seconds_min, expires_in_seconds_max));
  add_json(*add, command);
}

void add_rotate(CLI::App& keys, KeysCommand& command) {
  CLI::App* const rotate =
      add_action(keys, "rotate", "Make another key for the same caller, and have the old one end.", command,
                 KeysCommand::Action::rotate);
  add_key_id(*rotate, command);
  rotate
      ->add_option("--keep-for", command.keep_for_seconds,
                   "The old key is good for this many seconds more; 0 ends it at once.")
      ->type_name("S")
      ->check(CLI::Range(std::int64_t{0}, keep_for_seconds_max))
      ->capture_default_str();
  add_json(*rotate, command);
}

}  // namespace

void add_keys(CLI::App& root, KeysCommand& command) {
  CLI::App* const keys = root.add_subcommand("keys", "Give, list and take back keys to call with.");
  keys->require_subcommand(1);
  add_add(*keys, command);
  CLI::App* const list = add_action(*keys, "list", "List the keys of a file, without their secrets.", command,
                                    KeysCommand::Action::list);
  add_json(*list, command);
  CLI::App* const revoke = add_action(*keys, "revoke", "Remove a key: it is good for nothing from then on.",
                                      command, KeysCommand::Action::revoke);
  add_key_id(*revoke, command);
  add_rotate(*keys, command);
  keys->footer(
      "A gateway that serves with the file reads it again when it changes.\n\n"
      "Exit codes: 0 done; 1 the file could not be read or written, or has no such key; 2 wrong usage.\n\n"
      "Examples:\n"
      "  skymarshal keys add --file keys.json --principal arn:aws:iam::123456789012:user/dispatch\n"
      "  skymarshal keys add --file keys.json --principal arn:aws:iam::123456789012:role/Watch \\\n"
      "    --allow \"GET /api/v1/*\" --expires-in 3600\n"
      "  skymarshal keys rotate --file keys.json SKMA…");
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

}  // namespace skymarshal::cli

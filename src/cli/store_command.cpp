#include "cli/cli_parts.hpp"

#include <CLI/CLI.hpp>

namespace skymarshal::cli {
namespace {

void add_store_action(CLI::App& store, const char* name, const char* help, Parsed& parsed,
                      StoreCommand::Action action) {
  CLI::App* const sub = store.add_subcommand(name, help);
  sub->callback([&parsed, action] { parsed.store.action = action; });
  add_settings(*sub, parsed, settings::used_by_store);
}

}  // namespace

void add_store(CLI::App& root, Parsed& parsed) {
  CLI::App* const store = root.add_subcommand("store", "Make and check the tables in DynamoDB.");
  store->require_subcommand(1);
  add_store_action(*store, "init", "Make the tables that are missing; what is there stays as it is.", parsed,
                   StoreCommand::Action::init);
  add_store_action(*store, "check", "Say what is missing or differs; changes nothing.", parsed,
                   StoreCommand::Action::check);
  store->footer(
      "Region and credentials come from where AWS's own tools look. The tables serve 'store = dynamodb' and\n"
      "'rate_limit_store = dynamodb'.\n\n"
      "Exit codes: 0 all tables fit; 1 something is missing or differs; 2 wrong usage, no region or no\n"
      "credentials; 3 not allowed; 4 DynamoDB cannot be reached.\n\n"
      "Examples:\n"
      "  AWS_REGION=eu-central-1 skymarshal store init\n"
      "  skymarshal store check --limit-table-name prod-limits");
}

}  // namespace skymarshal::cli

// The parts that the command line is put together from: each function adds the subcommands of one trade to
// CLI11's root. What is parsed is written into a Parsed, which must outlive the root. Known to cli*.cpp
// alone.
#pragma once

#include "cli/cli.hpp"
#include "settings/setting.hpp"

#include <map>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace skymarshal::cli {

inline constexpr std::string_view prompt_example =
    "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay";

/// What CLI11 writes into while it parses; the command that was asked for is then made from it.
struct Parsed {
  std::map<std::string, std::string> flags;
  std::string config_file;
  bool dev = false;
  bool markdown = false;
  EndpointArguments endpoint;
  InvokeCommand invoke;
  InvocationsCommand invocations;
  SessionsCommand sessions;
  OpsImportCommand import_day;
  OpsShowCommand show_flight;
  KeysCommand keys;
  StoreCommand store;

  SettingArguments settings() const { return {flags, config_file, dev}; }
};

/// A flag for each setting that means something to the command, and --config.
void add_settings(CLI::App& command, Parsed& parsed, settings::SettingUse use);

// Commands that ask a gateway: cli_gateway.cpp.
void add_invoke(CLI::App& root, Parsed& parsed);
void add_invocations(CLI::App& root, Parsed& parsed);
void add_sessions(CLI::App& root, Parsed& parsed);

// Commands that work on files: cli_files.cpp.
void add_ops(CLI::App& root, Parsed& parsed);
void add_keys(CLI::App& root, KeysCommand& command);

// Commands that work on tables: store_command.cpp.
void add_store(CLI::App& root, Parsed& parsed);

}  // namespace skymarshal::cli

// The command line as values: what was asked for, and the texts of --help. Pure: runs nothing, reads no
// environment.
#pragma once

#include "base/secret.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace skymarshal::cli {

/// Flags that set settings, by the settings' names, and what decides about the others.
struct SettingArguments {
  std::map<std::string, std::string> flags = {};
  /// TOML file, or empty.
  std::string config_file = {};
  bool dev = false;
};

/// Who sends a request. Empty texts were not given.
struct SigningArguments {
  /// Of the shared AWS files.
  std::string profile = {};
  std::string access_key_id = {};
  Secret secret_access_key = {};
  Secret session_token = {};
  std::string region = {};
  /// File of a token that is sent as it is.
  std::string bearer_token_file = {};
  /// Of a gateway that has STS asked who calls.
  std::string sts_server_id = {};
  bool no_sign = false;
};

/// How to reach a gateway, and as whom.
struct EndpointArguments {
  std::string url = "http://127.0.0.1:8080";
  /// Authorities for https (PEM file); empty for those of the system.
  std::string ca_file = {};
  SigningArguments signing = {};
};

struct ServeCommand {
  SettingArguments settings;
};
struct RuntimeCommand {
  SettingArguments settings;
};
struct ConfigCommand {
  SettingArguments settings;
  bool markdown = false;
};
struct InvokeCommand {
  EndpointArguments endpoint;
  /// "-" stands for standard input.
  std::string prompt;
  std::string session;
  bool json = false;
  /// Show where every number comes from, too.
  bool explain = false;
  /// Have it taken on, and do not wait for it.
  bool is_async = false;
  /// Whatever comes under it again is the same invocation.
  std::optional<std::string> idempotency_key = {};
  std::int64_t timeout_seconds = 330;
};
struct InvocationsCommand {
  enum class Action { list, show, follow, cancel };
  Action action = Action::list;
  EndpointArguments endpoint;
  /// Of the invocation; empty for list.
  std::string id;
  /// One of the states, or empty for all.
  std::string status;
  std::int64_t limit = 50;
  std::string cursor;
  bool json = false;
  bool explain = false;
  std::int64_t timeout_seconds = 330;
};
struct SessionsCommand {
  enum class Action { create, list, show, erase };
  Action action = Action::list;
  EndpointArguments endpoint;
  /// Of the session to show or erase.
  std::string id;
  /// active, expired, or empty for all.
  std::string status;
  std::int64_t limit = 50;
  std::string cursor;
  bool json = false;
};
struct CleanUpCommand {
  SettingArguments settings;
};
struct OpsImportCommand {
  SettingArguments settings;
  /// Of the CSV files; empty if it is to be the built-in sample day.
  std::string folder;
  bool sample = false;
};
struct OpsShowCommand {
  SettingArguments settings;
  std::string flight;
  /// Local at the origin, or empty.
  std::string date;
  bool json = false;
};
struct KeysCommand {
  enum class Action { add, list, revoke, rotate };
  Action action = Action::list;
  /// The key file.
  std::string file = {};
  bool json = false;

  /// Of revoke and rotate: the key.
  std::string access_key_id = {};

  // Of add.
  std::string principal = {};
  std::string tier = {};
  /// Resources such as "POST /api/v1/invoke".
  std::vector<std::string> allow = {};
  std::vector<std::string> deny = {};
  /// A file with a policy document, instead of those two; or empty.
  std::string policy_file = {};
  std::optional<std::int64_t> expires_in_seconds = {};

  /// Of rotate: how long the old key stays good.
  std::int64_t keep_for_seconds = 86'400;
};
/// About the tables in DynamoDB.
struct StoreCommand {
  enum class Action { init, check };
  Action action = Action::check;
  SettingArguments settings = {};
};
struct VersionCommand {};
/// Nothing to run: help that was asked for, or what was wrong.
struct ShowText {
  std::string text;
  /// False for help.
  bool is_error = false;
};

using Command = std::variant<ServeCommand, RuntimeCommand, ConfigCommand, InvokeCommand, InvocationsCommand,
                             SessionsCommand, CleanUpCommand, OpsImportCommand, OpsShowCommand, KeysCommand,
                             StoreCommand, VersionCommand, ShowText>;

/// `arguments` without the program's own name.
Command parse_command_line(std::span<const std::string> arguments);

}  // namespace skymarshal::cli

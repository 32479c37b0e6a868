// What the keys command is asked for. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace skymarshal::cli {

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

}  // namespace skymarshal::cli

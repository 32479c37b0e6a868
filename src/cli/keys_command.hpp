// The keys command: gives, lists, takes back and replaces the keys of a file, and what it prints. Only the
// texts of a key that was made just now hold secrets; they are pure, as all texts here.
#pragma once

#include "auth/key.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/secret.hpp"
#include "cli/cli.hpp"
#include "cli/exit_codes.hpp"

#include <span>
#include <string>

namespace skymarshal::cli {

struct KeysContext {
  const Clock& clock;
  RandomSource& random;
};

/// Writes to standard output and error.
ExitCode run_keys(const KeysCommand& command, const KeysContext& context);

/// Lines for a shell: comments, and the variables that the AWS tools read.
Secret new_key_text(const auth::Key& key);
/// {"access_key_id","secret_access_key","session_token"?,"principal","tier","expires_at"?}
Secret new_key_json(const auth::Key& key);

/// A table.
std::string key_list_text(std::span<const auth::Key> keys, WallTime now);
/// {"keys":[{"access_key_id","principal","tier","created_at","expires_at"?,"status":"valid"|"ended",
/// "temporary","policy"?}]}
std::string key_list_json(std::span<const auth::Key> keys, WallTime now);

}  // namespace skymarshal::cli

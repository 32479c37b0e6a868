// What the keys command prints. Pure. Only the texts of a key that was made just now hold secrets.
#pragma once

#include "auth/key.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"

#include <span>
#include <string>

namespace skymarshal::cli {

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

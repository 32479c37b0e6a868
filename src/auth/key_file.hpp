// The text of a key file: JSON that people can read. Pure; key_file_access reads and writes the file itself.
// Messages name the entry, its line and the member, and never hold a secret.
#pragma once

#include "auth/key.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::auth {

/// Bounds of a key file.
inline constexpr std::size_t key_file_bytes_max = std::size_t{16} << 20;
inline constexpr std::size_t keys_max = 50'000;

/// Whether it has the form of an access key id.
bool is_access_key_id(std::string_view text);
/// Letters, digits and `_.-`, 64 at most; or empty.
bool is_tier(std::string_view text);

/// {"version":1,"keys":[{"access_key_id","secret_access_key","session_token"?,"principal","tier"?,
/// "created_at","expires_at"?,"policy"?}]}. Errc::invalid_request says what is wrong and where: anything
/// unknown, missing, doubled, too long, or two keys of one id. `text` is wiped.
Result<std::vector<Key>> parse_keys(std::string text);

/// Such a text, each member on a line of its own.
Secret keys_text(std::span<const Key> keys);

}  // namespace skymarshal::auth

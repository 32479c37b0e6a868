// Reads and replaces key files, so that nobody else reads them, a crash leaves the old or the new one, and
// two commands at once lose nothing. Blocks; safe from any thread. Messages name the file as the caller did.
#pragma once

#include "auth/key.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"

#include <functional>
#include <string>
#include <vector>

namespace skymarshal::auth {

/// The keys of the file, which must be a regular file of this user or root that neither its group nor others
/// may read or write. Errc::not_found: there is none; Errc::forbidden: it is not private;
/// Errc::store_unavailable: it cannot be read just now; Errc::invalid_request: it is broken.
Result<std::vector<Key>> read_key_file(const std::string& path);

struct KeyFileUpdate {
  std::string path;
  /// An absent file counts as one without keys, and is made; otherwise it is Errc::not_found.
  bool create = false;
  /// How long to wait for another update to end; then Errc::store_unavailable.
  Milliseconds lock_timeout{10'000};
};

/// Reads the file, has `edit` change the keys, and puts the new file in the old one's place, mode 0600, all
/// of it under a lock (`path`.lock, which stays). Nothing is written if reading or `edit` fails, or if the
/// result could not be read again. Errors as of read_key_file and of `edit`.
Result<void> update_key_file(const KeyFileUpdate& update,
                             const std::function<Result<void>(std::vector<Key>&)>& edit);

}  // namespace skymarshal::auth

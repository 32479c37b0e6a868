// The keys of a key file, read again when the file changes. Look-ups are safe from any thread and never wait
// for a file: they hold the lock for as long as it takes to copy a pointer. Owned by the composition root.
#pragma once

#include "auth/key.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file_stamp.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::auth {

class KeyStore {
 public:
  struct Parts {
    RandomSource& random;
    const Clock& clock;
    /// Outlives the store.
    Logger& log;
  };

  /// Errors as of read_key_file; Errc::invalid_request where the file holds no key that has not ended.
  static Result<std::unique_ptr<KeyStore>> open(std::string path, const Parts& parts);
  ~KeyStore();
  KeyStore(const KeyStore&) = delete;
  KeyStore& operator=(const KeyStore&) = delete;

  /// Null if there is none of that id, or it has ended.
  std::shared_ptr<const Key> find(std::string_view access_key_id) const;
  /// Nobody knows its secret: what a request of an unknown key is checked with, so that it takes as long.
  const Secret& decoy() const { return decoy_; }
  /// Of all keys, those that have ended too.
  std::size_t size() const;

  /// Looks at the file once; to be called now and then, from one thread. A file that is gone, broken or not
  /// private changes nothing but the log.
  void reload_if_changed();

 private:
  struct Table;

  KeyStore(std::string path, const Parts& parts);
  std::shared_ptr<const Table> table() const;
  Result<void> load();
  void report(const Result<void>& loaded, const Table& before);

  std::string path_;
  const Clock& clock_;
  Logger& log_;
  Secret decoy_;
  // Of the looks at the file, all by one thread.
  std::optional<FileStamp> seen_;
  bool try_again_ = false;
  std::string reported_error_;

  mutable Mutex mutex_;
  std::shared_ptr<const Table> table_ GUARDED_BY(mutex_);
};

}  // namespace skymarshal::auth

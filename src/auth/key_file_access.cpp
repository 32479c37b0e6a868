#include "auth/key_file_access.hpp"

#include "auth/key_file.hpp"
#include "base/file.hpp"

#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include <boost/system/error_code.hpp>
#include <fmt/format.h>

namespace skymarshal::auth {
namespace {

constexpr mode_t open_to_others = S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;

Error system_error(std::string_view what, const std::string& path, const boost::system::error_code& error) {
  return make_error(Errc::store_unavailable, fmt::format("cannot {} '{}': {}", what, path, error.message()));
}

Error not_private(const std::string& path, std::string_view what) {
  return make_error(Errc::forbidden, fmt::format("the key file '{}' {}", path, what));
}

/// Of the file that is open, so that nobody can put another in its place behind the check.
Result<void> check_private(const File& file, const std::string& path) {
  const auto status = file.status();
  if (!status) return system_error("look at the key file", path, status.error());
  if (!S_ISREG(status->st_mode)) return not_private(path, "is no regular file: name another");
  if (status->st_uid != ::geteuid() && status->st_uid != 0)
    return not_private(path, "belongs to another user: run this as that user, or give the file to this one");
  if ((status->st_mode & open_to_others) != 0) {
    return not_private(
        path, fmt::format("can be read or changed by others than its owner: run chmod 600 {}", path));
  }
  return {};
}

/// To its end, but not much more than it may have.
Result<std::string> read_all(const File& file, const std::string& path) {
  const auto status = file.status();
  if (!status) return system_error("look at the key file", path, status.error());
  const auto bytes = static_cast<std::size_t>(std::max<off_t>(status->st_size, 0));
  if (bytes > key_file_bytes_max) {
    return make_error(Errc::invalid_request,
                      fmt::format("the key file '{}' is longer than {} MiB", path, key_file_bytes_max >> 20));
  }
  // One more, to see whether it grows while it is read.
  auto text = file.read_at(0, bytes + 1);
  if (!text) return system_error("read the key file", path, text.error());
  if (text->size() > bytes) {
    return make_error(Errc::store_unavailable,
                      fmt::format("the key file '{}' is being written: try again", path));
  }
  return *std::move(text);
}

/// Where the file really is: replacing a symbolic link would leave what it points to as it was.
std::string real_path(const std::string& path) {
  std::error_code failed;
  const auto real = std::filesystem::canonical(path, failed);
  return failed ? path : real.string();
}

/// Waits for the lock; given back when the file is closed.
Result<void> lock(const File& file, const KeyFileUpdate& update) {
  constexpr Milliseconds pause{20};
  const auto give_up = std::chrono::steady_clock::now() + update.lock_timeout;
  for (;;) {
    const auto locked = file.try_lock();
    if (locked) return {};
    if (locked.error() != boost::system::errc::operation_would_block)
      return system_error("lock", update.path, locked.error());
    if (std::chrono::steady_clock::now() >= give_up) {
      return make_error(
          Errc::store_unavailable,
          fmt::format("another command is changing the key file '{}': try again later", update.path));
    }
    std::this_thread::sleep_for(pause);
  }
}

Result<std::vector<Key>> keys_to_edit(const KeyFileUpdate& update) {
  auto keys = read_key_file(update.path);
  if (!keys && keys.error().code == Errc::not_found && update.create) return std::vector<Key>();
  return keys;
}

}  // namespace

Result<std::vector<Key>> read_key_file(const std::string& path) {
  // Opening a pipe must not wait for its other end.
  const auto file = File::open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!file && file.error() == boost::system::errc::no_such_file_or_directory) {
    return make_error(Errc::not_found,
                      fmt::format("there is no key file '{}': 'skymarshal keys add' makes one", path));
  }
  if (!file) return system_error("open the key file", path, file.error());
  if (const auto fine = check_private(*file, path); !fine) return fine.error();
  auto text = read_all(*file, path);
  if (!text) return text.error();
  auto keys = parse_keys(*std::move(text));
  if (!keys) {
    return make_error(Errc::invalid_request,
                      fmt::format("the key file '{}' cannot be used: {}", path, keys.error().message));
  }
  return keys;
}

Result<void> update_key_file(const KeyFileUpdate& update,
                             const std::function<Result<void>(std::vector<Key>&)>& edit) {
  const std::string path = real_path(update.path);
  const std::string lock_path = path + ".lock";
  const auto lock_file = File::open(lock_path, O_RDWR | O_CREAT | O_NOFOLLOW);
  if (!lock_file) return system_error("make a file beside", update.path, lock_file.error());
  if (const auto locked = lock(*lock_file, update); !locked) return locked.error();
  auto keys = keys_to_edit(update);
  if (!keys) return keys.error();
  if (const auto edited = edit(*keys); !edited) return edited.error();
  const Secret text = keys_text(*keys);
  if (const auto again = parse_keys(std::string(text.reveal())); !again)
    return make_error(Errc::invalid_request, fmt::format("nothing was changed: {}", again.error().message));
  const auto replaced = replace_file(path, text.reveal());
  if (!replaced) return system_error("replace", path, replaced.error());
  return {};
}

}  // namespace skymarshal::auth

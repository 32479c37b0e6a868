#include "auth/key_file_access.hpp"

#include "auth/key_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::auth {
namespace {

/// Of everything made here: for its owner alone.
constexpr mode_t private_mode = S_IRUSR | S_IWUSR;
constexpr mode_t open_to_others = S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;

/// A descriptor that closes itself.
class File {
 public:
  explicit File(int handle) : handle_(handle) {}
  ~File() {
    if (handle_ >= 0) ::close(handle_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return handle_ >= 0; }
  int handle() const { return handle_; }

 private:
  int handle_;
};

Error system_error(std::string_view what, const std::string& path, int error) {
  return make_error(Errc::store_unavailable,
                    fmt::format("cannot {} '{}': {}", what, path, std::generic_category().message(error)));
}

Error not_private(const std::string& path, std::string_view what) {
  return make_error(Errc::forbidden, fmt::format("the key file '{}' {}", path, what));
}

/// Of the file that is open, so that nobody can put another in its place behind the check.
Result<void> check_private(const File& file, const std::string& path) {
  struct stat status = {};
  if (::fstat(file.handle(), &status) != 0) return system_error("look at the key file", path, errno);
  if (!S_ISREG(status.st_mode)) return not_private(path, "is no regular file: name another");
  if (status.st_uid != ::geteuid() && status.st_uid != 0)
    return not_private(path, "belongs to another user: run this as that user, or give the file to this one");
  if ((status.st_mode & open_to_others) != 0) {
    return not_private(
        path, fmt::format("can be read or changed by others than its owner: run chmod 600 {}", path));
  }
  return {};
}

/// To its end, but not much more than it may have.
Result<std::string> read_all(const File& file, const std::string& path) {
  std::string text;
  struct stat status = {};
  if (::fstat(file.handle(), &status) != 0) return system_error("look at the key file", path, errno);
  const auto bytes = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
  if (bytes > key_file_bytes_max) {
    return make_error(Errc::invalid_request,
                      fmt::format("the key file '{}' is longer than {} MiB", path, key_file_bytes_max >> 20));
  }
  // One more, to see whether it grows while it is read.
  text.resize(bytes + 1);
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::read(file.handle(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("read the key file", path, errno);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  if (done == text.size()) return system_error("read the key file", path, EBUSY);
  text.resize(done);
  return text;
}

Result<void> write_all(const File& file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t count = ::write(file.handle(), text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("write", path, errno);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(file.handle()) != 0) return system_error("write", path, errno);
  return {};
}

/// Where the file really is: replacing a symbolic link would leave what it points to as it was.
std::string real_path(const std::string& path) {
  std::error_code failed;
  const auto real = std::filesystem::canonical(path, failed);
  return failed ? path : real.string();
}

std::string folder_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

/// So that the name is as durable as the content.
Result<void> sync_folder(const std::string& folder) {
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open() || ::fsync(file.handle()) != 0) return system_error("write to", folder, errno);
  return {};
}

/// Puts `text` into the place of the file at `path`, at once.
Result<void> replace_file(const std::string& path, std::string_view text) {
  std::string temporary = path + ".XXXXXX";
  const File file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.is_open()) return system_error("make a file beside", path, errno);
  Result<void> done = write_all(file, text, path);
  if (done && ::fchmod(file.handle(), private_mode) != 0) done = system_error("write", path, errno);
  if (done && ::rename(temporary.c_str(), path.c_str()) != 0) done = system_error("replace", path, errno);
  if (!done) {
    ::unlink(temporary.c_str());
    return done;
  }
  return sync_folder(folder_of(path));
}

/// Waits for the lock; given back when the file is closed.
Result<void> lock(const File& file, const KeyFileUpdate& update) {
  constexpr Milliseconds pause{20};
  const auto give_up = std::chrono::steady_clock::now() + update.lock_timeout;
  while (::flock(file.handle(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return system_error("lock", update.path, errno);
    if (std::chrono::steady_clock::now() >= give_up) {
      return make_error(
          Errc::store_unavailable,
          fmt::format("another command is changing the key file '{}': try again later", update.path));
    }
    std::this_thread::sleep_for(pause);
  }
  return {};
}

Result<std::vector<Key>> keys_to_edit(const KeyFileUpdate& update) {
  auto keys = read_key_file(update.path);
  if (!keys && keys.error().code == Errc::not_found && update.create) return std::vector<Key>();
  return keys;
}

}  // namespace

Result<std::vector<Key>> read_key_file(const std::string& path) {
  // Opening a pipe must not wait for its other end.
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open() && errno == ENOENT) {
    return make_error(Errc::not_found,
                      fmt::format("there is no key file '{}': 'skymarshal keys add' makes one", path));
  }
  if (!file.is_open()) return system_error("open the key file", path, errno);
  if (const auto fine = check_private(file, path); !fine) return fine.error();
  auto text = read_all(file, path);
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
  const File lock_file(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, private_mode));
  if (!lock_file.is_open()) return system_error("make a file beside", update.path, errno);
  if (const auto locked = lock(lock_file, update); !locked) return locked.error();
  auto keys = keys_to_edit(update);
  if (!keys) return keys.error();
  if (const auto edited = edit(*keys); !edited) return edited.error();
  const Secret text = keys_text(*keys);
  if (const auto again = parse_keys(std::string(text.reveal())); !again)
    return make_error(Errc::invalid_request, fmt::format("nothing was changed: {}", again.error().message));
  return replace_file(path, text.reveal());
}

}  // namespace skymarshal::auth

#include "base/file.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace skymarshal {
namespace {

boost::system::error_code last_failure() { return {errno, boost::system::generic_category()}; }

FileResult<void> done_if(bool done) {
  if (!done) return last_failure();
  return {};
}

/// The whole life of the file that is to take another's place, but for its name.
FileResult<void> fill(const File& file, std::string_view content) {
  if (const auto written = file.write_at(0, content); !written) return written;
  if (const auto is_private = file.set_mode(owner_only); !is_private) return is_private;
  return file.sync();
}

}  // namespace

FileResult<File> File::open(const std::filesystem::path& path, int flags, mode_t mode) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  if (descriptor < 0) return last_failure();
  return File(descriptor);
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FileResult<struct stat> File::status() const {
  struct stat found = {};
  if (::fstat(descriptor_, &found) != 0) return last_failure();
  return found;
}

FileResult<void> File::set_mode(mode_t mode) const { return done_if(::fchmod(descriptor_, mode) == 0); }

FileResult<void> File::try_lock() const { return done_if(::flock(descriptor_, LOCK_EX | LOCK_NB) == 0); }

FileResult<void> File::write_at(std::uint64_t offset, std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return last_failure();
    offset += static_cast<std::uint64_t>(count);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

FileResult<std::string> File::read_at(std::uint64_t offset, std::size_t size) const {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count =
        ::pread(descriptor_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return last_failure();
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

FileResult<void> File::resize(std::uint64_t size) const {
  return done_if(::ftruncate(descriptor_, static_cast<off_t>(size)) == 0);
}

FileResult<void> File::sync_data() const { return done_if(::fdatasync(descriptor_) == 0); }

FileResult<void> File::sync() const { return done_if(::fsync(descriptor_) == 0); }

FileResult<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const auto file = File::open(path, O_RDONLY | O_NOCTTY);
  if (!file) return file.error();
  std::string bytes(bytes_max + 1, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(file->descriptor(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return last_failure();
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

FileResult<void> replace_file(const std::filesystem::path& path, std::string_view content) {
  // Beside it, as a name can only be moved within one file system.
  std::string temporary = path.string() + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) return last_failure();
  const File file(descriptor);
  FileResult<void> done = fill(file, content);
  if (done && ::rename(temporary.c_str(), path.c_str()) != 0) done = last_failure();
  if (done) return sync_folder_of(path);
  ::unlink(temporary.c_str());
  return done;
}

FileResult<void> sync_folder_of(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const auto opened = File::open(folder, O_RDONLY | O_DIRECTORY);
  if (!opened) return opened.error();
  return opened->sync();
}

}  // namespace skymarshal

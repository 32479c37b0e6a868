// Files as the system has them: opened so that no child inherits them, written to the last byte, durable when
// asked to be. A File belongs to whoever holds it, one thread at a time; everything blocks.
// Failures are the system's (errno); what they mean, and to whom, is the caller's to say.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <utility>

#include <boost/system/result.hpp>

namespace skymarshal {

template <typename T>
using FileResult = boost::system::result<T>;

/// The mode of what nobody but its owner may read.
inline constexpr mode_t owner_only = 0600;

/// A descriptor that closes itself.
class File {
 public:
  /// As open(2); O_CLOEXEC is added. `mode` is that of a file that is made.
  static FileResult<File> open(const std::filesystem::path& path, int flags, mode_t mode = owner_only);

  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~File();

  int descriptor() const { return descriptor_; }

  FileResult<struct stat> status() const;
  FileResult<void> set_mode(mode_t mode) const;
  /// Takes the file's one lock (flock), which is given back with the file. operation_would_block: somebody
  /// else has it.
  FileResult<void> try_lock() const;
  /// All of it, at that place, or a failure.
  FileResult<void> write_at(std::uint64_t offset, std::string_view bytes) const;
  /// So many bytes from that place, less only where the file ends.
  FileResult<std::string> read_at(std::uint64_t offset, std::size_t size) const;
  FileResult<void> resize(std::uint64_t size) const;
  /// On disk when it returns: the content (fdatasync), or all there is to know of the file too (fsync).
  FileResult<void> sync_data() const;
  FileResult<void> sync() const;

 private:
  int descriptor_;
};

/// To its end, or `bytes_max` + 1 bytes of it, so that who is longer can be told. A pipe will do.
FileResult<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max);

/// Puts a file with that content into the place of the one at `path`, at once and for good: after a crash
/// there is the old one or the new one. Its mode is owner_only. A symbolic link would be replaced, too.
FileResult<void> replace_file(const std::filesystem::path& path, std::string_view content);

/// Makes the name of a new file as durable as its content.
FileResult<void> sync_folder_of(const std::filesystem::path& path);

}  // namespace skymarshal

// Tells whether a file is still the one that was read: what stat() says of it. A value; pure but for the
// look.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/stat.h>

namespace skymarshal {

struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t bytes = 0;
  std::int64_t modified_ns = 0;
  /// Owner, group and mode changes move it too.
  std::int64_t changed_ns = 0;
  bool operator==(const FileStamp&) const = default;
};

/// nullopt if there is no such file, or none that may be looked at. Symbolic links are followed.
inline std::optional<FileStamp> stamp_of_file(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  const auto in_ns = [](const timespec& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; };
  return FileStamp{found.st_dev, found.st_ino, found.st_size, in_ns(found.st_mtim), in_ns(found.st_ctim)};
}

}  // namespace skymarshal

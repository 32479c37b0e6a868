// Records in one file, durably: appended at the end, taken from wherever they are.
// Belongs to one thread and, by a lock, to one process. Frames: size, checksums, state, payload; a frame that
// a crash left unfinished is told from a whole one and dropped when the file is opened. Failures are
// Errc::store_unavailable.
#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

namespace skymarshal::store {

class OutboxFile {
 public:
  /// Creates the file (mode 0600) or reads what waits in it. Refuses files of other programs and files that
  /// another process holds.
  static Result<OutboxFile> open(const std::filesystem::path& path);

  /// Adds the records, all or none of them, and syncs the disk once for all. A record is at most 4 GiB long.
  Result<void> append(std::span<const std::string> records);

  bool empty() const { return waiting_.empty(); }
  std::size_t size() const { return waiting_.size(); }
  /// Of the whole file: taken records leave it when the last one is taken.
  std::uint64_t bytes() const { return end_; }
  /// Damaged bytes and records that were dropped when the file was opened.
  std::uint64_t dropped_bytes() const { return dropped_bytes_; }

  /// The record that so many wait before; 0 is the oldest. There must be one.
  Result<std::string> record(std::size_t number) const;
  /// Marks the record that so many wait before as taken. A crash may undo this until sync().
  Result<void> take(std::size_t number);
  Result<void> sync();

  /// What append() adds to the file for a record of this size.
  static std::uint64_t frame_bytes(std::size_t record_size);

 private:
  struct Frame {
    std::uint64_t offset;
    std::uint32_t size;
    std::uint32_t checksum;
  };

  explicit OutboxFile(File file) : file_(std::move(file)) {}
  Result<void> lock_and_recover(const std::filesystem::path& path);
  Result<void> recover_frames(std::uint64_t file_size);

  File file_;
  std::uint64_t end_ = 0;
  std::uint64_t dropped_bytes_ = 0;
  std::deque<Frame> waiting_;
  /// An append failed and its remains could not be cut off: nothing more may be added behind them.
  bool broken_ = false;
};

}  // namespace skymarshal::store

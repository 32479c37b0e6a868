// Ends that a store refuses for good, one an invocation, in a file of their own beside the outbox and of its
// form: nobody takes them from there but an operator, who can give them to a store again in an outbox's
// place. Owned by the outbox; on its thread only, but for size().
#pragma once

#include "base/error.hpp"
#include "base/id.hpp"
#include "store/outbox_file.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

namespace skymarshal::store {

class RefusedRecords {
 public:
  /// The file is made with its first record. It takes no record that would make it longer than `bytes_max`.
  RefusedRecords(std::filesystem::path path, std::uint64_t bytes_max);

  /// Opens the file if there is one. Errors as of OutboxFile::open().
  Result<void> open();
  /// On the disk when this returns; the first of a request stays, and is the only one.
  /// Errc::store_unavailable if it is not.
  Result<void> keep(const RequestId& request, const std::string& record);
  /// How many there are. Safe to call from any thread.
  std::size_t size() const { return size_; }

 private:
  Result<void> open_or_make();

  const std::filesystem::path path_;
  const std::uint64_t bytes_max_;
  std::optional<OutboxFile> file_;
  std::set<RequestId> requests_;
  std::atomic<std::size_t> size_ = 0;
};

}  // namespace skymarshal::store

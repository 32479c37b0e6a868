// The database file as its stores share it: one thread that writes, a few that read.
// Safe to use from any thread. Destroying it finishes the writes that are queued and hands their results
// over, so the executors of its callers must outlive it; no call may begin after that.
#pragma once

#include "store/sqlite_readers.hpp"
#include "store/sqlite_writer.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::store {

class SqliteConnections {
 public:
  struct Options {
    /// Its folder must exist. Two files of the same name with -wal and -shm stand beside it.
    std::filesystem::path path;
    /// Requests that may wait for the writer, and as many for the readers.
    std::size_t queue_max = 4'096;
    std::size_t readers = 2;
  };

  /// Opens or creates the file and brings its schema up to date. Errc::store_unavailable, with the reason, if
  /// it is not ours to use.
  static Result<std::shared_ptr<SqliteConnections>> open(const Options& options);

  /// Gives what `work`, a callable Result<T>(SqliteDatabase&), answers for one unchanging state of the file.
  template <typename T, typename Work>
  boost::asio::awaitable<Result<T>> read(Work work) {
    return run_on<T>(readers_.queue(), std::move(work));
  }
  /// The same in a transaction that is on the disk when this returns, or has changed nothing where `work`
  /// answers an error.
  template <typename T, typename Work>
  boost::asio::awaitable<Result<T>> write(Work work) {
    return run_on<T>(writer_.queue(), std::move(work));
  }

 private:
  SqliteConnections(std::size_t queue_max, SqliteDatabase writer, std::vector<SqliteDatabase> readers);

  SqliteReaders readers_;
  SqliteWriter writer_;
};

}  // namespace skymarshal::store

// The one thread that changes the database. Whatever waits is done in one transaction and acknowledged after
// its commit (group commit): under load many requests share one sync of the disk, an idle store answers at
// once. One request that fails never takes another one with it.
#pragma once

#include "store/sqlite_queue.hpp"

#include <span>
#include <thread>

namespace skymarshal::store {

class SqliteWriter {
 public:
  /// `jobs_max` requests may wait; more are refused.
  SqliteWriter(SqliteDatabase database, std::size_t jobs_max);
  /// Finishes what is queued.
  ~SqliteWriter();
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  SqliteQueue& queue() { return queue_; }

 private:
  void serve();
  void write(std::span<std::unique_ptr<SqliteJob>> jobs);
  Result<void> run_and_commit(std::span<std::unique_ptr<SqliteJob>> jobs);
  Result<void> run_in_savepoint(SqliteJob& job);

  SqliteDatabase database_;
  SqliteQueue queue_;
  std::thread thread_;
};

}  // namespace skymarshal::store

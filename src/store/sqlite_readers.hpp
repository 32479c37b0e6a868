// A few threads that read, each with a connection of its own: thanks to the write-ahead log they never wait
// for the writer. Each job sees one unchanging state of the database.
#pragma once

#include "store/sqlite_queue.hpp"

#include <thread>
#include <vector>

namespace skymarshal::store {

class SqliteReaders {
 public:
  /// One thread a database. `jobs_max` requests may wait; more are refused.
  SqliteReaders(std::vector<SqliteDatabase> databases, std::size_t jobs_max);
  /// Finishes what is queued.
  ~SqliteReaders();
  SqliteReaders(const SqliteReaders&) = delete;
  SqliteReaders& operator=(const SqliteReaders&) = delete;

  SqliteQueue& queue() { return queue_; }

 private:
  void serve(SqliteDatabase& database);

  std::vector<SqliteDatabase> databases_;
  SqliteQueue queue_;
  std::vector<std::thread> threads_;
};

}  // namespace skymarshal::store

#include "store/sqlite_readers.hpp"

namespace skymarshal::store {

SqliteReaders::SqliteReaders(std::vector<SqliteDatabase> databases, std::size_t jobs_max)
    : databases_(std::move(databases)), queue_(jobs_max) {
  for (SqliteDatabase& database : databases_) {
    threads_.emplace_back([this, &database] { serve(database); });
  }
}

SqliteReaders::~SqliteReaders() {
  queue_.close();
  for (std::thread& thread : threads_) thread.join();
}

void SqliteReaders::serve(SqliteDatabase& database) {
  while (const std::unique_ptr<SqliteJob> job = queue_.take()) {
    if (const auto begun = database.run("BEGIN"); !begun) {
      job->fail(begun.error());
      continue;
    }
    // A failed job keeps its own error; ending the transaction only lets go of the state it read.
    (void)job->run(database);
    if (database.in_transaction()) (void)database.run("ROLLBACK");
    job->complete();
  }
}

}  // namespace skymarshal::store

#include "store/sqlite_writer.hpp"

namespace skymarshal::store {

SqliteWriter::SqliteWriter(SqliteDatabase database, std::size_t jobs_max)
    : database_(std::move(database)), queue_(jobs_max), thread_([this] { serve(); }) {}

SqliteWriter::~SqliteWriter() {
  queue_.close();
  thread_.join();
}

void SqliteWriter::serve() {
  for (;;) {
    SqliteJobs jobs = queue_.take_all();
    if (jobs.empty()) return;
    write(jobs);
  }
}

void SqliteWriter::write(std::span<std::unique_ptr<SqliteJob>> jobs) {
  if (const auto begun = database_.run("BEGIN IMMEDIATE"); !begun) {
    for (const auto& job : jobs) job->fail(begun.error());
    return;
  }
  const auto committed = run_and_commit(jobs);
  if (committed) {
    for (const auto& job : jobs) job->complete();
    return;
  }
  if (database_.in_transaction()) (void)database_.run("ROLLBACK");
  if (jobs.size() == 1) return jobs.front()->fail(committed.error());
  // The transaction was rolled back: no job of this batch has changed the database. Each is run again in a
  // transaction of its own, so that one that cannot be committed fails by itself.
  for (std::size_t i = 0; i < jobs.size(); ++i) write(jobs.subspan(i, 1));
}

Result<void> SqliteWriter::run_and_commit(std::span<std::unique_ptr<SqliteJob>> jobs) {
  for (const auto& job : jobs) {
    if (auto kept = run_in_savepoint(*job); !kept) return kept;
  }
  return database_.run("COMMIT");
}

/// An error says that the whole transaction is lost, not that the job failed.
Result<void> SqliteWriter::run_in_savepoint(SqliteJob& job) {
  if (auto saved = database_.run("SAVEPOINT job"); !saved) return saved;
  if (auto done = job.run(database_); !done) {
    // Some errors (a full disk, an I/O error) make SQLite roll back everything by itself.
    if (!database_.in_transaction()) return done;
    if (auto undone = database_.run("ROLLBACK TO job"); !undone) return undone;
  }
  return database_.run("RELEASE job");
}

}  // namespace skymarshal::store

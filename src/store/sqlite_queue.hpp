// Work for a database thread and the bounded queue it waits in.
// Jobs are submitted by any thread, run by the thread that takes them, and answer to the coroutine that waits
// (store/reply.hpp).
#pragma once

#include "base/error.hpp"
#include "base/mutex.hpp"
#include "base/sqlite_database.hpp"
#include "store/reply.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::store {

/// Exactly one of complete() and fail() ends a job.
class SqliteJob {
 public:
  virtual ~SqliteJob() = default;
  /// Does the work inside the caller's transaction and keeps the result. On an error whatever it changed must
  /// be undone. May be called again when the transaction failed: the last run counts.
  virtual Result<void> run(SqliteDatabase& database) = 0;
  /// Sends what run() kept.
  virtual void complete() = 0;
  virtual void fail(Error error) = 0;
};

using SqliteJobs = std::vector<std::unique_ptr<SqliteJob>>;

class SqliteQueue {
 public:
  explicit SqliteQueue(std::size_t jobs_max) : jobs_max_(jobs_max) {}

  /// A job that finds the queue full or closed fails at once with Errc::store_unavailable.
  void submit(std::unique_ptr<SqliteJob> job);

  /// Everything that waits, in order of arrival; sleeps while nothing does. Empty: closed, and nothing left.
  SqliteJobs take_all();
  /// The oldest one. Null: closed, and nothing left.
  std::unique_ptr<SqliteJob> take();

  /// What waits is still handed out.
  void close();

 private:
  const std::size_t jobs_max_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::unique_ptr<SqliteJob>> waiting_ GUARDED_BY(mutex_);
  bool closed_ GUARDED_BY(mutex_) = false;
};

/// A job that runs `Work`, a callable Result<T>(SqliteDatabase&).
template <typename T, typename Work>
class SqliteJobOf final : public SqliteJob {
 public:
  SqliteJobOf(Work work, Reply<T> reply) : work_(std::move(work)), reply_(std::move(reply)) {}

  Result<void> run(SqliteDatabase& database) override {
    try {
      result_.emplace(work_(database));
    } catch (const std::exception&) {
      // Out of memory or a bug: this request alone must not take the database thread down.
      result_.emplace(make_error(Errc::internal, "the session store failed unexpectedly"));
    }
    if (!*result_) return result_->error();
    return {};
  }
  void complete() override { reply_.send(std::move(*result_)); }
  void fail(Error error) override { reply_.send(std::move(error)); }

 private:
  Work work_;
  Reply<T> reply_;
  std::optional<Result<T>> result_;
};

/// Has `work` run by whoever takes jobs from `queue`, which must outlive the wait.
template <typename T, typename Work>
boost::asio::awaitable<Result<T>> run_on(SqliteQueue& queue, Work work) {
  return await_reply<T>([&queue, job_work = std::move(work)](Reply<T> reply) mutable {
    queue.submit(std::make_unique<SqliteJobOf<T, Work>>(std::move(job_work), std::move(reply)));
  });
}

}  // namespace skymarshal::store

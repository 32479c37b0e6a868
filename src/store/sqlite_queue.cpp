#include "store/sqlite_queue.hpp"

#include <iterator>

namespace skymarshal::store {

void SqliteQueue::submit(std::unique_ptr<SqliteJob> job) {
  {
    const MutexLock lock(mutex_);
    if (!closed_ && waiting_.size() < jobs_max_) {
      waiting_.push_back(std::move(job));
      job = nullptr;
    }
  }
  if (job == nullptr) {
    changed_.notify_one();
  } else {
    job->fail(make_error(Errc::store_unavailable, "the session store is overloaded: try again later"));
  }
}

SqliteJobs SqliteQueue::take_all() {
  const MutexLock lock(mutex_);
  while (!closed_ && waiting_.empty()) changed_.wait(mutex_);
  SqliteJobs jobs(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
  waiting_.clear();
  return jobs;
}

std::unique_ptr<SqliteJob> SqliteQueue::take() {
  const MutexLock lock(mutex_);
  while (!closed_ && waiting_.empty()) changed_.wait(mutex_);
  if (waiting_.empty()) return nullptr;
  std::unique_ptr<SqliteJob> job = std::move(waiting_.front());
  waiting_.pop_front();
  return job;
}

void SqliteQueue::close() {
  {
    const MutexLock lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

}  // namespace skymarshal::store

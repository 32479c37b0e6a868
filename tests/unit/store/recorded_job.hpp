// Jobs for tests of the queue and the database threads: they run a function and remember how they ended.
#pragma once

#include "store/sqlite_queue.hpp"

#include <functional>
#include <future>
#include <string>

namespace skymarshal::test {

class RecordedJob final : public store::SqliteJob {
 public:
  using Work = std::function<Result<void>(SqliteDatabase&)>;

  RecordedJob(Work work, std::promise<Result<void>> end) : work_(std::move(work)), end_(std::move(end)) {}

  Result<void> run(SqliteDatabase& database) override {
    result_ = work_(database);
    return result_;
  }
  void complete() override { end_.set_value(result_); }
  void fail(Error error) override { end_.set_value(std::move(error)); }

 private:
  Work work_;
  std::promise<Result<void>> end_;
  Result<void> result_;
};

/// The future holds what the job was told at its end.
inline std::future<Result<void>> submit(store::SqliteQueue& queue, RecordedJob::Work work) {
  std::promise<Result<void>> end;
  auto ended = end.get_future();
  queue.submit(std::make_unique<RecordedJob>(std::move(work), std::move(end)));
  return ended;
}

inline RecordedJob::Work run_sql(std::string_view sql) {
  return [sql](SqliteDatabase& database) { return database.run(sql); };
}

}  // namespace skymarshal::test

#include "store/sqlite_queue.hpp"

#include "recorded_job.hpp"
#include "support/store_samples.hpp"
#include "support/temporary_folder.hpp"

#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace skymarshal::test::sqlite_queue_test {

using skymarshal::SqliteDatabase;
using store::SqliteJobs;
using store::SqliteQueue;

Result<void> nothing(SqliteDatabase&) { return {}; }

bool is_pending(std::future<Result<void>>& end) {
  return end.wait_for(Milliseconds(0)) == std::future_status::timeout;
}

TEST(SqliteQueue, GivesEverythingThatWaitsInOrder) {
  SqliteQueue queue(10);
  std::vector<std::future<Result<void>>> ends;
  for (int i = 0; i < 3; ++i) ends.push_back(submit(queue, nothing));
  const SqliteJobs jobs = queue.take_all();
  ASSERT_EQ(jobs.size(), 3U);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    EXPECT_TRUE(is_pending(ends[i]));
    jobs[i]->complete();
    EXPECT_FALSE(is_pending(ends[i]));
  }
}

TEST(SqliteQueue, RefusesWhatFindsItFullUntilThereIsRoom) {
  SqliteQueue queue(2);
  auto first = submit(queue, nothing);
  auto second = submit(queue, nothing);
  auto third = submit(queue, nothing);
  ASSERT_FALSE(is_pending(third));
  EXPECT_EQ(third.get().error().code, Errc::store_unavailable);
  EXPECT_TRUE(is_pending(first));

  queue.take()->complete();
  EXPECT_FALSE(is_pending(first));
  auto fourth = submit(queue, nothing);
  EXPECT_TRUE(is_pending(fourth));
  for (const auto& job : queue.take_all()) job->complete();
}

TEST(SqliteQueue, ClosedQueueHandsOutTheRestAndTakesNoMore) {
  SqliteQueue queue(10);
  auto waiting = submit(queue, nothing);
  auto also_waiting = submit(queue, nothing);
  queue.close();
  auto late = submit(queue, nothing);
  EXPECT_EQ(late.get().error().code, Errc::store_unavailable);
  const auto one = queue.take();
  ASSERT_NE(one, nullptr);
  one->complete();
  const SqliteJobs rest = queue.take_all();
  ASSERT_EQ(rest.size(), 1U);
  rest[0]->complete();
  EXPECT_TRUE(queue.take_all().empty());
  EXPECT_EQ(queue.take(), nullptr);
}

TEST(SqliteQueue, WakesAThreadThatSleeps) {
  SqliteQueue queue(1);
  std::thread worker([&queue] {
    while (const auto job = queue.take()) job->complete();
  });
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(submit(queue, nothing).get());
  queue.close();
  worker.join();
}

/// Takes the jobs of one call and runs them on a database of its own.
class QueueWorker {
 public:
  QueueWorker() : database_(SqliteDatabase::open(folder_.file("some.db"), {}).value()) {
    thread_ = std::thread([this] {
      while (const auto job = queue_.take()) {
        (void)job->run(database_);
        job->complete();
      }
    });
  }
  ~QueueWorker() {
    queue_.close();
    thread_.join();
  }
  SqliteQueue& queue() { return queue_; }

 private:
  TemporaryFolder folder_;
  SqliteDatabase database_;
  SqliteQueue queue_{10};
  std::thread thread_;
};

TEST(RunOn, GivesTheResultOfTheWork) {
  QueueWorker worker;
  const auto add = [](SqliteDatabase&) -> Result<int> { return 42; };
  EXPECT_EQ(ask(store::run_on<int>(worker.queue(), add)).value(), 42);
  const auto refuse = [](SqliteDatabase&) -> Result<int> { return make_error(Errc::not_found, "no"); };
  EXPECT_EQ(ask(store::run_on<int>(worker.queue(), refuse)).error().code, Errc::not_found);
}

TEST(RunOn, AnExceptionFailsItsOwnCallOnly) {
  QueueWorker worker;
  const auto fail = [](SqliteDatabase&) -> Result<int> { throw std::runtime_error("secret"); };
  const auto failed = ask(store::run_on<int>(worker.queue(), fail));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::internal);
  EXPECT_EQ(failed.error().message.find("secret"), std::string::npos);
  const auto succeed = [](SqliteDatabase&) -> Result<int> { return 1; };
  EXPECT_TRUE(ask(store::run_on<int>(worker.queue(), succeed)));
}

TEST(RunOn, FullQueueIsAnErrorOfTheCall) {
  SqliteQueue queue(0);
  const auto work = [](SqliteDatabase&) -> Result<int> { return 1; };
  const auto refused = ask(store::run_on<int>(queue, work));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::store_unavailable);
}

}  // namespace skymarshal::test::sqlite_queue_test

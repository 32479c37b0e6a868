// What an invocation says is kept while it says it, whatever the store does.
#include "invocations/journal_keeper.hpp"

#include "support/captured_output.hpp"
#include "support/failing_invocation_store.hpp"
#include "support/fake_runtime.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_invocation_store.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"
#include "support/store_samples.hpp"

#include <gtest/gtest.h>

namespace skymarshal::invocations::journal_keeper_test {

namespace asio = boost::asio;
using test::run_until;
using test::runtime_message;
using Chunks = std::vector<std::string>;

/// Counts appends, holds them up and has bugs.
class SwitchableAppends final : public test::FailingInvocationStore {
 public:
  using FailingInvocationStore::FailingInvocationStore;

  Reply<bool> append(RequestId id, Principal owner, JournalBatch batch) override {
    ++appends;
    const auto executor = co_await asio::this_coro::executor;
    while (waits) co_await asio::post(executor, asio::use_awaitable);
    if (throws) throw std::runtime_error("a bug");
    if (is_down) co_return down();
    co_return co_await inner().append(id, std::move(owner), std::move(batch));
  }

  int appends = 0;
  bool waits = false;
  bool throws = false;
};

class JournalKeeperTest : public testing::Test {
 protected:
  static constexpr Milliseconds long_time = std::chrono::hours(1);

  void start(Milliseconds gather, Milliseconds retry = Milliseconds(1)) {
    record_.request_id = test::fresh_id<RequestId>();
    record_.session_id = test::fresh_id<SessionId>();
    record_.owner = {"alice"};
    ASSERT_TRUE(test::run_awaitable(io_, memory_.begin(record_)));
    keeper_ = JournalKeeper::start({gather, retry}, {record_.request_id, record_.owner}, journal_, store_,
                                   *log_, io_.get_executor());
  }
  void say(const std::string& chunk) { journal_->append_chunk(runtime_message(chunk)); }
  void end() {
    InvocationEnd end;
    end.body = share_text("{}");
    journal_->append_end(std::move(end));
  }
  Chunks kept() {
    return test::run_awaitable(io_, memory_.read(record_.request_id, record_.owner, 0))->batch.chunks;
  }
  bool has_kept(const Chunks& chunks) {
    return run_until(io_, [&] { return store_.appends > 0 && !store_.waits && kept_now() == chunks; });
  }
  /// What is logged by `run`, at the end of which nothing may go on.
  template <typename Run>
  std::string logged(Run run) {
    return test::captured([this, &run] {
             log_ = std::make_unique<Logger>(Logger::Options{LogLevel::warning, 16}, clock_);
             run();
             log_.reset();
           })
        .error;
  }
  JournalBatch stop() { return test::run_awaitable(io_, keeper_->stop()); }

  test::ManualClock clock_;
  test::MemorySessionStore sessions_{clock_};
  test::MemoryInvocationStore memory_{sessions_, clock_};
  SwitchableAppends store_{memory_};
  InvocationRecord record_;
  std::shared_ptr<Journal> journal_ = std::make_shared<Journal>();
  std::unique_ptr<Logger> log_ = std::make_unique<Logger>(Logger::Options{LogLevel::off, 16}, clock_);
  asio::io_context io_;
  std::shared_ptr<JournalKeeper> keeper_;

 private:
  /// Of a store in memory, whose reads answer at once: on a loop of its own, so that nothing else runs.
  Chunks kept_now() {
    asio::io_context io;
    return test::run_awaitable(io, memory_.read(record_.request_id, record_.owner, 0))->batch.chunks;
  }
};

TEST_F(JournalKeeperTest, WhatIsSaidIsKeptWhileItGoesOn) {
  start(Milliseconds(0));
  say("1");
  EXPECT_TRUE(has_kept({"1"}));
  say("2");
  EXPECT_TRUE(has_kept({"1", "2"}));
  const JournalBatch rest = stop();
  EXPECT_EQ(rest.first_seq, 3U);
  EXPECT_TRUE(rest.chunks.empty());
}

TEST_F(JournalKeeperTest, WhatComesInAShortWhileIsOneBatch) {
  start(Milliseconds(20));
  for (const char* chunk : {"1", "2", "3"}) say(chunk);
  EXPECT_TRUE(has_kept({"1", "2", "3"}));
  EXPECT_EQ(store_.appends, 1);
  stop();
}

TEST_F(JournalKeeperTest, AQuickAnswerCostsNoWrite) {
  start(long_time);
  say("1");
  say("2");
  end();
  const JournalBatch rest = stop();
  EXPECT_EQ(rest.first_seq, 1U);
  EXPECT_EQ(rest.chunks, (Chunks{"1", "2"}));
  EXPECT_EQ(store_.appends, 0);
}

TEST_F(JournalKeeperTest, WhatComesWhileABatchIsWrittenFollowsIt) {
  store_.waits = true;
  start(Milliseconds(0));
  say("1");
  ASSERT_TRUE(run_until(io_, [this] { return store_.appends == 1; }));
  say("2");
  say("3");
  store_.waits = false;
  EXPECT_TRUE(has_kept({"1", "2", "3"}));
  stop();
}

TEST_F(JournalKeeperTest, StoppingWaitsForTheBatchThatIsBeingWritten) {
  store_.waits = true;
  start(Milliseconds(0));
  say("1");
  ASSERT_TRUE(run_until(io_, [this] { return store_.appends == 1; }));
  say("2");
  asio::post(io_, [this] { store_.waits = false; });
  const JournalBatch rest = stop();
  EXPECT_EQ(kept(), Chunks{"1"});
  EXPECT_EQ(rest.first_seq, 2U);
  EXPECT_EQ(rest.chunks, Chunks{"2"}) << "nothing twice, nothing missing";
}

TEST_F(JournalKeeperTest, AStoreThatIsDownLosesNothingAndIsComplainedOfOnce) {
  const std::string log = logged([this] {
    store_.is_down = true;
    start(Milliseconds(0));
    say("1");
    ASSERT_TRUE(run_until(io_, [this] { return store_.appends >= 3; }));
    say("2");
    store_.is_down = false;
    EXPECT_TRUE(has_kept({"1", "2"}));
    stop();
  });
  const std::size_t first = log.find("journal_not_kept");
  ASSERT_NE(first, std::string::npos) << log;
  EXPECT_EQ(log.find("journal_not_kept", first + 1), std::string::npos) << log;
}

TEST_F(JournalKeeperTest, WhatADownStoreDidNotTakeIsTheRest) {
  store_.is_down = true;
  start(Milliseconds(0), long_time);
  say("1");
  ASSERT_TRUE(run_until(io_, [this] { return store_.appends == 1; }));
  say("2");
  const JournalBatch rest = stop();
  EXPECT_EQ(rest.first_seq, 1U);
  EXPECT_EQ(rest.chunks, (Chunks{"1", "2"}));
}

TEST_F(JournalKeeperTest, NothingMoreIsWrittenOfWhatHasEndedElsewhere) {
  start(Milliseconds(0));
  FinishedInvocation elsewhere;
  elsewhere.end.body = share_text("{}");
  elsewhere.interaction = test::sample_interaction(record_.session_id, record_.owner, clock_.wall_now());
  elsewhere.interaction.request_id = record_.request_id;
  ASSERT_EQ(test::run_awaitable(io_, memory_.finish(elsewhere)).value(), FinishOutcome::finished);
  say("1");
  ASSERT_TRUE(run_until(io_, [this] { return store_.appends == 1; }));
  say("2");
  stop();
  EXPECT_EQ(store_.appends, 1);
}

TEST_F(JournalKeeperTest, ABugInTheStoreEndsTheWritingAndNothingElse) {
  const std::string log = logged([this] {
    store_.throws = true;
    start(Milliseconds(0));
    say("1");
    ASSERT_TRUE(run_until(io_, [this] { return store_.appends == 1; }));
    const JournalBatch rest = stop();
    EXPECT_EQ(rest.chunks, Chunks{"1"});
  });
  EXPECT_NE(log.find(R"("event":"task_failed","task":"journal_keeper")"), std::string::npos) << log;
}

}  // namespace skymarshal::invocations::journal_keeper_test

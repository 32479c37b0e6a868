// What the service does when its store does not: the rest is seen through the gateway's own tests.
#include "invocations/invocation_service.hpp"

#include "support/failing_invocation_store.hpp"
#include "support/fake_runtime.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_invocation_store.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"

#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

namespace skymarshal::invocations::invocation_service_test {

class InvocationServiceTest : public testing::Test {
 protected:
  Submission submission(Keeping keeping) {
    Submission submission;
    submission.request_id = RequestId::generate(random);
    submission.principal = {"alice"};
    submission.prompt = "EY283 is late";
    submission.keeping = keeping;
    return submission;
  }
  Result<Submitted> submit(Submission submission) {
    return test::run_awaitable(io, service.submit(std::move(submission)));
  }
  bool becomes_idle() {
    return test::run_until(io, [this] { return service.idle(); });
  }
  InvocationRecord begun_elsewhere(const Principal& owner) {
    InvocationRecord record;
    record.request_id = RequestId::generate(random);
    record.session_id = SessionId::generate(random);
    record.owner = owner;
    record.accepted_at = clock.wall_now();
    record.runner = "another gateway";
    EXPECT_TRUE(test::run_awaitable(io, memory.begin(record)));
    return record;
  }
  static const InvocationEnd& end_of(const Submitted& submitted) {
    return *submitted.invocation.source.journal->end()->end;
  }

  test::ManualClock clock;
  SystemRandom random;
  Logger log{{LogLevel::off}, clock};
  test::FakeRuntime runtime;
  test::MemorySessionStore sessions{clock};
  test::MemoryInvocationStore memory{sessions, clock};
  test::FailingInvocationStore store{memory};
  LoneGateway fleet;
  InvocationService service{{}, {runtime, sessions, store, fleet, clock, random, log}};
  /// The last member: what is still under way refers to the others.
  boost::asio::io_context io;
};

TEST_F(InvocationServiceTest, RunsWithoutItsStoreOnlyWhatNeedNotBeKept) {
  store.is_down = true;
  for (const Keeping keeping : {Keeping::end_only, Keeping::wanted}) {
    const auto submitted = submit(submission(keeping));
    ASSERT_TRUE(submitted) << submitted.error().message;
    ASSERT_TRUE(becomes_idle());
    EXPECT_FALSE(end_of(*submitted).error);
    EXPECT_EQ(end_of(*submitted).persisted, Persisted::stored) << "the session store is not down";
  }
  const auto refused = submit(submission(Keeping::required));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::store_unavailable);
  Submission keyed = submission(Keeping::required);
  keyed.claim = {"order-1", "f"};
  EXPECT_EQ(submit(std::move(keyed)).error().code, Errc::store_unavailable);
  EXPECT_EQ(runtime.requests.size(), 2U) << "whether it has run before is not known";
  EXPECT_TRUE(service.idle());
}

TEST_F(InvocationServiceTest, AnEndThatNobodyKeepsIsToldAllTheSame) {
  runtime.play = [this](const RuntimeRequest&) {
    test::FakeRuntime::Play play;
    play.before_end = [this] { store.is_down = true; };
    return play;
  };
  const auto submitted = submit(submission(Keeping::required));
  ASSERT_TRUE(submitted);
  ASSERT_TRUE(becomes_idle());
  EXPECT_FALSE(end_of(*submitted).error);
  EXPECT_EQ(end_of(*submitted).persisted, Persisted::lost);
}

TEST_F(InvocationServiceTest, WhatRunsHereIsFoundWithoutTheStore) {
  runtime.play = [](const RuntimeRequest&) {
    return test::FakeRuntime::Play{{"1"}, test::FakeRuntime::Play::End::hang};
  };
  const auto submitted = submit(submission(Keeping::required));
  ASSERT_TRUE(submitted);
  store.is_down = true;
  const RequestId id = submitted->invocation.head.request_id;
  const Principal alice{"alice"};
  const Principal bob{"bob"};
  EXPECT_TRUE(test::run_awaitable(io, service.find(id, alice, Place())));
  EXPECT_EQ(test::run_awaitable(io, service.find(id, bob, Place())).error().code, Errc::store_unavailable)
      << "whatever is not the caller's own is asked of the store, there or not";
  store.is_down = false;
  EXPECT_EQ(test::run_awaitable(io, service.find(id, bob, Place())).error().code, Errc::invocation_not_found);
  service.stop_all(make_error(Errc::interrupted, "enough"));
  EXPECT_TRUE(becomes_idle());
}

TEST_F(InvocationServiceTest, OneThatRunsElsewhereIsFollowedThroughTheStore) {
  const Principal alice{"alice"};
  const InvocationRecord record = begun_elsewhere(alice);
  const auto found = test::run_awaitable(io, service.find(record.request_id, alice, Place()));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->head.state, InvocationState::running);
  JournalBatch batch{1, {"1"}};
  ASSERT_TRUE(test::run_awaitable(io, memory.append(record.request_id, alice, batch)).value());
  EXPECT_TRUE(test::run_until(io, [&] { return found->source.journal->last_seq() == 1; }));
}

TEST_F(InvocationServiceTest, WhoeverReadsOneThatRunsElsewhereMayBeAheadOfTheStore) {
  const Principal alice{"alice"};
  const InvocationRecord record = begun_elsewhere(alice);
  JournalBatch batch{1, {"1"}};
  ASSERT_TRUE(test::run_awaitable(io, memory.append(record.request_id, alice, batch)).value());
  const Place told{3};
  const auto found = test::run_awaitable(io, service.find(record.request_id, alice, told));
  ASSERT_TRUE(found) << found.error().message;
  batch = {2, {"2", "3", "4"}};
  ASSERT_TRUE(test::run_awaitable(io, memory.append(record.request_id, alice, batch)).value());
  ASSERT_TRUE(test::run_until(io, [&] { return found->source.journal->last_seq() == 4; }));
  EXPECT_EQ(found->source.journal->find(4)->chunk.data(), "4");
  EXPECT_EQ(found->source.journal->find(3), nullptr) << "it has that one";
  const Place bogus{9};
  EXPECT_TRUE(test::run_awaitable(io, service.find(record.request_id, alice, bogus)));
  FinishedInvocation finished;
  finished.end.body = share_text("{}");
  finished.interaction.request_id = record.request_id;
  finished.interaction.session_id = record.session_id;
  finished.interaction.principal = alice;
  finished.interaction.response = finished.end.body;
  ASSERT_TRUE(test::run_awaitable(io, memory.finish(finished)));
  EXPECT_EQ(test::run_awaitable(io, service.find(record.request_id, alice, bogus)).error().code,
            Errc::invalid_request)
      << "now it is known";
}

TEST_F(InvocationServiceTest, WhatOthersEndedWhileItWaitedDoesNotRun) {
  const Principal alice{"alice"};
  InvocationService::Options options;
  options.gate = {1, 5};
  options.runner = "this gateway";
  InvocationService narrow(options, {runtime, sessions, store, fleet, clock, random, log});
  runtime.play = [](const RuntimeRequest&) {
    return test::FakeRuntime::Play{{}, test::FakeRuntime::Play::End::hang};
  };
  for (const char* const key : {"order-1", "order-2"}) {
    Submission keyed = submission(Keeping::required);
    keyed.claim = {key, "f"};
    ASSERT_TRUE(test::run_awaitable(io, narrow.submit(std::move(keyed))));
  }
  const auto open = test::run_awaitable(io, memory.open_ones("this gateway"));
  ASSERT_EQ(open->size(), 2U);
  const InvocationRecord& waiting = open->at(1);
  ASSERT_TRUE(waiting.waits);
  FinishedInvocation taken_for_dead;
  taken_for_dead.end.error = make_error(Errc::interrupted, "it stopped");
  taken_for_dead.end.body = share_text("{}");
  taken_for_dead.interaction.request_id = waiting.request_id;
  taken_for_dead.interaction.session_id = waiting.session_id;
  taken_for_dead.interaction.principal = alice;
  taken_for_dead.interaction.response = taken_for_dead.end.body;
  taken_for_dead.releases_claim = true;
  ASSERT_EQ(test::run_awaitable(io, memory.finish(taken_for_dead)).value(), FinishOutcome::finished);
  const auto waits_here = test::run_awaitable(io, narrow.find(waiting.request_id, alice, Place()));
  ASSERT_TRUE(waits_here);
  narrow.cancel_here(open->at(0).request_id);
  ASSERT_TRUE(test::run_until(io, [&] { return narrow.idle(); }));
  EXPECT_EQ(runtime.requests.size(), 1U);
  const InvocationEnd& end = *waits_here->source.journal->end()->end;
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, Errc::interrupted);
}

TEST_F(InvocationServiceTest, AKeyOfABeginThatWasToldAsFailedIsFreeForItsRepeat) {
  Submission keyed = submission(Keeping::required);
  keyed.claim = {"order-1", "f"};
  store.loses_begins = true;
  EXPECT_EQ(submit(keyed).error().code, Errc::store_unavailable);
  store.loses_begins = false;
  store.is_read_only = true;
  keyed.request_id = RequestId::generate(random);
  EXPECT_EQ(submit(keyed).error().code, Errc::store_unavailable) << "it cannot be taken back yet";
  store.is_read_only = false;
  const auto repeated = submit(keyed);
  ASSERT_TRUE(repeated) << repeated.error().message;
  EXPECT_FALSE(repeated->is_repeat);
  ASSERT_TRUE(becomes_idle());
  EXPECT_EQ(runtime.requests.size(), 1U);
}

TEST_F(InvocationServiceTest, WhatBeganUnheardIsTakenBackOnceItDoesNotRun) {
  const Principal alice{"alice"};
  const auto open = [&] {
    return test::run_awaitable(io, memory.open_ones(InvocationService::Options().runner)).value().size();
  };
  const auto settle = [&] {
    const auto done = [&]() -> boost::asio::awaitable<Result<void>> {
      co_await service.settle_begins();
      co_return Result<void>();
    };
    ASSERT_TRUE(test::run_awaitable(io, done()));
  };
  runtime.play = [](const RuntimeRequest&) {
    return test::FakeRuntime::Play{{}, test::FakeRuntime::Play::End::hang};
  };
  store.loses_begins = true;
  const auto unkept = submit(submission(Keeping::wanted));
  ASSERT_TRUE(unkept);
  EXPECT_FALSE(unkept->is_kept);
  settle();
  EXPECT_EQ(open(), 1U) << "it runs";
  service.stop_all(make_error(Errc::interrupted, "enough"));
  ASSERT_TRUE(becomes_idle());
  store.is_down = true;
  settle();
  store.is_down = false;
  EXPECT_EQ(open(), 1U) << "and waits for its store";
  settle();
  EXPECT_EQ(open(), 0U);
}

TEST_F(InvocationServiceTest, BeginsNothingWhileItDrains) {
  Submission first = submission(Keeping::required);
  first.claim = {"order-1", "f"};
  Submission again = first;
  ASSERT_TRUE(submit(std::move(first)));
  ASSERT_TRUE(becomes_idle());
  service.begin_draining();
  EXPECT_EQ(submit(submission(Keeping::wanted)).error().code, Errc::shutting_down);
  const auto repeated = submit(std::move(again));
  ASSERT_TRUE(repeated) << "what was promised is still given";
  EXPECT_TRUE(repeated->is_repeat);
  EXPECT_TRUE(service.idle());
}

TEST_F(InvocationServiceTest, ThoseWhoComeAtOnceUnderOneClaimTakeTheRoomOfOne) {
  InvocationService::Options options;
  options.gate = {1, 0};
  InvocationService narrow(options, {runtime, sessions, store, fleet, clock, random, log});
  std::vector<Result<Submitted>> all;
  for (int i = 0; i < 5; ++i) {
    Submission keyed = submission(Keeping::required);
    keyed.claim = {"order-1", "f"};
    boost::asio::co_spawn(io, narrow.submit(std::move(keyed)),
                          [&all](auto failure, Result<Submitted> submitted) {
                            ASSERT_FALSE(failure);
                            all.push_back(std::move(submitted));
                          });
  }
  ASSERT_TRUE(test::run_until(io, [&] { return all.size() == 5 && narrow.idle(); }));
  int repeats = 0;
  for (const Result<Submitted>& each : all) {
    ASSERT_TRUE(each) << each.error().message;
    EXPECT_EQ(each->invocation.head.request_id, all.front()->invocation.head.request_id);
    if (each->is_repeat) ++repeats;
  }
  EXPECT_EQ(repeats, 4);
  EXPECT_EQ(runtime.requests.size(), 1u);
}

/// A store whose next read takes for ever.
class SlowOnceStore final : public test::FailingInvocationStore {
 public:
  using FailingInvocationStore::FailingInvocationStore;
  bool is_slow = false;

  Reply<StoredJournal> read(RequestId id, Principal principal, std::uint64_t after) override {
    if (std::exchange(is_slow, false)) {
      Wakeup nobody(co_await boost::asio::this_coro::executor);
      co_await nobody.wait_until(Wakeup::never);
    }
    co_return co_await inner().read(id, std::move(principal), after);
  }
};

TEST_F(InvocationServiceTest, ARepeatWaitsForNobody) {
  SlowOnceStore slow(memory);
  InvocationService other({}, {runtime, sessions, slow, fleet, clock, random, log});
  const auto keyed = [this] {
    Submission keyed = submission(Keeping::required);
    keyed.claim = {"order-1", "f"};
    return keyed;
  };
  bool first_is_told = false;
  // Destroyed before what waits in it for ever refers to.
  boost::asio::io_context loop;
  ASSERT_TRUE(test::run_awaitable(loop, other.submit(keyed())));
  ASSERT_TRUE(test::run_until(loop, [&] { return other.idle(); }));
  slow.is_slow = true;
  boost::asio::co_spawn(loop, other.submit(keyed()),
                        [&](std::exception_ptr, const Result<Submitted>&) { first_is_told = true; });
  ASSERT_TRUE(test::run_until(loop, [&] { return !slow.is_slow; }));
  EXPECT_TRUE(test::run_awaitable(loop, other.submit(keyed()))->is_repeat);
  EXPECT_FALSE(first_is_told);
}

}  // namespace skymarshal::invocations::invocation_service_test

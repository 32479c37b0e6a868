#include "store/outbox.hpp"

#include "killed_child.hpp"
#include "opened_outbox.hpp"
#include "store/outbox_session_store.hpp"
#include "store/sqlite_session_store.hpp"
#include "support/captured_output.hpp"
#include "support/disk_limit.hpp"
#include "support/manual_clock.hpp"
#include "support/store_samples.hpp"
#include "support/temporary_folder.hpp"
#include "switchable_store.hpp"

#include <set>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

namespace skymarshal::test::outbox_test {

using invocations::Interaction;
using invocations::SaveOutcome;
using store::Outbox;
using namespace std::chrono_literals;

/// For what happens on the outbox's own thread.
template <typename Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() {
    options_.path = folder_.file("outbox");
    options_.retry_delays = {1ms, 2ms};
    options_.drain_period = 5ms;
  }

  std::unique_ptr<OpenedOutbox> open() { return open(std::make_unique<SwitchableStore>(state_)); }
  std::unique_ptr<OpenedOutbox> open(std::unique_ptr<invocations::SessionStore> sessions) {
    Outbox::Inner inner{std::move(sessions), nullptr};
    return std::make_unique<OpenedOutbox>(Outbox::open(options_, std::move(inner), log_).value(), clock_);
  }

  Interaction sample() { return sample_interaction(session_, owner_, clock_.wall_now()); }

  TemporaryFolder folder_;
  ManualClock clock_;
  Logger log_{{LogLevel::off}, clock_};
  StoreSwitch state_;
  Outbox::Options options_;
  const SessionId session_ = fresh_id<SessionId>();
  const Principal owner_ = fresh_principal();
};

TEST_F(OutboxTest, PassesOnWhatTheStoreTakes) {
  const auto outbox = open();
  EXPECT_EQ(ask(outbox->save(sample())).value(), SaveOutcome::stored);
  EXPECT_EQ(state_.attempt_count(), 1);
  EXPECT_EQ(outbox->waiting(), 0U);
}

TEST_F(OutboxTest, TriesAgainBeforeItPutsAside) {
  const auto outbox = open();
  state_.failures_left = 2;
  EXPECT_EQ(ask(outbox->save(sample())).value(), SaveOutcome::stored);
  EXPECT_EQ(state_.attempt_count(), 3);
}

TEST_F(OutboxTest, PassesOnErrorsThatNoRetryMends) {
  const auto outbox = open();
  state_.fail_with(Errc::session_not_found);
  EXPECT_EQ(ask(outbox->save(sample())).error().code, Errc::session_not_found);
  EXPECT_EQ(state_.attempt_count(), 1);
  EXPECT_EQ(outbox->waiting(), 0U);
}

TEST_F(OutboxTest, KeepsWhatTheStoreRefusesAndSavesItInOrderWhenItIsBack) {
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  std::vector<Interaction> put_aside;
  for (int i = 0; i < 5; ++i) {
    put_aside.push_back(sample());
    EXPECT_EQ(ask(outbox->save(put_aside.back())).value(), SaveOutcome::outboxed);
  }
  EXPECT_EQ(outbox->waiting(), 5U);
  state_.fail_with({});
  ASSERT_TRUE(eventually([&] { return outbox->waiting() == 0; }));
  ASSERT_EQ(state_.saved.size(), put_aside.size());
  for (std::size_t i = 0; i < put_aside.size(); ++i) EXPECT_TRUE(same(state_.saved[i], put_aside[i])) << i;
}

TEST_F(OutboxTest, KeepsTryingAtItsPeriodWhileTheStoreIsDown) {
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  ASSERT_TRUE(ask(outbox->save(sample())));
  EXPECT_TRUE(eventually([&] { return state_.attempt_count() > 10; }));
  EXPECT_EQ(outbox->waiting(), 1U);
}

TEST_F(OutboxTest, DrainsAtStartWhatARestartLeft) {
  const auto interaction = sample();
  state_.fail_with(Errc::store_unavailable);
  {
    const auto outbox = open();
    ASSERT_EQ(ask(outbox->save(interaction)).value(), SaveOutcome::outboxed);
  }
  EXPECT_EQ(state_.saved_count(), 0U);
  options_.drain_period = 1h;
  state_.fail_with({});
  const auto outbox = open();
  ASSERT_TRUE(eventually([&] { return outbox->waiting() == 0; }));
  ASSERT_EQ(state_.saved_count(), 1U);
  EXPECT_TRUE(same(state_.saved[0], interaction));
}

TEST_F(OutboxTest, DropsARecordWhoseSessionBelongsToSomebodyElse) {
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  ASSERT_TRUE(ask(outbox->save(sample())));
  state_.fail_with(Errc::session_not_found);
  ASSERT_TRUE(eventually([&] { return outbox->waiting() == 0; }));
  EXPECT_EQ(state_.saved_count(), 0U);
}

TEST_F(OutboxTest, HoldsARecordBackWhileTheStoreFailsOtherwise) {
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  ASSERT_TRUE(ask(outbox->save(sample())));
  state_.fail_with(Errc::internal);
  const int before = state_.attempt_count();
  ASSERT_TRUE(eventually([&] { return state_.attempt_count() > before + 3; }));
  EXPECT_EQ(outbox->waiting(), 1U);
}

TEST_F(OutboxTest, OneThatTheStoreNeverTakesHoldsNothingUp) {
  auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  const auto first = sample(), poison = sample(), last = sample();
  for (const auto& interaction : {first, poison, last})
    ASSERT_EQ(ask(outbox->save(interaction)).value(), SaveOutcome::outboxed);
  {
    const std::lock_guard lock(state_.mutex);
    state_.poison = poison.request_id;
  }
  state_.fail_with({});
  ASSERT_TRUE(eventually([&] { return outbox->waiting() == 0; }));
  ASSERT_EQ(state_.saved_count(), 2U);
  EXPECT_TRUE(same(state_.saved[0], first));
  EXPECT_TRUE(same(state_.saved[1], last));
  EXPECT_EQ(outbox->refused(), 1U);

  outbox.reset();
  outbox = open();
  EXPECT_EQ(outbox->refused(), 1U) << "also after a restart";
  outbox.reset();
  // As an operator does once the store takes it.
  state_.poison.reset();
  std::filesystem::rename(folder_.file("outbox.refused"), folder_.file("outbox"));
  outbox = open();
  ASSERT_TRUE(eventually([&] { return outbox->waiting() == 0; }));
  ASSERT_EQ(state_.saved_count(), 3U);
  EXPECT_TRUE(same(state_.saved[2], poison));
  EXPECT_EQ(outbox->refused(), 0U);
}

TEST_F(OutboxTest, TriesOnceWhatTheStoreNeverTakesAndKeepsItAside) {
  std::size_t refused = 0;
  const auto interaction = sample();
  state_.poison = interaction.request_id;
  const std::string log =
      captured([&] {
        Logger loud({LogLevel::info, 64}, clock_);
        Outbox::Inner inner{std::make_unique<SwitchableStore>(state_), nullptr};
        OpenedOutbox outbox(Outbox::open(options_, std::move(inner), loud).value(), clock_);
        EXPECT_EQ(ask(outbox.save(interaction)).error().code, Errc::store_refused);
        refused = outbox.refused();
      }).error;
  EXPECT_EQ(state_.attempt_count(), 1);
  EXPECT_EQ(refused, 1U);
  EXPECT_NE(log.find("outbox_record_refused"), std::string::npos) << log;
  EXPECT_NE(log.find(interaction.request_id.str()), std::string::npos) << log;
}

TEST_F(OutboxTest, LetsNothingGoThatNoDiskTakesBesideIt) {
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  const auto poison = sample();
  ASSERT_TRUE(ask(outbox->save(poison)));
  std::filesystem::create_directory(folder_.file("outbox.refused"));
  {
    const std::lock_guard lock(state_.mutex);
    state_.poison = poison.request_id;
  }
  state_.fail_with({});
  const int before = state_.attempt_count();
  ASSERT_TRUE(eventually([&] { return state_.attempt_count() > before + 3; }));
  EXPECT_EQ(outbox->waiting(), 1U);
  std::filesystem::remove(folder_.file("outbox.refused"));
  ASSERT_TRUE(eventually([&] { return outbox->waiting() == 0; }));
  EXPECT_EQ(outbox->refused(), 1U);
}

TEST_F(OutboxTest, WaitsNoLongerForASlowStoreThanItIsTold) {
  options_.deliver_timeout = 50ms;
  options_.drain_period = 1h;
  options_.retry_delays = {1ms, 1ms, 1ms};
  const auto outbox = open();
  {
    const std::lock_guard lock(state_.mutex);
    state_.slowness = 1h;
  }
  EXPECT_EQ(ask(outbox->save(sample())).value(), SaveOutcome::outboxed);
  {
    const std::lock_guard lock(state_.mutex);
    EXPECT_EQ(state_.cut_off, 1) << "what it had begun is not left to itself";
    state_.slowness = 0ms;
  }
  EXPECT_TRUE(ask(outbox->erase(session_, owner_))) << "which drains it first";
  EXPECT_EQ(state_.saved_count(), 1U);
}

TEST_F(OutboxTest, HearsOfABugWhileItsTimeRuns) {
  options_.deliver_timeout = 1h;
  const auto outbox = open();
  state_.throws = true;
  EXPECT_THROW((void)ask(outbox->save(sample())), std::runtime_error);
}

TEST_F(OutboxTest, NothingOvertakesWhatWaits) {
  options_.drain_period = 1h;
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  const auto first = sample(), second = sample();
  ASSERT_EQ(ask(outbox->save(first)).value(), SaveOutcome::outboxed);
  const int before = state_.attempt_count();
  state_.fail_with({});
  EXPECT_EQ(ask(outbox->save(second)).value(), SaveOutcome::outboxed);
  EXPECT_EQ(state_.attempt_count(), before) << "nor does it ask a store that was last seen failing";
  ASSERT_TRUE(ask(outbox->claim(session_, owner_)));
  ASSERT_EQ(state_.saved_count(), 2U);
  EXPECT_TRUE(same(state_.saved[0], first));
  EXPECT_TRUE(same(state_.saved[1], second));
  EXPECT_EQ(ask(outbox->save(sample())).value(), SaveOutcome::stored) << "once nothing waits any more";
}

TEST_F(OutboxTest, ManyAreGivenToTheStoreAtATimeButOneOfASession) {
  options_.drain_period = 1h;
  options_.drained_at_once_max = 8;
  for (const bool one_session : {false, true}) {
    const auto outbox = open();
    state_.fail_with(Errc::store_unavailable);
    std::vector<Interaction> put_aside;
    for (int i = 0; i < 20; ++i) {
      const auto session = one_session ? session_ : fresh_id<SessionId>();
      put_aside.push_back(sample_interaction(session, owner_, clock_.wall_now()));
      ASSERT_EQ(ask(outbox->save(put_aside.back())).value(), SaveOutcome::outboxed);
    }
    state_.fail_with({});
    state_.saved.clear();
    state_.at_once_max = 0;
    state_.slowness = 20ms;
    ASSERT_TRUE(ask(outbox->drain()));
    EXPECT_EQ(state_.at_once_max, one_session ? 1 : 8);
    ASSERT_EQ(state_.saved.size(), put_aside.size());
    for (std::size_t i = 0; one_session && i < put_aside.size(); ++i)
      EXPECT_TRUE(same(state_.saved[i], put_aside[i])) << i;
    state_.slowness = 0ms;
  }
}

TEST_F(OutboxTest, WhoAsksForOneSessionWaitsForThatAlone) {
  options_.drain_period = 1h;
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  const auto one = sample_interaction(fresh_id<SessionId>(), owner_, clock_.wall_now());
  const auto other = sample_interaction(fresh_id<SessionId>(), owner_, clock_.wall_now());
  // The first shows that the store is back.
  for (const Interaction& aside : {one, other, sample()})
    ASSERT_EQ(ask(outbox->save(aside)).value(), SaveOutcome::outboxed);
  state_.fail_with({});
  state_.held = other.session_id;
  ASSERT_TRUE(ask(outbox->erase(session_, owner_)));
  EXPECT_EQ(state_.erased, 1);
  EXPECT_EQ(state_.saved_count(), 2U);
  EXPECT_EQ(outbox->waiting(), 1U) << "it is not there yet";
  {
    const std::lock_guard lock(state_.mutex);
    state_.held.reset();
  }
  EXPECT_TRUE(eventually([&] { return outbox->waiting() == 0; }));
}

TEST_F(OutboxTest, NobodyWaitsForTheRecordsOfOtherSessions) {
  options_.drain_period = 1h;
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  ASSERT_EQ(ask(outbox->save(sample())).value(), SaveOutcome::outboxed);
  const int before = state_.attempt_count();
  EXPECT_TRUE(ask(outbox->erase(fresh_id<SessionId>(), owner_)));
  EXPECT_EQ(state_.attempt_count(), before);
}

TEST_F(OutboxTest, GoesOnWhenTheStoreHasABug) {
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  ASSERT_TRUE(ask(outbox->save(sample())));
  {
    const std::lock_guard lock(state_.mutex);
    state_.throws = true;
  }
  const int before = state_.attempt_count();
  ASSERT_TRUE(eventually([&] { return state_.attempt_count() > before + 3; })) << "it tries again and again";
  EXPECT_EQ(outbox->waiting(), 1U);
  {
    const std::lock_guard lock(state_.mutex);
    state_.throws = false;
  }
  state_.fail_with({});
  ASSERT_TRUE(eventually([&] { return outbox->waiting() == 0; }));
  EXPECT_EQ(state_.saved_count(), 1U);
}

TEST_F(OutboxTest, PassesTheAnswerOnWithoutCopyingIt) {
  const auto outbox = open();
  state_.failures_left = 1;
  const Interaction interaction = sample();
  ASSERT_EQ(ask(outbox->save(interaction)).value(), SaveOutcome::stored);
  EXPECT_EQ(state_.saved.at(0).response, interaction.response) << "also when it was tried again";
}

TEST_F(OutboxTest, LeavesTheTellingOfALossToItsCaller) {
  options_.bytes_max = 1;
  state_.fail_with(Errc::store_unavailable);
  const std::string log =
      captured([this] {
        Logger loud({LogLevel::info, 64}, clock_);
        Outbox::Inner inner{std::make_unique<SwitchableStore>(state_), nullptr};
        OpenedOutbox outbox(Outbox::open(options_, std::move(inner), loud).value(), clock_);
        EXPECT_FALSE(ask(outbox.save(sample())));
      }).error;
  EXPECT_EQ(log, "") << "it would stand in the log twice";
}

TEST_F(OutboxTest, FailsWhenItIsFull) {
  options_.bytes_max = 2'000;
  options_.drain_period = 1h;
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  Interaction large = sample();
  large.response = share_text(std::string(1'200, 'x'));
  ASSERT_EQ(ask(outbox->save(large)).value(), SaveOutcome::outboxed);
  large.request_id = fresh_id<RequestId>();
  const auto refused = ask(outbox->save(large));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::store_unavailable);
  EXPECT_EQ(outbox->waiting(), 1U);
}

TEST_F(OutboxTest, FailsWhenItsDiskIsFull) {
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  const DiskLimit limit(8);
  const auto refused = ask(outbox->save(sample()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::store_unavailable);
  EXPECT_EQ(outbox->waiting(), 0U);
}

TEST_F(OutboxTest, EraseComesAfterWhatWaits) {
  options_.drain_period = 1h;
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  ASSERT_TRUE(ask(outbox->save(sample())));

  const auto refused = ask(outbox->erase(session_, owner_));
  ASSERT_FALSE(refused) << "or the record would come back";
  EXPECT_EQ(refused.error().code, Errc::store_unavailable);
  EXPECT_EQ(state_.erased, 0);

  state_.fail_with({});
  EXPECT_TRUE(ask(outbox->erase(session_, owner_)));
  EXPECT_EQ(outbox->waiting(), 0U);
  EXPECT_EQ(state_.saved_count(), 1U);
  EXPECT_EQ(state_.erased, 1);
}

TEST_F(OutboxTest, NobodyTakesASessionWhoseFirstInteractionWaits) {
  options_.drain_period = 1h;
  const auto outbox = open();
  state_.fail_with(Errc::store_unavailable);
  ASSERT_TRUE(ask(outbox->save(sample())));
  EXPECT_TRUE(ask(outbox->claim(session_, owner_))) << "sessions go on while the store takes no interactions";

  state_.fail_with({});
  const auto stranger = ask(outbox->claim(session_, fresh_principal()));
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().code, Errc::session_not_found);
  EXPECT_EQ(state_.saved_count(), 1U);
  EXPECT_TRUE(ask(outbox->claim(session_, owner_)));
}

TEST_F(OutboxTest, GoesByWhatItKnowsOfASessionWhileTheStoreIsDown) {
  const auto outbox = open();
  ASSERT_TRUE(ask(outbox->save(sample())));
  state_.fail_with(Errc::store_unavailable);
  state_.claim_failure = Errc::store_unavailable;
  EXPECT_TRUE(ask(outbox->claim(session_, owner_)));
  EXPECT_EQ(ask(outbox->claim(session_, fresh_principal())).error().code, Errc::session_not_found);
  EXPECT_EQ(ask(outbox->claim(fresh_id<SessionId>(), owner_)).error().code, Errc::store_unavailable)
      << "of others it knows nothing";

  // What is put aside is known as well.
  const auto fresh = sample_interaction(fresh_id<SessionId>(), owner_, clock_.wall_now());
  ASSERT_EQ(ask(outbox->save(fresh)).value(), SaveOutcome::outboxed);
  EXPECT_TRUE(ask(outbox->claim(fresh.session_id, owner_)));

  clock_.advance(30min);
  EXPECT_TRUE(ask(outbox->claim(session_, owner_)));
  clock_.advance(1ms);
  EXPECT_EQ(ask(outbox->claim(session_, owner_)).error().code, Errc::session_expired);
}

TEST_F(OutboxTest, ForgetsWhatItErased) {
  const auto outbox = open();
  ASSERT_TRUE(ask(outbox->claim(session_, owner_)));
  ASSERT_TRUE(ask(outbox->erase(session_, owner_)));
  state_.claim_failure = Errc::store_unavailable;
  EXPECT_EQ(ask(outbox->claim(session_, owner_)).error().code, Errc::store_unavailable);
}

TEST_F(OutboxTest, RefusesAFileItCannotUse) {
  const auto first = open();
  Outbox::Inner inner{std::make_unique<SwitchableStore>(state_), nullptr};
  const auto second = Outbox::open(options_, std::move(inner), log_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::store_unavailable);
}

boost::asio::awaitable<void> save_some(OpenedOutbox* outbox, SessionId id, Principal owner, WallTime at,
                                       Acknowledge acknowledge) {
  for (int i = 0; i < 50; ++i) {
    Interaction interaction = sample_interaction(id, owner, at);
    const auto request_id = interaction.request_id;
    const auto saved = co_await outbox->save(std::move(interaction));
    if (saved) acknowledge(request_id);
  }
}

TEST_F(OutboxTest, StoreThatComesAndGoesLosesAndRepeatsNothing) {
  options_.retry_delays = {};
  std::vector<boost::asio::io_context> executors(3);
  const auto outbox = open();
  std::vector<std::set<RequestId>> acknowledged(executors.size());
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < executors.size(); ++t) {
    threads.emplace_back([&, t] {
      const auto acknowledge = [&own = acknowledged[t]](const RequestId& id) { own.insert(id); };
      for (int i = 0; i < 4; ++i) {
        boost::asio::co_spawn(executors[t],
                              save_some(outbox.get(), session_, owner_, clock_.wall_now(), acknowledge),
                              boost::asio::detached);
      }
      executors[t].run();
    });
  }
  for (int i = 0; i < 20; ++i) {
    state_.fail_with(i % 2 == 0 ? std::optional(Errc::store_unavailable) : std::nullopt);
    const int before = state_.attempt_count();
    if (!eventually([&] { return state_.attempt_count() > before + 5 || state_.saved_count() == 600; }))
      break;
  }
  state_.fail_with({});
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(eventually([&] { return outbox->waiting() == 0; }));

  std::set<RequestId> saved;
  for (const Interaction& interaction : state_.saved) saved.insert(interaction.request_id);
  EXPECT_EQ(saved.size(), 600U);
  for (const auto& own : acknowledged) {
    EXPECT_EQ(own.size(), 200U);
    for (const RequestId& id : own) EXPECT_TRUE(saved.contains(id));
  }
}

TEST_F(OutboxTest, KillAtAnyInstantLosesNothingPutAside) {
  options_.retry_delays = {};
  for (std::size_t round = 0; round < 10; ++round) {
    state_.fail_with(Errc::store_unavailable);
    const auto acknowledged = acknowledged_before_kill(1 + round * 13, [&](const Acknowledge& acknowledge) {
      boost::asio::io_context io;
      const auto outbox = open();
      for (int i = 0; i < 20; ++i) {
        boost::asio::co_spawn(io, save_some(outbox.get(), session_, owner_, clock_.wall_now(), acknowledge),
                              boost::asio::detached);
      }
      io.run();
    });
    state_.fail_with({});
    const auto outbox = open();
    ASSERT_TRUE(eventually([&] { return outbox->waiting() == 0; }));
    std::set<RequestId> saved;
    for (const Interaction& interaction : state_.saved) saved.insert(interaction.request_id);
    for (const RequestId& id : acknowledged) EXPECT_TRUE(saved.contains(id)) << round;
  }
}

TEST_F(OutboxTest, WorksOverARealStoreThatLosesItsDisk) {
  store::SqliteSessionStore::Options sqlite;
  sqlite.file.path = folder_.file("sessions.db");
  const auto outbox = open(store::SqliteSessionStore::open(sqlite, clock_).value());
  Interaction interaction = sample();
  interaction.response = share_text(std::string(200'000, 'x'));
  {
    // Room for the outbox, none for the log of the database, which is longer already.
    for (int i = 0; i < 3; ++i) {
      Interaction filler = interaction;
      filler.request_id = fresh_id<RequestId>();
      ASSERT_EQ(ask(outbox->save(filler)).value(), SaveOutcome::stored);
    }
    const DiskLimit limit(400'000);
    ASSERT_EQ(ask(outbox->save(interaction)).value(), SaveOutcome::outboxed);
  }
  ASSERT_TRUE(eventually([&] { return outbox->waiting() == 0; }));
  const auto history = ask(outbox->history(session_, owner_, {})).value();
  ASSERT_EQ(history.interactions.size(), 4U);
  EXPECT_EQ(history.interactions.back().request_id, interaction.request_id);
}

}  // namespace skymarshal::test::outbox_test

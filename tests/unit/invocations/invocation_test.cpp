// One prompt on its way: what it asks of the runtime, what it saves, what ends it.
#include "invocations/invocation.hpp"

#include "invocation_rig.hpp"
#include "support/json_text.hpp"
#include "support/run_awaitable.hpp"

#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace skymarshal::invocations::invocation_test {

using test::FakeRuntime;
using test::run_until;
using test::text_at;
using test::value_at;
using End = FakeRuntime::Play::End;

class InvocationTest : public InvocationRig {};

TEST_F(InvocationTest, AsksTheRuntimeAndJournalsWhatItSays) {
  plays({{R"({"agent":"cargo"})", "2"}, End::complete, R"({"assessment":{"a":1}})"});
  const auto invocation = start("what now?");
  const InvocationEnd* const end = end_of(invocation);
  ASSERT_TRUE(end);
  ASSERT_FALSE(end->error);
  EXPECT_EQ(value_at(*end->body, {"assessment"}), R"({"a":1})");
  ASSERT_EQ(runtime.requests.size(), 1u);
  EXPECT_EQ(runtime.requests[0].prompt, "what now?");
  EXPECT_EQ(runtime.requests[0].session_id, session);
  EXPECT_EQ(runtime.requests[0].request_id, invocation->subject().request_id);
  const auto journal = invocation->journal();
  EXPECT_EQ(journal->find(1)->chunk.data(), R"({"agent":"cargo"})");
  EXPECT_EQ(journal->find(2)->chunk.data(), "2");
  EXPECT_EQ(journal->end()->seq, 3u);
}

TEST_F(InvocationTest, FoldsChunksToOneLine) {
  plays({{"{\n \"agent\" :\r\n\"cargo\" }", "[ 1 ]"}});
  const auto invocation = start();
  end_of(invocation);
  EXPECT_EQ(invocation->journal()->find(1)->chunk.data(), R"({"agent":"cargo"})");
  EXPECT_EQ(invocation->journal()->find(2)->chunk.data(), "[ 1 ]") << "left alone: it is one line";
}

TEST_F(InvocationTest, MeasuresItsTimes) {
  FakeRuntime::Play play;
  play.before_end = [this] { clock.advance(Milliseconds(250)); };
  plays(play);
  const auto invocation = start();
  clock.advance(Milliseconds(40));
  const InvocationEnd* const end = end_of(invocation);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->queued, Milliseconds(40));
  EXPECT_EQ(end->execution_time, Milliseconds(290));
  EXPECT_EQ(end->ended_at, clock.wall_now());
  EXPECT_EQ(value_at(*end->body, {"execution_time_ms"}), "290");
  EXPECT_EQ(value_at(*end->body, {"metadata", "queue_ms"}), "40");
  EXPECT_EQ(value_at(*end->body, {"metadata", "connect_ms"}), "3");
  EXPECT_EQ(value_at(*end->body, {"metadata", "runtime"}), "\"fake\"");
}

TEST_F(InvocationTest, IsSavedBeforeItsEndCanBeRead) {
  const auto invocation = start();
  bool ended_before = false;
  store.on_save = [&](const Interaction&) { ended_before = invocation->journal()->end() != nullptr; };
  const InvocationEnd* const end = end_of(invocation);
  ASSERT_TRUE(end);
  EXPECT_FALSE(ended_before);
  EXPECT_EQ(end->persisted, Persisted::stored);
  ASSERT_EQ(store.saved.size(), 1u);
  const Interaction& saved = store.saved[0];
  EXPECT_EQ(saved.session_id, session);
  EXPECT_EQ(saved.request_id, invocation->subject().request_id);
  EXPECT_EQ(saved.principal.id, "alice");
  EXPECT_EQ(saved.prompt, "EY283 is late");
  EXPECT_EQ(saved.status, InteractionStatus::success);
  EXPECT_EQ(saved.response, end->body) << "one text, shared";
  EXPECT_EQ(saved.error_message, "");
}

TEST_F(InvocationTest, SavesFailuresToo) {
  plays({{}, End::fail, "", make_error(Errc::runtime_error, "it broke", R"({"code":"X"})")});
  auto invocation = start();
  const InvocationEnd* end = end_of(invocation);
  ASSERT_TRUE(end);
  ASSERT_TRUE(end->error);
  EXPECT_EQ(end->error->code, Errc::runtime_error);
  ASSERT_EQ(store.saved.size(), 1u);
  EXPECT_EQ(store.saved[0].status, InteractionStatus::error);
  EXPECT_EQ(store.saved[0].error_message, "it broke");
  EXPECT_EQ(text_at(*store.saved[0].response, {"error_code"}), "RUNTIME_ERROR");

  plays({{}, End::fail, "", make_error(Errc::timeout, "too slow")});
  invocation = start();
  end = end_of(invocation);
  ASSERT_EQ(store.saved.size(), 2u);
  EXPECT_EQ(store.saved[1].status, InteractionStatus::timeout);
}

TEST_F(InvocationTest, SavesWhatABugInTheRuntimeLeft) {
  FakeRuntime::Play play{{"1"}, End::raise};
  play.before_end = [this] { clock.advance(Milliseconds(9)); };
  plays(play);
  const auto invocation = start();
  const InvocationEnd* const end = end_of(invocation);
  ASSERT_TRUE(end);
  ASSERT_TRUE(end->error);
  EXPECT_EQ(end->error->code, Errc::internal);
  EXPECT_EQ(end->error->message.find("bug"), std::string::npos) << "nothing of the inside is told";
  EXPECT_EQ(end->ended_at, clock.wall_now());
  EXPECT_EQ(end->execution_time, Milliseconds(9));
  EXPECT_EQ(end->persisted, Persisted::stored);
  ASSERT_EQ(store.saved.size(), 1u);
  EXPECT_EQ(store.saved[0].status, InteractionStatus::error);
  EXPECT_EQ(gate.counts().running, 0);
}

TEST_F(InvocationTest, AnswersEvenWhenItCannotBeSaved) {
  store.down = true;
  auto invocation = start();
  const InvocationEnd* end = end_of(invocation);
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->error);
  EXPECT_EQ(end->persisted, Persisted::lost);

  store.down = false;
  store.throws = true;
  invocation = start();
  end = end_of(invocation);
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->error);
  EXPECT_EQ(end->persisted, Persisted::lost);
  EXPECT_EQ(gate.counts().running, 0);
}

TEST_F(InvocationTest, SaysWhenItsRecordIsOnlySetAside) {
  store.outcome = SaveOutcome::outboxed;
  const auto invocation = start();
  const InvocationEnd* const end = end_of(invocation);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->persisted, Persisted::later);
}

TEST_F(InvocationTest, GivesTurnAndSlotBackBeforeItsEndCanBeRead) {
  const auto invocation = start();
  const auto journal = invocation->journal();
  bool held_when_ended = true;
  settle();
  // Whoever is told of the end runs after everything was given back.
  boost::asio::co_spawn(
      io,
      [](std::shared_ptr<Journal> read, InvocationTest& test, bool& held) -> boost::asio::awaitable<void> {
        const auto executor = co_await boost::asio::this_coro::executor;
        JournalReader reader(std::move(read), executor);
        while (co_await reader.wait_until(Wakeup::never) == JournalReader::Waited::ready) {
          const JournalEvent* const event = reader.next();
          if (event == nullptr || !event->end) continue;
          held = test.gate.counts().running > 0 || !test.turns.take(test.session, Principal{"alice"});
          co_return;
        }
      }(journal, *this, held_when_ended),
      boost::asio::detached);
  ASSERT_TRUE(run_until(io, [&] { return journal->end() != nullptr; }));
  settle();
  EXPECT_FALSE(held_when_ended);
}

TEST_F(InvocationTest, KeepsItsTurnButNotItsSlotWhileItIsSaved) {
  int saves = 0;
  store.on_save = [&](const Interaction&) {
    ++saves;
    EXPECT_EQ(gate.counts().running, 0) << "the next one may run";
    EXPECT_EQ(gate.counts().queued, 0);
    EXPECT_FALSE(registry.empty()) << "but all is not over yet";
    EXPECT_FALSE(turns.take(session, Principal{"alice"})) << "the session's next turn finds it saved";
  };
  const auto invocation = start();
  end_of(invocation);
  EXPECT_EQ(saves, 1);
  settle();
  EXPECT_TRUE(registry.empty());
}

TEST_F(InvocationTest, SharesOneTextWithTheStoreAndEveryReader) {
  for (const End how : {End::complete, End::fail}) {
    plays({{}, how, "{}", make_error(Errc::runtime_error, "it broke")});
    const auto invocation = start();
    const InvocationEnd* const end = end_of(invocation);
    ASSERT_TRUE(end);
    EXPECT_EQ(store.saved.back().response, end->body) << "the same text, not a copy of it";
  }
}

TEST_F(InvocationTest, LeavesAJournalThatOutlivesIt) {
  std::shared_ptr<Journal> journal;
  std::weak_ptr<Invocation> watched;
  {
    const auto invocation = start();
    journal = invocation->journal();
    watched = invocation;
    end_of(invocation);
  }
  settle();
  EXPECT_TRUE(watched.expired());
  ASSERT_TRUE(journal->end());
  EXPECT_EQ(text_at(*journal->end()->end->body, {"status"}), "success");
}

TEST_F(InvocationTest, EscapesWhatReadersOfLinesSplitAt) {
  const std::string separators = "\xC2\x85 \xE2\x80\xA8 \xE2\x80\xA9";
  plays({{"\"" + separators + "\""},
         End::fail,
         "",
         make_error(Errc::runtime_error, "it broke", "{\n\"said\":\"" + separators + "\"}")});
  const auto invocation = start();
  const InvocationEnd* const end = end_of(invocation);
  ASSERT_TRUE(end);
  const std::string escaped = R"("\u0085 \u2028 \u2029")";
  EXPECT_EQ(invocation->journal()->find(1)->chunk.data(), escaped);
  EXPECT_EQ(end->error->details,
            R"({"said":)" + escaped + R"(,"received":{"count":1,"chunks":[)" + escaped + "]}}");
  EXPECT_EQ(text_at(*end->body, {"details", "said"}), separators) << "the same value";
}

TEST_F(InvocationTest, WaitsForItsTurnAndForASlot) {
  plays({{}, End::hang});
  const auto first = start();
  const auto second = start();
  settle();
  EXPECT_EQ(runtime.requests.size(), 1u);
  EXPECT_EQ(gate.counts().queued, 1);
  first->stop(make_error(Errc::cancelled, "enough"));
  end_of(first);
  settle();
  EXPECT_EQ(runtime.requests.size(), 2u);
  second->stop(make_error(Errc::cancelled, "enough"));
  EXPECT_EQ(end_of(second)->error->code, Errc::cancelled);
}

TEST_F(InvocationTest, CanBeStoppedWhileItWaits) {
  plays({{}, End::hang});
  const auto running = start();
  const auto waiting = start();
  settle();
  waiting->stop(make_error(Errc::cancelled, "not wanted any more"));
  const InvocationEnd* const end = end_of(waiting);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->error->message, "not wanted any more");
  EXPECT_FALSE(end->queued) << "it never ran";
  EXPECT_EQ(runtime.requests.size(), 1u);
  EXPECT_EQ(store.saved.size(), 1u);
  running->stop(make_error(Errc::cancelled, "enough"));
  end_of(running);
  EXPECT_EQ(gate.counts().running, 0);
  EXPECT_EQ(gate.counts().queued, 0);
}

TEST_F(InvocationTest, CutsOffARuntimeThatSaysTooMuch) {
  options.journal_bytes_max = 10'000;
  plays({{"\"" + std::string(4'000, 'a') + "\"", "\"" + std::string(9'000, 'b') + "\"", "1", "2"},
         End::complete});
  const auto invocation = start();
  const InvocationEnd* const end = end_of(invocation);
  ASSERT_TRUE(end);
  ASSERT_TRUE(end->error);
  EXPECT_EQ(end->error->code, Errc::runtime_protocol_error);
  EXPECT_LE(invocation->journal()->memory_bytes(), 10'000u);
  EXPECT_EQ(invocation->journal()->end()->seq, 2u) << "one chunk had room";
}

TEST_F(InvocationTest, IsCancelledWhenItsLastReaderHasBeenGoneForTheGraceTime) {
  options.when_unread = WhenUnread::end_after(Milliseconds(15));
  plays({{}, End::hang});
  const auto invocation = start();
  auto one = std::make_unique<Readership::Attachment>(invocation->attach());
  auto other = std::make_unique<Readership::Attachment>(invocation->attach());
  settle();
  const auto left_at = std::chrono::steady_clock::now();
  one.reset();
  settle();
  EXPECT_EQ(invocation->journal()->end(), nullptr) << "somebody is still there";
  other.reset();
  const InvocationEnd* const end = end_of(invocation);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->error->code, Errc::cancelled);
  EXPECT_GE(std::chrono::steady_clock::now() - left_at, Milliseconds(15));
  EXPECT_EQ(store.saved.size(), 1u);
  EXPECT_EQ(runtime.open, 0);
}

TEST_F(InvocationTest, GoesOnWhenSomebodyComesBackInTime) {
  // The grace time begins and ends with the leaving, and the coming back stands next in the line.
  options.when_unread = WhenUnread::end_after(Milliseconds(0));
  plays({{}, End::hang});
  const auto invocation = start();
  settle();
  {
    const Readership::Attachment first = invocation->attach();
  }
  auto back = std::make_unique<Readership::Attachment>(invocation->attach());
  for (int i = 0; i < 3; ++i) settle();
  EXPECT_EQ(invocation->journal()->end(), nullptr);
  back.reset();
  EXPECT_EQ(end_of(invocation)->error->code, Errc::cancelled);
}

TEST_F(InvocationTest, RunsToItsEndUnreadWhereThatIsThePolicy) {
  options.when_unread = WhenUnread::run_to_the_end();
  plays({{}, End::hang});
  const auto invocation = start();
  {
    const Readership::Attachment only = invocation->attach();
  }
  settle();
  EXPECT_EQ(invocation->journal()->end(), nullptr);
  invocation->stop(make_error(Errc::timeout, "its own time is over"));
  EXPECT_EQ(end_of(invocation)->error->code, Errc::timeout);
}

TEST_F(InvocationTest, NeedsNobodyToRunToItsEnd) {
  options.when_unread = WhenUnread::end_after(std::chrono::hours(1));
  plays({{"1", "2"}, End::complete});
  const auto invocation = start();
  {
    const Readership::Attachment brief = invocation->attach();
  }
  EXPECT_FALSE(end_of(invocation)->error);
}

TEST_F(InvocationTest, IsNotChangedByAStopThatComesTooLate) {
  const auto invocation = start();
  ASSERT_FALSE(end_of(invocation)->error);
  invocation->stop(make_error(Errc::cancelled, "too late"));
  {
    const Readership::Attachment late = invocation->attach();
  }
  settle();
  EXPECT_FALSE(invocation->journal()->end()->end->error);
  EXPECT_EQ(invocation->journal()->end()->seq, 1u);
}

TEST_F(InvocationTest, LivesInTheRegistryOnlyWhileItRuns) {
  plays({{}, End::hang});
  std::weak_ptr<Invocation> watched;
  {
    const auto invocation = start();
    watched = invocation;
    settle();
  }
  EXPECT_FALSE(watched.expired()) << "it owns itself while it runs";
  registry.stop_all(make_error(Errc::shutting_down, "closing"));
  ASSERT_TRUE(run_until(io, [&] { return watched.expired(); }));
  EXPECT_EQ(store.saved.at(0).error_message, "closing");
}

/// One that has its turn among all gateways and waits for a slot of its own.
class SharedTurnOfInvocation : public InvocationTest {
 protected:
  void take_slot() {
    options.shares_turn = true;
    taken_slot.emplace(*gate.admit());
    EXPECT_TRUE(test::run_awaitable(io, taken_slot->enter(not_stopped)));
  }

  StopSignal not_stopped;
  std::optional<ConcurrencyGate::Admission> taken_slot;
};

TEST_F(SharedTurnOfInvocation, AsksOnceForATurnThatIsYoungerThanALease) {
  take_slot();
  const auto invocation = start();
  settle();
  EXPECT_EQ(fleet.asked, 1);
  clock.advance(options.shared_turn.sure_for - Milliseconds(1));
  taken_slot.reset();
  end_of(invocation);
  EXPECT_EQ(fleet.asked, 1);
}

TEST_F(SharedTurnOfInvocation, AsksAgainForATurnThatIsOlderAndWaitsForIt) {
  fleet.answers = {true, false, true};
  int asked_when_it_ran = 0;
  runtime.play = [&](const RuntimeRequest&) {
    asked_when_it_ran = fleet.asked;
    return test::FakeRuntime::Play();
  };
  take_slot();
  const auto invocation = start();
  settle();
  clock.advance(options.shared_turn.sure_for);
  taken_slot.reset();
  end_of(invocation);
  EXPECT_EQ(asked_when_it_ran, 3);
}

}  // namespace skymarshal::invocations::invocation_test

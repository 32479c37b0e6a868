#include "invocations/journal_replay.hpp"

#include "support/manual_clock.hpp"
#include "support/memory_invocation_store.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"
#include "support/store_samples.hpp"

#include <gtest/gtest.h>

namespace skymarshal::invocations::journal_replay_test {

using test::ask;

class JournalReplayTest : public testing::Test {
 protected:
  JournalReplayTest() {
    record.request_id = test::fresh_id<RequestId>();
    record.session_id = test::fresh_id<SessionId>();
    record.owner = test::fresh_principal();
    record.accepted_at = clock.wall_now();
    EXPECT_TRUE(ask(store.begin(record)));
  }

  void say(std::vector<std::string> chunks) {
    JournalBatch batch{said + 1, std::move(chunks)};
    said += batch.chunks.size();
    EXPECT_TRUE(ask(store.append(record.request_id, record.owner, std::move(batch))).value());
  }
  void finish() {
    FinishedInvocation finished;
    finished.end.body = share_text("{}");
    finished.interaction = test::sample_interaction(record.session_id, record.owner, clock.wall_now());
    finished.interaction.request_id = record.request_id;
    EXPECT_EQ(ask(store.finish(std::move(finished))).value(), FinishOutcome::finished);
  }

  std::shared_ptr<Journal> replay(std::uint64_t after = 0) {
    auto first = ask(store.read(record.request_id, record.owner, after)).value();
    return replay_journal({store, log, Milliseconds(1)}, record.owner, after, std::move(first),
                          io.get_executor());
  }
  bool ends(const std::shared_ptr<Journal>& journal) {
    return test::run_until(io, [&] { return journal->end() != nullptr; });
  }
  static std::string text_of(const Journal& journal, std::uint64_t after = 0) {
    std::string text;
    for (std::uint64_t seq = after + 1; const JournalEvent* const event = journal.find(seq); ++seq) {
      text += std::to_string(event->seq) + ':' +
              (event->end ? *event->end->body : std::string(event->chunk.data())) + ' ';
    }
    return text;
  }

  test::ManualClock clock;
  Logger log{{LogLevel::off}, clock};
  test::MemorySessionStore sessions{clock};
  test::MemoryInvocationStore store{sessions, clock};
  InvocationRecord record;
  std::uint64_t said = 0;
  boost::asio::io_context io;
};

TEST_F(JournalReplayTest, GivesWhatIsAtRestAtOnce) {
  say({"1", R"({"agent":"cargo"})"});
  finish();
  EXPECT_EQ(text_of(*replay()), R"(1:1 2:{"agent":"cargo"} 3:{} )");
  EXPECT_EQ(text_of(*replay(1), 1), R"(2:{"agent":"cargo"} 3:{} )");
  EXPECT_EQ(replay(1)->find(1), nullptr);
  const auto end = replay(behind_all);
  ASSERT_NE(end->end(), nullptr);
  EXPECT_EQ(*end->end()->end->body, "{}");
}

TEST_F(JournalReplayTest, FollowsOneThatRunsElsewhere) {
  say({"1"});
  const auto journal = replay();
  EXPECT_EQ(text_of(*journal), "1:1 ");
  say({"2", "3"});
  ASSERT_TRUE(test::run_until(io, [&] { return journal->last_seq() == 3; }));
  finish();
  ASSERT_TRUE(ends(journal));
  EXPECT_EQ(text_of(*journal), "1:1 2:2 3:3 4:{} ");
}

TEST_F(JournalReplayTest, FetchesALongOneInParts) {
  store.read_chunks_max = 2;
  say({"1", "2", "3", "4", "5"});
  finish();
  const auto journal = replay();
  EXPECT_EQ(journal->last_seq(), 2U);
  ASSERT_TRUE(ends(journal));
  EXPECT_EQ(text_of(*journal), "1:1 2:2 3:3 4:4 5:5 6:{} ");
}

TEST_F(JournalReplayTest, LooksNoMoreWhenNobodyReads) {
  auto journal = replay();
  journal.reset();
  EXPECT_GT(io.run_for(std::chrono::seconds(20)), 0U);
  EXPECT_TRUE(io.stopped()) << "nothing is left to do";
}

TEST_F(JournalReplayTest, EndsWithItsSession) {
  const auto journal = replay();
  ASSERT_TRUE(ask(sessions.erase(record.session_id, record.owner)));
  ASSERT_TRUE(ends(journal));
  EXPECT_EQ(journal->end()->end->error->code, Errc::invocation_not_found);
}

}  // namespace skymarshal::invocations::journal_replay_test

// The journal: gap-free, the same for every reader, on whatever thread it reads.
#include "invocations/journal.hpp"

#include "support/fake_runtime.hpp"
#include "support/run_until.hpp"

#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::invocations::journal_test {

namespace asio = boost::asio;
using test::run_until;
using test::runtime_message;

InvocationEnd success(std::string response) {
  InvocationEnd end;
  end.body = share_text(std::move(response));
  return end;
}

/// What one reader gets, as it gets it.
struct Reading {
  std::vector<std::uint64_t> seqs;
  std::vector<std::string> texts;
  bool ended = false;
  JournalReader::Waited last = JournalReader::Waited::ready;
};

void take(Reading& reading, const JournalEvent& event) {
  reading.seqs.push_back(event.seq);
  reading.texts.emplace_back(event.end ? *event.end->body : std::string(event.chunk.data()));
  reading.ended = event.end != nullptr;
}

asio::awaitable<void> read_to_end(std::shared_ptr<Journal> journal, std::uint64_t after, Reading& reading) {
  const auto executor = co_await asio::this_coro::executor;
  JournalReader reader(std::move(journal), executor, after);
  while (!reading.ended) {
    reading.last = co_await reader.wait_until(Wakeup::never);
    if (reading.last != JournalReader::Waited::ready) co_return;
    while (const JournalEvent* const event = reader.next()) take(reading, *event);
  }
}

TEST(Journal, IsEmptyAtFirst) {
  const Journal journal;
  EXPECT_EQ(journal.find(0), nullptr);
  EXPECT_EQ(journal.find(1), nullptr);
  EXPECT_EQ(journal.end(), nullptr);
  EXPECT_EQ(journal.memory_bytes(), 0u);
}

TEST(Journal, NumbersWhatItIsGiven) {
  Journal journal;
  journal.append_chunk(runtime_message("1"));
  journal.append_chunk(runtime_message("2"));
  EXPECT_EQ(journal.end(), nullptr);
  EXPECT_GT(journal.memory_bytes(), 0u);
  journal.append_end(success("{}"));
  ASSERT_NE(journal.find(2), nullptr);
  EXPECT_EQ(journal.find(2)->chunk.data(), "2");
  EXPECT_EQ(journal.find(4), nullptr);
  ASSERT_NE(journal.end(), nullptr);
  EXPECT_EQ(journal.end()->seq, 3u);
  EXPECT_EQ(journal.find(3), journal.end());
}

TEST(Journal, LeavesItsEventsWhereTheyAre) {
  Journal journal;
  journal.append_chunk(runtime_message("0"));
  const JournalEvent* const first = journal.find(1);
  for (int i = 0; i < 1000; ++i) journal.append_chunk(runtime_message("1"));
  EXPECT_EQ(journal.find(1), first);
  EXPECT_EQ(first->chunk.data(), "0");
}

TEST(JournalReader, GivesEachEventOnce) {
  asio::io_context io;
  const auto journal = std::make_shared<Journal>();
  JournalReader reader(journal, io.get_executor());
  EXPECT_EQ(reader.next(), nullptr);
  journal->append_chunk(runtime_message("1"));
  ASSERT_NE(reader.next(), nullptr);
  EXPECT_EQ(reader.next(), nullptr);
}

TEST(JournalReader, WaitsForWhatHasNotHappenedYet) {
  asio::io_context io;
  const auto journal = std::make_shared<Journal>();
  Reading reading;
  asio::co_spawn(io, read_to_end(journal, 0, reading), asio::detached);
  io.poll();
  EXPECT_TRUE(reading.seqs.empty());
  journal->append_chunk(runtime_message("1"));
  ASSERT_TRUE(run_until(io, [&] { return reading.seqs.size() == 1; }));
  journal->append_end(success("\"end\""));
  ASSERT_TRUE(run_until(io, [&] { return reading.ended; }));
  EXPECT_EQ(reading.texts, (std::vector<std::string>{"1", "\"end\""}));
}

asio::awaitable<void> wait_once(JournalReader& reader, SteadyTime deadline,
                                std::optional<JournalReader::Waited>& outcome) {
  outcome = co_await reader.wait_until(deadline);
}

TEST(JournalReader, WaitsNoLongerThanItsDeadline) {
  asio::io_context io;
  JournalReader reader(std::make_shared<Journal>(), io.get_executor());
  std::optional<JournalReader::Waited> outcome;
  const SteadyTime soon = std::chrono::steady_clock::now() + Milliseconds(5);
  asio::co_spawn(io, wait_once(reader, soon, outcome), asio::detached);
  ASSERT_TRUE(run_until(io, [&] { return outcome.has_value(); }));
  EXPECT_EQ(*outcome, JournalReader::Waited::timed_out);
  EXPECT_GE(std::chrono::steady_clock::now(), soon);
}

TEST(JournalReader, EndsItsWaitsWhenCancelled) {
  asio::io_context io;
  const auto journal = std::make_shared<Journal>();
  JournalReader reader(journal, io.get_executor());
  std::optional<JournalReader::Waited> outcome;
  asio::co_spawn(io, wait_once(reader, Wakeup::never, outcome), asio::detached);
  io.poll();
  EXPECT_FALSE(outcome);
  reader.cancel();
  ASSERT_TRUE(run_until(io, [&] { return outcome.has_value(); }));
  EXPECT_EQ(*outcome, JournalReader::Waited::cancelled);
  // And every later one, whatever happens.
  journal->append_chunk(runtime_message("1"));
  outcome.reset();
  asio::co_spawn(io, wait_once(reader, Wakeup::never, outcome), asio::detached);
  ASSERT_TRUE(run_until(io, [&] { return outcome.has_value(); }));
  EXPECT_EQ(*outcome, JournalReader::Waited::cancelled);
}

TEST(JournalReader, MayLeaveWhileTheJournalGrows) {
  asio::io_context io;
  const auto journal = std::make_shared<Journal>();
  {
    const JournalReader reader(journal, io.get_executor());
    journal->append_chunk(runtime_message("1"));
  }
  journal->append_chunk(runtime_message("2"));
  io.poll();
  EXPECT_EQ(journal->find(2)->chunk.data(), "2");
}

std::vector<std::string> texts_of(std::size_t chunks) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < chunks; ++i) texts.push_back(std::to_string(i * 7));
  texts.emplace_back("\"end\"");
  return texts;
}

RC_GTEST_PROP(Property16Journal, ResumesAfterAnyEventWithExactlyTheNext, ()) {
  const auto chunks = *rc::gen::inRange<std::size_t>(0, 30);
  const auto ahead = *rc::gen::inRange<std::size_t>(0, chunks + 1);
  const std::vector<std::string> texts = texts_of(chunks);
  asio::io_context io;
  const auto journal = std::make_shared<Journal>();
  for (std::size_t i = 0; i < ahead; ++i) journal->append_chunk(runtime_message(texts[i]));

  // One reader for each place to begin at; some of what they read is there already, some is not.
  std::vector<Reading> readings(chunks + 1);
  for (std::size_t k = 0; k <= chunks; ++k) {
    asio::co_spawn(io, read_to_end(journal, k, readings[k]), asio::detached);
  }
  if (*rc::gen::arbitrary<bool>()) io.poll();
  for (std::size_t i = ahead; i < chunks; ++i) {
    journal->append_chunk(runtime_message(texts[i]));
    if (*rc::gen::arbitrary<bool>()) io.poll();
  }
  journal->append_end(success(texts.back()));
  RC_ASSERT(run_until(io, [&] { return std::ranges::all_of(readings, &Reading::ended); }));

  for (std::size_t k = 0; k <= chunks; ++k) {
    const std::vector<std::string> expected(texts.begin() + static_cast<long>(k), texts.end());
    RC_ASSERT(readings[k].texts == expected);
    for (std::size_t i = 0; i < readings[k].seqs.size(); ++i) RC_ASSERT(readings[k].seqs[i] == k + 1 + i);
  }
}

/// A reader with a thread and an event loop of its own.
class ReaderThread {
 public:
  ReaderThread(std::shared_ptr<Journal> journal, std::uint64_t after)
      : thread_([this, journal, after] {
          asio::io_context io;
          asio::co_spawn(io, read_to_end(journal, after, reading_), asio::detached);
          in_time_ = run_until(io, [this] { return reading_.ended; });
        }) {}

  const Reading& join() {
    thread_.join();
    return reading_;
  }
  bool in_time() const { return in_time_; }

 private:
  Reading reading_;
  bool in_time_ = false;
  std::thread thread_;
};

RC_GTEST_PROP(Property16Journal, IsTheSameForReadersOnOtherThreads, ()) {
  const auto chunks = *rc::gen::inRange<std::size_t>(0, 200);
  const auto after = *rc::gen::inRange<std::size_t>(0, chunks + 1);
  const std::vector<std::string> texts = texts_of(chunks);
  const auto journal = std::make_shared<Journal>();
  ReaderThread from_start(journal, 0);
  ReaderThread resumed(journal, after);
  for (std::size_t i = 0; i < chunks; ++i) journal->append_chunk(runtime_message(texts[i]));
  ReaderThread late(journal, 0);
  journal->append_end(success(texts.back()));

  const Reading& first = from_start.join();
  const Reading& second = resumed.join();
  const Reading& third = late.join();
  RC_ASSERT(from_start.in_time() && resumed.in_time() && late.in_time());
  RC_ASSERT(first.texts == texts);
  RC_ASSERT(third.texts == texts);
  RC_ASSERT(first.seqs == third.seqs);
  for (std::size_t i = 0; i < first.seqs.size(); ++i) RC_ASSERT(first.seqs[i] == i + 1);
  RC_ASSERT(second.seqs ==
            std::vector<std::uint64_t>(first.seqs.begin() + static_cast<long>(after), first.seqs.end()));
  RC_ASSERT(second.texts == std::vector<std::string>(texts.begin() + static_cast<long>(after), texts.end()));
}

}  // namespace skymarshal::invocations::journal_test

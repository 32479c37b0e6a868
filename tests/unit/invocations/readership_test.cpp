// What follows when the last reader has left, by either policy.
#include "invocations/readership.hpp"

#include "support/run_until.hpp"

#include <chrono>
#include <optional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace skymarshal::invocations::readership_test {

using Attachment = Readership::Attachment;

class ReadershipTest : public testing::Test {
 protected:
  std::shared_ptr<Readership> with(WhenUnread when_unread) {
    return std::make_shared<Readership>(io.get_executor(), when_unread, [this] { ++deserted; });
  }

  void settle() {
    io.restart();
    io.poll();
  }

  int deserted = 0;
  boost::asio::io_context io;
};

TEST_F(ReadershipTest, EndsWhatTheLastReaderHasLeftForTheGraceTime) {
  const auto readership = with(WhenUnread::end_after(Milliseconds(1)));
  std::optional<Attachment> one(std::in_place, readership);
  std::optional<Attachment> other(std::in_place, readership);
  one.reset();
  settle();
  EXPECT_EQ(deserted, 0) << "somebody is still there";
  other.reset();
  ASSERT_TRUE(test::run_until(io, [this] { return deserted > 0; }));
  const Attachment late(readership);
  settle();
  EXPECT_EQ(deserted, 1) << "said once";
}

TEST_F(ReadershipTest, EndsNothingThatNobodyHasReadYet) {
  const auto readership = with(WhenUnread::end_after(Milliseconds(0)));
  settle();
  EXPECT_EQ(deserted, 0);
}

TEST_F(ReadershipTest, ForgetsALeavingWhenSomebodyComesBack) {
  const auto readership = with(WhenUnread::end_after(std::chrono::hours(1)));
  {
    const Attachment first(readership);
  }
  settle();
  const Attachment back(readership);
  io.restart();
  EXPECT_EQ(io.run_for(std::chrono::seconds(20)), 2u)
      << "the attaching and the cancelled timer: no grace time runs any more";
  EXPECT_EQ(deserted, 0);
}

TEST_F(ReadershipTest, AGraceTimeThatWasCutShortEndsNothingHoweverLateItIsHeard) {
  constexpr Milliseconds grace(20);
  SteadyTime back;
  std::optional<SteadyTime> ended;
  const auto readership =
      std::make_shared<Readership>(io.get_executor(), WhenUnread::end_after(grace),
                                   [&ended] { ended = std::chrono::steady_clock::now(); });
  {
    const Attachment first(readership);
  }
  settle();
  const SteadyTime over = std::chrono::steady_clock::now() + grace;
  while (std::chrono::steady_clock::now() < over) std::this_thread::yield();
  // In line before the loop finds that the time is over.
  boost::asio::post(io, [&back, readership] {
    back = std::chrono::steady_clock::now();
    const Attachment second(readership);
  });
  ASSERT_TRUE(test::run_until(io, [&ended] { return ended.has_value(); }));
  EXPECT_GE(*ended - back, grace) << "who came back has a time of its own";
}

TEST_F(ReadershipTest, NeverEndsWhatRunsToItsEnd) {
  const auto readership = with(WhenUnread::run_to_the_end());
  {
    const Attachment only(readership);
  }
  io.restart();
  io.run();
  EXPECT_EQ(deserted, 0);
}

TEST_F(ReadershipTest, HearsNothingMoreOnceItIsClosed) {
  const auto readership = with(WhenUnread::end_after(std::chrono::hours(1)));
  std::optional<Attachment> before(std::in_place, readership);
  before.reset();
  settle();
  readership->close();
  {
    const Attachment after(readership);
  }
  io.restart();
  io.run_for(std::chrono::seconds(20));
  EXPECT_EQ(deserted, 0);
}

TEST_F(ReadershipTest, IsLeftOnceByAnAttachmentThatMoved) {
  const auto readership = with(WhenUnread::end_after(Milliseconds(0)));
  std::optional<Attachment> first(std::in_place, readership);
  const Attachment moved(std::move(*first));
  first.reset();
  io.restart();
  io.run();
  EXPECT_EQ(deserted, 0) << "it is still held";
}

TEST_F(ReadershipTest, TakesAttachmentsOfOtherThreads) {
  const auto readership = with(WhenUnread::end_after(Milliseconds(0)));
  std::thread([&readership] { const Attachment elsewhere(readership); }).join();
  ASSERT_TRUE(test::run_until(io, [this] { return deserted > 0; }));
}

}  // namespace skymarshal::invocations::readership_test

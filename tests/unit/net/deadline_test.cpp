// A limit that moves with its task.
#include "net/deadline.hpp"

#include "support/run_until.hpp"

#include <gtest/gtest.h>

namespace skymarshal::net::deadline_test {

using test::run_until;

SteadyTime now() { return std::chrono::steady_clock::now(); }

class DeadlineTest : public testing::Test {
 protected:
  /// Lets that much time pass.
  void pass(Milliseconds time) {
    const SteadyTime until = now() + time;
    ASSERT_TRUE(run_until(io, [&] { return now() >= until; }));
  }

  boost::asio::io_context io;
  int expired = 0;
};

TEST_F(DeadlineTest, GoesOffOnceWhenItIsPassed) {
  Deadline deadline(io.get_executor(), [this] { ++expired; });
  const SteadyTime at = now() + Milliseconds(5);
  deadline.expires_at(at);
  ASSERT_TRUE(run_until(io, [this] { return expired > 0; }));
  EXPECT_GE(now(), at);
  pass(Milliseconds(10));
  EXPECT_EQ(expired, 1);
}

TEST_F(DeadlineTest, IsQuietUntilItIsSet) {
  const Deadline deadline(io.get_executor(), [this] { ++expired; });
  pass(Milliseconds(5));
  EXPECT_EQ(expired, 0);
}

TEST_F(DeadlineTest, MovesOn) {
  Deadline deadline(io.get_executor(), [this] { ++expired; });
  deadline.expires_after(Milliseconds(10));
  deadline.expires_after(Milliseconds(60'000));
  pass(Milliseconds(30));
  EXPECT_EQ(expired, 0);
  const SteadyTime at = now() + Milliseconds(10);
  deadline.expires_at(at);
  ASSERT_TRUE(run_until(io, [this] { return expired > 0; }));
  EXPECT_GE(now(), at);
}

TEST_F(DeadlineTest, MovesForward) {
  Deadline deadline(io.get_executor(), [this] { ++expired; });
  deadline.expires_after(Milliseconds(60'000));
  deadline.expires_after(Milliseconds(1));
  EXPECT_TRUE(run_until(io, [this] { return expired == 1; }));
}

TEST_F(DeadlineTest, IsLifted) {
  Deadline deadline(io.get_executor(), [this] { ++expired; });
  deadline.expires_after(Milliseconds(3));
  deadline.clear();
  pass(Milliseconds(15));
  EXPECT_EQ(expired, 0);
  deadline.expires_after(Milliseconds(1));
  EXPECT_TRUE(run_until(io, [this] { return expired == 1; })) << "and set again";
}

TEST_F(DeadlineTest, CanBeSetAgainFromWithin) {
  Deadline* self = nullptr;
  Deadline deadline(io.get_executor(), [&] {
    if (++expired < 3) self->expires_after(Milliseconds(1));
  });
  self = &deadline;
  deadline.expires_after(Milliseconds(1));
  ASSERT_TRUE(run_until(io, [this] { return expired == 3; }));
  pass(Milliseconds(5));
  EXPECT_EQ(expired, 3);
}

TEST_F(DeadlineTest, IsSilentWhenItIsGone) {
  {
    Deadline deadline(io.get_executor(), [this] { ++expired; });
    deadline.expires_after(Milliseconds(1));
  }
  pass(Milliseconds(10));
  EXPECT_EQ(expired, 0);
  {
    // Its timer has gone off, but nobody has heard it yet.
    Deadline deadline(io.get_executor(), [this] { ++expired; });
    deadline.expires_at(now() - Milliseconds(1));
  }
  pass(Milliseconds(5));
  EXPECT_EQ(expired, 0);
}

TEST_F(DeadlineTest, IsSilentWhenItIsGoneBetweenItsTimeAndItsTurn) {
  // Both are due at once; the first to be heard takes the other away.
  std::optional<Deadline> second;
  bool first_heard = false;
  Deadline first(io.get_executor(), [&] {
    first_heard = true;
    second.reset();
  });
  second.emplace(io.get_executor(), [this] { ++expired; });
  first.expires_at(now() - Milliseconds(2));
  second->expires_at(now() - Milliseconds(1));
  ASSERT_TRUE(run_until(io, [&] { return first_heard; }));
  pass(Milliseconds(5));
  EXPECT_EQ(expired, 0);
}

TEST_F(DeadlineTest, GoesOffForAPointInThePast) {
  Deadline deadline(io.get_executor(), [this] { ++expired; });
  deadline.expires_at(now() - Milliseconds(5));
  EXPECT_TRUE(run_until(io, [this] { return expired == 1; }));
}

}  // namespace skymarshal::net::deadline_test

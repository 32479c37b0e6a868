// One stop, one reason, heard by the innermost wait.
#include "base/stop_signal.hpp"

#include <gtest/gtest.h>

namespace skymarshal::stop_signal_test {

Error cancelled() { return make_error(Errc::cancelled, "cancelled"); }

TEST(StopSignal, IsNotRaisedAtFirst) { EXPECT_FALSE(StopSignal().raised()); }

TEST(StopSignal, KeepsTheFirstReason) {
  StopSignal signal;
  signal.raise(cancelled());
  signal.raise(make_error(Errc::timeout, "too late"));
  ASSERT_TRUE(signal.raised());
  EXPECT_EQ(signal.reason().code, Errc::cancelled);
  EXPECT_EQ(signal.reason().message, "cancelled");
}

TEST(StopSignal, TellsTheListenerOnce) {
  StopSignal signal;
  int heard = 0;
  StopSignal::Listener listener(signal, [&] {
    ++heard;
    EXPECT_TRUE(signal.raised());
  });
  EXPECT_EQ(heard, 0);
  signal.raise(cancelled());
  signal.raise(cancelled());
  EXPECT_EQ(heard, 1);
}

TEST(StopSignal, TellsWhoComesLateAtOnce) {
  StopSignal signal;
  signal.raise(cancelled());
  int heard = 0;
  StopSignal::Listener listener(signal, [&] { ++heard; });
  EXPECT_EQ(heard, 1);
  signal.raise(cancelled());
  EXPECT_EQ(heard, 1);
}

TEST(StopSignal, TellsNobodyWhoHasLeft) {
  StopSignal signal;
  int heard = 0;
  {
    StopSignal::Listener listener(signal, [&] { ++heard; });
  }
  signal.raise(cancelled());
  EXPECT_EQ(heard, 0);
}

TEST(StopSignal, TellsTheInnermostListener) {
  StopSignal signal;
  int outer_heard = 0;
  int inner_heard = 0;
  StopSignal::Listener outer(signal, [&] { ++outer_heard; });
  {
    StopSignal::Listener inner(signal, [&] { ++inner_heard; });
    signal.raise(cancelled());
  }
  EXPECT_EQ(inner_heard, 1);
  EXPECT_EQ(outer_heard, 0);
}

TEST(StopSignal, GivesTheOuterListenerItsPlaceBack) {
  StopSignal signal;
  int outer_heard = 0;
  StopSignal::Listener outer(signal, [&] { ++outer_heard; });
  {
    StopSignal::Listener inner(signal, [] { FAIL() << "it has left"; });
  }
  signal.raise(cancelled());
  EXPECT_EQ(outer_heard, 1);
}

}  // namespace skymarshal::stop_signal_test

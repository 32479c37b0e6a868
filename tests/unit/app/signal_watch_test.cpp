#include "app/signal_watch.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace skymarshal::app {
namespace {

TEST(SignalWatch, GivesTheFirstSignal) {
  for (const int number : {SIGTERM, SIGINT}) {
    SignalWatch watch;
    std::raise(number);
    EXPECT_EQ(watch.wait(), number);
  }
}

TEST(SignalWatch, EndsWithoutASignal) { const SignalWatch watch; }

TEST(SignalWatchDeathTest, TheSecondSignalEndsTheProcessAtOnce) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  const auto twice = [] {
    SignalWatch watch;
    std::raise(SIGTERM);
    watch.wait();
    std::raise(SIGINT);
    for (;;) pause();
  };
  EXPECT_EXIT(twice(), testing::ExitedWithCode(128 + SIGINT), "");
}

}  // namespace
}  // namespace skymarshal::app

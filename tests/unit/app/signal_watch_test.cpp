#include "app/signal_watch.hpp"

#include <chrono>
#include <csignal>
#include <future>

#include <gtest/gtest.h>

namespace skymarshal::app::signal_watch_test {

TEST(SignalWatch, GivesTheFirstSignal) {
  for (const int number : {SIGTERM, SIGINT}) {
    SignalWatch watch;
    std::raise(number);
    EXPECT_EQ(watch.wait(), number);
  }
}

TEST(SignalWatch, AHangupAsksForAReloadAndEndsNothing) {
  SignalWatch watch;
  for (int i = 0; i < 2; ++i) {
    std::promise<void> reloaded;
    watch.on_reload([&reloaded] { reloaded.set_value(); });
    std::raise(SIGHUP);
    EXPECT_EQ(reloaded.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
    watch.on_reload({});
  }
  std::raise(SIGHUP);
  std::raise(SIGTERM);
  EXPECT_EQ(watch.wait(), SIGTERM);
}

TEST(SignalWatch, AHangupBeforeAnybodyListensIsNotForgotten) {
  SignalWatch watch;
  std::raise(SIGHUP);
  // Signals are told in their order, so the hangup has been heard when this one has.
  std::raise(SIGTERM);
  EXPECT_EQ(watch.wait(), SIGTERM);
  int reloads = 0;
  watch.on_reload([&reloads] { ++reloads; });
  EXPECT_EQ(reloads, 1);
}

TEST(SignalWatch, WhatMeansNothingEndsNothing) {
  SignalWatch watch;
  for (const int number :
       {SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGPOLL, SIGPWR}) {
    std::raise(number);
  }
  std::raise(SIGTERM);
  EXPECT_EQ(watch.wait(), SIGTERM);
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

}  // namespace skymarshal::app::signal_watch_test

// Waiting for a session's turn among gateways.
#include "invocations/shared_turn.hpp"

#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/scripted_fleet.hpp"
#include "support/store_samples.hpp"

#include <gtest/gtest.h>

namespace skymarshal::invocations::shared_turn_test {

class SharedTurn : public testing::Test {
 protected:
  Result<bool> wait() {
    TurnWanted wanted{test::fresh_id<SessionId>(), {"alice"}, test::fresh_id<RequestId>()};
    return test::run_awaitable(wait_for_shared_turn(fleet_, wanted, stop_, clock_, log_));
  }

  test::ManualClock clock_;
  Logger log_{{LogLevel::off}, clock_};
  StopSignal stop_;
  test::ScriptedFleet fleet_{clock_, Milliseconds(10'000)};
};

TEST_F(SharedTurn, IsHadAtOnceWhereItIsFree) {
  fleet_.answers = {true};
  EXPECT_TRUE(wait().value());
  EXPECT_EQ(fleet_.asked, 1);
}

TEST_F(SharedTurn, IsAskedForUntilItIsFree) {
  fleet_.answers = {false, false, true};
  EXPECT_TRUE(wait().value());
  EXPECT_EQ(fleet_.asked, 3);
}

TEST_F(SharedTurn, IsGivenUpWhereItIsNotWantedAnyMore) {
  fleet_.answers = {false};
  fleet_.stopped_at_first = &stop_;
  EXPECT_FALSE(wait().value());
  EXPECT_EQ(fleet_.asked, 1);
}

TEST_F(SharedTurn, NobodyWaitsForAStoreThatIsAway) {
  fleet_.answers = {make_error(Errc::store_unavailable, "away")};
  EXPECT_TRUE(wait().value());
}

TEST_F(SharedTurn, WhatSomebodyHasIsNotTakenBecauseTheStoreFails) {
  const auto away = make_error(Errc::store_unavailable, "away");
  fleet_.answers = {false, away, away, false, away, true};
  EXPECT_TRUE(wait().value());
  EXPECT_EQ(fleet_.asked, 6);
}

TEST_F(SharedTurn, NobodyWaitsForEverForAStoreThatSaysNothingMore) {
  fleet_.answers = {false, make_error(Errc::store_unavailable, "away")};
  EXPECT_EQ(wait().error().code, Errc::store_unavailable);
  EXPECT_EQ(fleet_.asked, 4) << "10 s each";
}

TEST_F(SharedTurn, ALoneGatewayHasItself) {
  LoneGateway lone;
  EXPECT_TRUE(test::run_awaitable(lone.take_turn({}, {}, {})).value());
  EXPECT_TRUE(test::run_awaitable(lone.renew())->empty());
  EXPECT_TRUE(test::run_awaitable(lone.dead_runners())->empty());
  EXPECT_TRUE(test::run_awaitable(lone.resign()));
  EXPECT_FALSE(test::run_awaitable(lone.is_dead("x")).value());
  EXPECT_TRUE(test::run_awaitable(lone.bury("x")));
  EXPECT_TRUE(test::run_awaitable(lone.ask_to_end({}, {})));
  EXPECT_TRUE(test::run_awaitable(lone.give_turn_back({}, {})));
}

}  // namespace skymarshal::invocations::shared_turn_test

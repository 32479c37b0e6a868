// Waiting for a session's turn among gateways.
#include "invocations/shared_turn.hpp"

#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/store_samples.hpp"

#include <deque>

#include <gtest/gtest.h>

namespace skymarshal::invocations::shared_turn_test {

/// Answers as a test says; the last answer stands.
class ScriptedFleet final : public Fleet {
 public:
  explicit ScriptedFleet(test::ManualClock& its_clock) : clock(its_clock) {}

  test::ManualClock& clock;
  std::deque<Result<bool>> answers;
  int asked = 0;
  StopSignal* stopped_at_first = nullptr;

  boost::asio::awaitable<Result<std::vector<RequestId>>> renew() override { return lone_.renew(); }
  boost::asio::awaitable<Result<void>> resign() override { return lone_.resign(); }
  boost::asio::awaitable<Result<std::vector<std::string>>> dead_runners() override {
    return lone_.dead_runners();
  }
  boost::asio::awaitable<Result<bool>> is_dead(std::string name) override { return lone_.is_dead(name); }
  boost::asio::awaitable<Result<void>> bury(std::string name) override { return lone_.bury(name); }
  boost::asio::awaitable<Result<void>> ask_to_end(RequestId id, Principal owner) override {
    return lone_.ask_to_end(id, owner);
  }
  boost::asio::awaitable<Result<bool>> take_turn(SessionId, Principal, RequestId) override {
    ++asked;
    clock.advance(Milliseconds(10'000));
    if (stopped_at_first != nullptr) stopped_at_first->raise(make_error(Errc::cancelled, "never mind"));
    Result<bool> answer = answers.front();
    if (answers.size() > 1) answers.pop_front();
    co_return answer;
  }
  boost::asio::awaitable<Result<void>> give_turn_back(SessionId session, RequestId request) override {
    return lone_.give_turn_back(session, request);
  }

 private:
  LoneGateway lone_;
};

class SharedTurn : public testing::Test {
 protected:
  Result<bool> wait() {
    TurnWanted wanted{test::fresh_id<SessionId>(), {"alice"}, test::fresh_id<RequestId>()};
    return test::run_awaitable(wait_for_shared_turn(fleet_, wanted, stop_, clock_, log_));
  }

  test::ManualClock clock_;
  Logger log_{{LogLevel::off}, clock_};
  StopSignal stop_;
  ScriptedFleet fleet_{clock_};
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

#include "auth/jwks_source.hpp"

#include "jwt_samples.hpp"
#include "key_samples.hpp"
#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"

#include <deque>

#include <gtest/gtest.h>

namespace skymarshal::auth::jwks_source_test {

namespace asio = boost::asio;
using Fetched = Result<SharedJwkSet>;

/// Answers as written down, the last answer for ever; can be made to wait.
struct Script {
  explicit Script(asio::io_context& io) : gate(io.get_executor()) {}
  std::deque<Fetched> answers;
  int fetches = 0;
  bool waits = false;
  Wakeup gate;
};

class ScriptedOrigin final : public JwksOrigin {
 public:
  explicit ScriptedOrigin(Script& script) : script_(script) {}
  asio::awaitable<Fetched> fetch() override {
    ++script_.fetches;
    if (script_.waits) co_await script_.gate.wait_until(Wakeup::never);
    Fetched answer = script_.answers.front();
    if (script_.answers.size() > 1) script_.answers.pop_front();
    co_return answer;
  }

 private:
  Script& script_;
};

class JwksSourceTest : public testing::Test {
 protected:
  Fetched current() {
    Fetched got = test::run_awaitable(io_, source_.current());
    // What was sent off behind it.
    io_.restart();
    io_.poll();
    return got;
  }
  SharedJwkSet newer_than(const SharedJwkSet& seen) {
    return test::run_awaitable(io_, source_.newer_than(seen));
  }
  static SharedJwkSet a_set() {
    const std::vector<test::IssuerKey> keys = {test::issuer_keys()[2]};
    return std::make_shared<const JwkSet>(JwkSet::parse(test::jwk_set(keys)).value());
  }
  /// Pauses of their exact length.
  static RefreshOptions options() {
    RefreshOptions options = jwks_refresh_options();
    options.jitter = 0;
    return options;
  }
  static Fetched failure() { return make_error(Errc::identity_unavailable, "gone"); }

  asio::io_context io_;
  test::ManualClock clock_;
  Logger log_{{LogLevel::off}, clock_};
  Script script_{io_};
  SharedJwkSet first_ = a_set();
  SharedJwkSet second_ = a_set();
  CountingRandom random_;
  JwksSource source_{options(), std::make_unique<ScriptedOrigin>(script_), {clock_, random_, log_}};
};

TEST_F(JwksSourceTest, FetchesOnceAndKeeps) {
  script_.answers = {first_};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(*current(), first_);
  clock_.advance(Milliseconds(599'999));
  EXPECT_EQ(*current(), first_);
  EXPECT_EQ(script_.fetches, 1);
}

TEST_F(JwksSourceTest, RefreshesBehindTheRequest) {
  script_.answers = {first_, second_};
  (void)current();
  clock_.advance(Milliseconds(600'000));
  script_.waits = true;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*current(), first_) << "nobody waits";
  EXPECT_EQ(script_.fetches, 2);
  script_.gate.wake();
  io_.restart();
  io_.poll();
  EXPECT_EQ(*current(), second_);
  EXPECT_EQ(script_.fetches, 2);
}

TEST_F(JwksSourceTest, ManyWhoWaitAreOneFetch) {
  script_.answers = {first_};
  script_.waits = true;
  int answered = 0;
  for (int i = 0; i < 20; ++i) {
    asio::co_spawn(io_, source_.current(), [&](std::exception_ptr failed, const Fetched& got) {
      if (!failed && got && *got == first_) ++answered;
    });
  }
  io_.poll();
  script_.gate.wake();
  ASSERT_TRUE(test::run_until(io_, [&] { return answered == 20; }));
  EXPECT_EQ(script_.fetches, 1);
}

TEST_F(JwksSourceTest, AFailureReachesAllWhoWait) {
  script_.answers = {failure()};
  script_.waits = true;
  int refused = 0;
  for (int i = 0; i < 5; ++i) {
    asio::co_spawn(io_, source_.current(), [&](std::exception_ptr failed, const Fetched& got) {
      if (!failed && !got) ++refused;
    });
  }
  io_.poll();
  script_.gate.wake();
  ASSERT_TRUE(test::run_until(io_, [&] { return refused == 5; }));
  EXPECT_EQ(script_.fetches, 1);
}

TEST_F(JwksSourceTest, BacksOffAfterFailures) {
  script_.answers = {failure()};
  int fetches = 0;
  for (const int seconds : {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
    const Fetched got = current();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Errc::identity_unavailable);
    EXPECT_EQ(got.error().retry_after, std::chrono::seconds(seconds));
    EXPECT_EQ(script_.fetches, ++fetches);
    clock_.advance(std::chrono::seconds(seconds) - Milliseconds(1));
    EXPECT_EQ(current().error().retry_after, std::chrono::seconds(1));
    EXPECT_EQ(script_.fetches, fetches) << "still waiting";
    clock_.advance(Milliseconds(1));
  }
  script_.answers = {first_, failure()};
  EXPECT_EQ(*current(), first_);
  clock_.advance(Milliseconds(600'000));
  (void)current();
  clock_.advance(Milliseconds(1'000));
  const int before = script_.fetches;
  (void)current();
  EXPECT_EQ(script_.fetches, before + 1) << "a success ends the doubling";
}

TEST_F(JwksSourceTest, KeepsKeysWhileTheIssuerIsGoneThenFailsClosed) {
  script_.answers = {first_, failure()};
  (void)current();
  for (int hour = 1; hour < 24; ++hour) {
    clock_.advance(std::chrono::hours(1));
    ASSERT_EQ(*current(), first_);
  }
  clock_.advance(std::chrono::hours(1) - Milliseconds(1));
  EXPECT_TRUE(current());
  clock_.advance(Milliseconds(1));
  EXPECT_FALSE(current());
  EXPECT_EQ(newer_than(first_), first_);
  script_.answers = {second_};
  clock_.advance(std::chrono::minutes(1));
  EXPECT_EQ(*current(), second_);
}

TEST_F(JwksSourceTest, AMissingKeyIsAskedForOnceInAWhile) {
  script_.answers = {first_, second_, a_set()};
  (void)current();
  EXPECT_EQ(newer_than(first_), second_);
  EXPECT_EQ(script_.fetches, 2);
  EXPECT_EQ(newer_than(first_), second_) << "it is there already";
  EXPECT_EQ(newer_than(second_), second_);
  clock_.advance(Milliseconds(29'999));
  EXPECT_EQ(newer_than(second_), second_);
  EXPECT_EQ(script_.fetches, 2);
  clock_.advance(Milliseconds(1));
  EXPECT_NE(newer_than(second_), second_);
  EXPECT_EQ(script_.fetches, 3);
}

TEST_F(JwksSourceTest, AMissingKeyDoesNotBreakTheBackOff) {
  script_.answers = {first_, failure()};
  (void)current();
  EXPECT_EQ(newer_than(first_), first_);
  clock_.advance(Milliseconds(600'000));
  (void)current();
  EXPECT_EQ(script_.fetches, 3);
  EXPECT_EQ(newer_than(first_), first_);
  EXPECT_EQ(script_.fetches, 3);
}

TEST_F(JwksSourceTest, WhatHasNotChangedIsFreshAgain) {
  script_.answers = {first_, SharedJwkSet()};
  (void)current();
  for (int i = 0; i < 300; ++i) {
    clock_.advance(Milliseconds(600'000));
    ASSERT_EQ(*current(), first_);
  }
  EXPECT_EQ(script_.fetches, 301);
}

TEST_F(JwksSourceTest, MayGoBeforeItsFetch) {
  script_.answers = {first_};
  script_.waits = true;
  auto source = std::make_unique<JwksSource>(options(), std::make_unique<ScriptedOrigin>(script_),
                                             RefreshParts{clock_, random_, log_});
  bool ended = false;
  asio::co_spawn(io_, source->current(), [&](std::exception_ptr, const Fetched&) { ended = true; });
  io_.poll();
  source.reset();
  script_.gate.wake();
  EXPECT_TRUE(test::run_until(io_, [&] { return ended; }));
}

}  // namespace skymarshal::auth::jwks_source_test

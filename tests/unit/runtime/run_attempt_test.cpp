// When another attempt follows, how often, and what is told of the last.
#include "runtime/run_attempt.hpp"

#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "unit/runtime/runtime_rig.hpp"

#include <gtest/gtest.h>

namespace skymarshal::runtime::run_attempt_test {

/// Ends as it was told.
class ToldAttempt final : public Attempt {
 public:
  explicit ToldAttempt(Again again) : again_(again) {}
  boost::asio::awaitable<AttemptOutcome> run() override {
    if (again_ == Again::no) co_return completed_attempt({});
    co_return failed_attempt({make_error(Errc::runtime_unavailable, "not now"), "the cause"}, again_);
  }

 private:
  Again again_;
};

class RunAttemptTest : public testing::Test {
 protected:
  RunAttemptTest() {
    options.retry.delays = {Milliseconds(0), Milliseconds(0)};
    options.retry.starting_delay = Milliseconds(0);
  }

  /// Each entry is an attempt that wants another one so; the last is repeated.
  invocations::RunOutcome played(std::vector<Again> attempts) {
    boost::asio::io_context io;
    const invocations::RuntimeRequest request{RequestId::generate(random), SessionId::generate(random),
                                              "prompt"};
    RuntimeRun run{request, sink, stop, io.get_executor(), std::chrono::steady_clock::now() + total};
    std::size_t next = 0;
    const MakeAttempt make = [&](RuntimeRun&) {
      const Again again = attempts[std::min(next++, attempts.size() - 1)];
      if (stop_before == next) stop.raise(make_error(Errc::cancelled, "enough"));
      return std::make_unique<ToldAttempt>(again);
    };
    AttemptParts parts{options, random, log};
    return test::run_awaitable(io, run_attempts(parts, run, make));
  }

  test::ManualClock clock;
  SystemRandom random;
  Logger log{Logger::Options{LogLevel::off, 16}, clock};
  test::RecordingSink sink;
  StopSignal stop;
  RuntimeOptions options;
  Milliseconds total{60'000};
  std::size_t stop_before = 0;
};

TEST_F(RunAttemptTest, FollowsThePolicy) {
  EXPECT_EQ(played({Again::no}).timings.attempts, 1);
  EXPECT_EQ(played({Again::later, Again::no}).timings.attempts, 2);
  const auto given_up = played({Again::later});
  EXPECT_EQ(given_up.timings.attempts, 3);
  EXPECT_EQ(given_up.end.error().message, "not now");
}

TEST_F(RunAttemptTest, AuthorisesAnewOnceAndOutsideThePolicy) {
  EXPECT_EQ(played({Again::at_once}).timings.attempts, 2);
  EXPECT_EQ(played({Again::later, Again::at_once, Again::later, Again::no}).timings.attempts, 4);
  options.retry.delays = {};
  EXPECT_TRUE(played({Again::at_once, Again::no}).end);
}

TEST_F(RunAttemptTest, WaitsForAStartAsLongAsThereIsTime) {
  const std::vector<Again> cold(20, Again::until_started);
  std::vector<Again> warm = cold;
  warm.push_back(Again::no);
  EXPECT_EQ(played(warm).timings.attempts, 21);
  options.retry.starting_delay = Milliseconds(10);
  total = Milliseconds(50);
  const auto given_up = played(cold);
  EXPECT_FALSE(given_up.end);
  EXPECT_LT(given_up.timings.attempts, 5);
  options.retry.delays = {};
  EXPECT_EQ(played(cold).timings.attempts, 1) << "nobody wants anything tried again";
}

TEST_F(RunAttemptTest, EndsWhenItIsStopped) {
  stop_before = 2;
  const auto outcome = played({Again::later});
  EXPECT_EQ(outcome.end.error().code, Errc::cancelled);
  EXPECT_EQ(outcome.timings.attempts, 2);
}

TEST_F(RunAttemptTest, AStageEndsByItsLimitOrTheTotal) {
  boost::asio::io_context io;
  const invocations::RuntimeRequest request{RequestId::generate(random), SessionId::generate(random),
                                            "prompt"};
  options.total_timeout = Milliseconds(5000);
  RuntimeRun run{request, sink, stop, io.get_executor(),
                 std::chrono::steady_clock::now() + options.total_timeout};
  StageLimit limit(options, run);
  EXPECT_LT(limit.expect(connect_stage, Milliseconds(1000)), run.total_deadline);
  EXPECT_EQ(run.timings.stage, "connect");
  EXPECT_NE(limit.passed(0).error.message.find("1000 ms"), std::string::npos);
  EXPECT_EQ(limit.expect(silence_stage, Milliseconds(6000)), run.total_deadline);
  EXPECT_EQ(run.timings.stage, "silence");
  EXPECT_NE(limit.passed(0).error.details.find("total"), std::string::npos);
}

}  // namespace skymarshal::runtime::run_attempt_test

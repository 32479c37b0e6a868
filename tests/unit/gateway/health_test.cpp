// How the dependencies are, told from memory.
#include "gateway/health.hpp"

#include "support/fake_runtime.hpp"
#include "support/json_text.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_session_store.hpp"
#include "support/run_until.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

namespace skymarshal::gateway::health_test {

using test::run_until;
using test::text_at;
using test::value_at;

struct Rig {
  void probe() {
    bool done = false;
    boost::asio::co_spawn(io, monitor.probe(), [&](std::exception_ptr) { done = true; });
    ASSERT_TRUE(run_until(io, [&] { return done; }));
  }

  test::ManualClock clock;
  test::FakeRuntime runtime;
  test::MemorySessionStore store{clock};
  invocations::ConcurrencyGate gate{{3, 4}};
  HealthMonitor monitor{"1.2.3", runtime, store, gate, clock};
  boost::asio::io_context io;
};

TEST(HealthMonitor, KnowsNothingAtFirstAndSaysSo) {
  Rig rig;
  const auto report = rig.monitor.report(false);
  EXPECT_EQ(report.status, 200u);
  EXPECT_EQ(text_at(report.body, {"status"}), "healthy");
  EXPECT_EQ(text_at(report.body, {"version"}), "1.2.3");
  EXPECT_EQ(value_at(report.body, {"dependencies", "runtime"}), R"({"status":"unknown"})");
  EXPECT_EQ(value_at(report.body, {"dependencies", "store"}), R"({"status":"unknown"})");
}

TEST(HealthMonitor, ReportsWhatItsProbesFound) {
  Rig rig;
  rig.clock.advance(Milliseconds(500));
  rig.probe();
  const auto report = rig.monitor.report(false);
  EXPECT_EQ(text_at(report.body, {"status"}), "healthy");
  EXPECT_EQ(value_at(report.body, {"dependencies", "runtime"}),
            R"({"status":"up","checked_at":"2026-01-01T00:00:00.500Z"})");
  EXPECT_EQ(rig.runtime.requests.size(), 0u) << "a probe is no invocation";
}

TEST(HealthMonitor, IsDegradedWithoutItsStore) {
  Rig rig;
  rig.store.down = true;
  rig.probe();
  const auto report = rig.monitor.report(false);
  EXPECT_EQ(report.status, 200u);
  EXPECT_EQ(text_at(report.body, {"status"}), "degraded");
  EXPECT_EQ(text_at(report.body, {"dependencies", "store", "status"}), "down");
  EXPECT_FALSE(text_at(report.body, {"dependencies", "store", "error_message"}).empty());
}

TEST(HealthMonitor, IsDegradedWhileEndsWaitForTheStore) {
  Rig rig;
  rig.probe();
  EXPECT_EQ(value_at(rig.monitor.report(false).body, {"outbox"}), R"({"waiting":0})");
  rig.store.set_aside = 2;
  const auto report = rig.monitor.report(false);
  EXPECT_EQ(report.status, 200u);
  EXPECT_EQ(text_at(report.body, {"status"}), "degraded") << "histories lack what waits";
  EXPECT_EQ(value_at(report.body, {"outbox"}), R"({"waiting":2})");
}

TEST(HealthMonitor, IsDegradedOnceTheStoreHasRefusedAnEndForGood) {
  Rig rig;
  rig.probe();
  rig.store.put_beside = 1;
  const auto report = rig.monitor.report(false);
  EXPECT_EQ(text_at(report.body, {"status"}), "degraded");
  EXPECT_EQ(value_at(report.body, {"outbox"}), R"({"waiting":0,"refused":1})");
}

TEST(HealthMonitor, IsUnhealthyWithoutItsRuntime) {
  Rig rig;
  rig.store.down = true;
  rig.runtime.reachable = make_error(Errc::connection_failed, "nobody there");
  rig.probe();
  const auto report = rig.monitor.report(false);
  EXPECT_EQ(report.status, 503u);
  EXPECT_EQ(text_at(report.body, {"status"}), "unhealthy");
  EXPECT_EQ(text_at(report.body, {"dependencies", "runtime", "error_message"}), "nobody there");
}

TEST(HealthMonitor, IsUnhealthyWhileItDrains) {
  Rig rig;
  rig.probe();
  const auto report = rig.monitor.report(true);
  EXPECT_EQ(report.status, 503u);
  EXPECT_EQ(value_at(report.body, {"draining"}), "true");
}

TEST(HealthMonitor, GetsWellAgain) {
  Rig rig;
  rig.runtime.reachable = make_error(Errc::connection_failed, "nobody there");
  rig.probe();
  rig.runtime.reachable = {};
  rig.probe();
  const auto report = rig.monitor.report(false);
  EXPECT_EQ(text_at(report.body, {"status"}), "healthy");
  EXPECT_EQ(value_at(report.body, {"dependencies", "runtime", "error_message"}), "");
}

TEST(HealthMonitor, CountsTheInvocations) {
  Rig rig;
  const auto waiting = rig.gate.admit();
  const auto report = rig.monitor.report(false);
  EXPECT_EQ(value_at(report.body, {"invocations"}),
            R"({"running":0,"queued":1,"max_running":3,"max_queued":4})");
}

/// Counts for whom a test says.
class CountingFor final : public limits::RateLimiter {
 public:
  limits::CountedFor whom = limits::CountedFor::gateway;
  boost::asio::awaitable<Result<limits::RateDecision>> admit(const Principal&) override {
    co_return limits::RateDecision();
  }
  limits::CountedFor counted_for() const override { return whom; }
};

TEST(HealthMonitor, SaysForWhomRequestsAreCounted) {
  Rig rig;
  CountingFor limiter;
  const HealthMonitor monitor("1.2.3", rig.runtime, rig.store, rig.gate, rig.clock, &limiter);
  const auto counted = [&] { return text_at(monitor.report(false).body, {"rate_limits", "counted"}); };
  const auto status = [&] { return text_at(monitor.report(false).body, {"status"}); };
  EXPECT_EQ(counted(), "local");
  EXPECT_EQ(status(), "healthy");
  limiter.whom = limits::CountedFor::fleet;
  EXPECT_EQ(counted(), "shared");
  EXPECT_EQ(status(), "healthy");
  limiter.whom = limits::CountedFor::gateway_for_now;
  EXPECT_EQ(counted(), "local_for_now");
  EXPECT_EQ(status(), "degraded");
}

}  // namespace skymarshal::gateway::health_test

// What a rate-limit decision costs: the principal's window and the account's, by one thread and by two.
// Run by ./dev bench. Time is made up, so that the windows are as full as they ever get.
#include "base/clock.hpp"
#include "limits/local_rate_limiter.hpp"

#include <algorithm>
#include <atomic>
#include <malloc.h>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace skymarshal {
namespace {

using limits::LocalRateLimiter;

std::vector<Principal> some_principals(std::size_t count) {
  std::vector<Principal> principals;
  for (std::size_t i = 0; i < count; ++i) {
    principals.push_back({"arn:aws:iam::123456789012:user/dispatch-" + std::to_string(i), "desk"});
  }
  return principals;
}

/// The default numbers: 100 in any minute a principal, 100 in any second for all.
limits::RateLimits usual_limits() {
  limits::RateLimits limits;
  limits.tiers["desk"] = limits.principal;
  limits.tiers["partner"] = {20, Milliseconds(60'000)};
  return limits;
}

/// All threads share one limiter.
class Decision : public benchmark::Fixture {
 public:
  void SetUp(const benchmark::State& state) override {
    if (state.thread_index() == 0) {
      limiter_ = std::make_unique<LocalRateLimiter>(usual_limits(), clock_);
      latest_ = SteadyTime();
    }
  }

 protected:
  /// Each thread goes through its own part of the principals, or all of them ask as the first one.
  void decide(benchmark::State& state, std::size_t count, Milliseconds step) {
    const std::vector<Principal> principals = some_principals(count);
    const auto threads = static_cast<std::size_t>(state.threads());
    const std::size_t own = std::max<std::size_t>(1, count / threads);
    const std::size_t first = count == 1 ? 0 : own * static_cast<std::size_t>(state.thread_index());
    SteadyTime now{std::chrono::hours(1)};
    std::size_t next = 0;
    std::int64_t admitted = 0;
    for (auto _ : state) {
      const auto decision = limiter_->decide(principals[first + next], now);
      admitted += decision->admitted ? 1 : 0;
      now += step;
      // A thread that was not running meanwhile would come with times long gone by.
      if (state.threads() > 1 && next % 16 == 0) now = in_common(now);
      if (++next == own) next = 0;
    }
    state.counters["admitted"] =
        benchmark::Counter(static_cast<double>(admitted) / static_cast<double>(state.iterations()),
                           benchmark::Counter::kAvgThreads);
  }

  /// The latest time that any thread has come to.
  SteadyTime in_common(SteadyTime mine) {
    SteadyTime latest = latest_.load();
    while (latest < mine && !latest_.compare_exchange_weak(latest, mine)) {
    }
    return std::max(latest, mine);
  }

  /// Several threads come by no more often than the limits allow, also where they come in clusters.
  static int pace(const benchmark::State& state) { return state.threads() == 1 ? 1 : 2 * state.threads(); }

 private:
  SystemClock clock_;
  std::unique_ptr<LocalRateLimiter> limiter_;
  std::atomic<SteadyTime> latest_ = SteadyTime();
};

BENCHMARK_DEFINE_F(Decision, same_principal)(benchmark::State& state) {
  decide(state, 1, Milliseconds(600) * pace(state));
}
BENCHMARK_REGISTER_F(Decision, same_principal)->Threads(1)->Threads(2);

BENCHMARK_DEFINE_F(Decision, refused)(benchmark::State& state) { decide(state, 1, Milliseconds(1)); }
BENCHMARK_REGISTER_F(Decision, refused)->Threads(1)->Threads(2);

BENCHMARK_DEFINE_F(Decision, thousand_principals)(benchmark::State& state) {
  decide(state, 1'000, Milliseconds(10) * pace(state));
}
BENCHMARK_REGISTER_F(Decision, thousand_principals)->Threads(1)->Threads(2);

/// Most of what it looks at has left the processor's caches.
BENCHMARK_DEFINE_F(Decision, hundred_thousand_principals)(benchmark::State& state) {
  decide(state, 100'000, Milliseconds(10) * pace(state));
}
BENCHMARK_REGISTER_F(Decision, hundred_thousand_principals)->Threads(1)->Threads(2);

/// Memory, not time: a principal with one request in the window, and one with a hundred.
void bytes_per_principal(benchmark::State& state) {
  const SystemClock clock;
  limits::RateLimits limits = usual_limits();
  limits.account.requests = 0;
  const std::vector<Principal> principals = some_principals(100'000);
  double bytes = 0;
  for (auto _ : state) {
    LocalRateLimiter limiter(limits, clock);
    const auto before = static_cast<double>(mallinfo2().uordblks);
    for (const Principal& principal : principals) {
      for (std::int64_t i = 0; i < state.range(0); ++i) (void)limiter.decide(principal, SteadyTime());
    }
    bytes = static_cast<double>(mallinfo2().uordblks) - before;
  }
  state.counters["bytes"] = bytes / static_cast<double>(principals.size());
}
BENCHMARK(bytes_per_principal)->Arg(1)->Arg(100)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace skymarshal

BENCHMARK_MAIN();

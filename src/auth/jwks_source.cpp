#include "auth/jwks_source.hpp"

#include "base/mutex.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

namespace skymarshal::auth {
namespace {

namespace asio = boost::asio;

/// A fetch that has not ended by then never will: its thread is gone.
constexpr std::chrono::seconds fetch_ends_within{15};

}  // namespace

/// Shared with the fetches under way, which may outlive the source.
struct JwksSource::State {
  State(JwksOptions given, std::unique_ptr<JwksOrigin> from, const Clock& time, Logger& logger)
      : options(given), origin(std::move(from)), clock(time), log(logger) {}

  enum class Step { use, refresh, wait, fail };
  struct Plan {
    Step step;
    SharedJwkSet set;
    std::size_t generation;
    Error error = {};
  };

  Plan plan() {
    const MutexLock lock(mutex);
    const SteadyTime now = clock.steady_now();
    const bool is_due = now >= next_try && !under_way(now);
    if (is_due) begin(now);
    if (is_usable(now)) return {is_due ? Step::refresh : Step::use, set, generation};
    if (under_way(now)) return {Step::wait, nullptr, generation};
    return {Step::fail, nullptr, generation, unavailable(now)};
  }

  Plan plan_without(const SharedJwkSet& seen) {
    const MutexLock lock(mutex);
    const SteadyTime now = clock.steady_now();
    if (set != seen && is_usable(now)) return {Step::use, set, generation};
    if (under_way(now)) return {Step::wait, seen, generation};
    const bool asked_already = missing_key_at && now - *missing_key_at < options.missing_key_pause;
    const bool backs_off = failures > 0 && now < next_try;
    if (asked_already || backs_off) return {Step::use, seen, generation};
    missing_key_at = now;
    begin(now);
    return {Step::wait, seen, generation};
  }

  /// What came of a fetch that ended since `then`.
  std::optional<Fetched> ended_since(std::size_t then) {
    const MutexLock lock(mutex);
    if (generation == then) return std::nullopt;
    return outcome(clock.steady_now());
  }

  Fetched end(const Fetched& fetched) {
    if (!fetched)
      log.warning("jwks_not_fetched", {{"error_message", std::string_view(fetched.error().message)}});
    const MutexLock lock(mutex);
    const SteadyTime now = clock.steady_now();
    ++generation;
    gives_up_at = SteadyTime::min();
    if (fetched) {
      if (*fetched) set = *fetched;
      fetched_at = now;
      failures = 0;
      next_try = now + options.refresh_after;
    } else {
      next_try = now + pause_after(failures++);
    }
    return outcome(now);
  }

  bool under_way(SteadyTime now) const REQUIRES(mutex) { return now < gives_up_at; }
  bool is_usable(SteadyTime now) const REQUIRES(mutex) { return set && now - fetched_at < options.stale_max; }
  void begin(SteadyTime now) REQUIRES(mutex) { gives_up_at = now + fetch_ends_within; }

  Fetched outcome(SteadyTime now) const REQUIRES(mutex) {
    if (failures > 0 || !set) return unavailable(now);
    return set;
  }

  Milliseconds pause_after(int earlier_failures) const {
    // Enough doublings for any pause, and no overflow.
    constexpr int doublings_max = 20;
    const Milliseconds pause = options.retry_pause_min * (1 << std::min(earlier_failures, doublings_max));
    return std::min(pause, options.retry_pause_max);
  }

  Error unavailable(SteadyTime now) const REQUIRES(mutex) {
    Error error = make_error(Errc::identity_unavailable,
                             "tokens cannot be checked: their issuer's keys cannot be had; try again later");
    const auto wait = std::chrono::ceil<std::chrono::seconds>(next_try - now);
    error.retry_after = std::max(wait, std::chrono::seconds(1));
    return error;
  }

  const JwksOptions options;
  const std::unique_ptr<JwksOrigin> origin;
  const Clock& clock;
  Logger& log;
  SingleFlight<int, Fetched> flights;

  Mutex mutex;
  SharedJwkSet set GUARDED_BY(mutex);
  SteadyTime fetched_at GUARDED_BY(mutex);
  SteadyTime next_try GUARDED_BY(mutex) = SteadyTime::min();
  SteadyTime gives_up_at GUARDED_BY(mutex) = SteadyTime::min();
  std::optional<SteadyTime> missing_key_at GUARDED_BY(mutex);
  int failures GUARDED_BY(mutex) = 0;
  /// Counts the fetches that have ended.
  std::size_t generation GUARDED_BY(mutex) = 0;
};

JwksSource::JwksSource(JwksOptions options, std::unique_ptr<JwksOrigin> origin, const Clock& clock,
                       Logger& log)
    : state_(std::make_shared<State>(options, std::move(origin), clock, log)) {}

asio::awaitable<Result<SharedJwkSet>> JwksSource::current() {
  const auto state = state_;
  const State::Plan plan = state->plan();
  if (plan.step == State::Step::use) co_return plan.set;
  if (plan.step == State::Step::fail) co_return plan.error;
  if (plan.step == State::Step::refresh) {
    const auto executor = co_await asio::this_coro::executor;
    asio::co_spawn(executor, refresh(state, plan.generation), asio::detached);
    co_return plan.set;
  }
  co_return co_await state->flights.run(0, fetch(state, plan.generation));
}

asio::awaitable<SharedJwkSet> JwksSource::newer_than(SharedJwkSet seen) {
  const auto state = state_;
  const State::Plan plan = state->plan_without(seen);
  if (plan.step == State::Step::use) co_return plan.set;
  const Fetched fetched = co_await state->flights.run(0, fetch(state, plan.generation));
  co_return fetched ? *fetched : seen;
}

/// The work of a flight. Whoever decided to fetch may come late, after another's fetch has ended.
asio::awaitable<JwksSource::Fetched> JwksSource::fetch(std::shared_ptr<State> state, std::size_t generation) {
  if (const auto ended = state->ended_since(generation)) co_return *ended;
  const Fetched fetched = co_await state->origin->fetch();
  co_return state->end(fetched);
}

asio::awaitable<void> JwksSource::refresh(std::shared_ptr<State> state, std::size_t generation) {
  co_await state->flights.run(0, fetch(state, generation));
}

}  // namespace skymarshal::auth

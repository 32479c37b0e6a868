// A value that somebody else has and that does not stay true: keys of an issuer, credentials, an identity. It
// is fetched when it is first wanted, for all who wait at once; fetched anew behind the back of whoever asks
// before it is too old; kept while it is good though its source is gone. Shared by all threads; an asker
// waits on its own executor. Fetches nothing while nobody asks.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/jitter.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"
#include "base/single_flight.hpp"
#include "base/spawn.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/result.hpp>
#include <fmt/format.h>

namespace skymarshal {

/// Ages of a value, counted from the end of its fetch. A century stands for everything beyond it.
struct Lifetime {
  /// From then on it is fetched anew while it is still given out; below `good_for`, far enough for a fetch.
  Milliseconds refresh_after{};
  /// From then on it is given to nobody.
  Milliseconds good_for{};
};

struct RefreshOptions {
  /// The log line of a fetch that failed, with its `error_message`; of static lifetime.
  std::string_view failure_event;
  /// Of values that do not bring their own.
  Lifetime lifetime;
  /// A fetch that has not ended by then has failed, and what it brings later is thrown away. It should have
  /// an end of its own before: it is not cancelled.
  Milliseconds fetch_timeout{15'000};
  /// Pauses after failures: the first, doubled each time, the longest; each longer or shorter by `jitter`.
  Milliseconds retry_pause_min{1'000};
  Milliseconds retry_pause_max{60'000};
  double jitter = 0.2;
  /// How often newer_than() may have one fetched.
  Milliseconds newer_pause{30'000};
};

/// What a refreshed value stands on; all of it outlives the value and every fetch.
struct RefreshParts {
  const Clock& clock;
  RandomSource& random;
  Logger& log;
};

/// Why a fetch brought nothing. Of a chain of sources: why each of them did not.
struct FetchFailure {
  std::string why;
};

/// Why there is nothing to give out.
struct ValueUnavailable {
  /// Of the last fetch; for logs and operators, as it may name places.
  std::string why;
  /// When it is tried again.
  Milliseconds retry_after{};
};

template <typename T>
class RefreshedValue {
 public:
  using Shared = std::shared_ptr<const T>;
  struct Fetched {
    /// Null: what was fetched last is still what there is, and its life begins anew.
    Shared value;
    /// nullopt: that of the options.
    std::optional<Lifetime> lifetime = {};
  };
  using FetchResult = boost::system::result<Fetched, FetchFailure>;
  /// Called from any thread, for one fetch at a time unless one has timed out. What it throws counts as a
  /// failure.
  using Fetch = std::function<boost::asio::awaitable<FetchResult>()>;
  using Answer = boost::system::result<Shared, ValueUnavailable>;

  RefreshedValue(const RefreshOptions& options, Fetch fetch, const RefreshParts& parts)
      : state_(std::make_shared<State>(options, std::move(fetch), parts)) {}
  RefreshedValue(const RefreshedValue&) = delete;
  RefreshedValue& operator=(const RefreshedValue&) = delete;

  /// The value, at once while there is one that is good; else a fetch is waited for, or its pause is on. It
  /// may outlive this.
  boost::asio::awaitable<Answer> current() const { return ask(state_); }

  /// Fetched now, whatever the age of what there is and whatever pause is on, or by the fetch under way: for
  /// whoever knows that it has changed. What there was stays if that fails.
  boost::asio::awaitable<Answer> fetch_now() const { return ask_now(state_); }

  /// For whom `seen` was not good enough, though it is not old: a newer one, or `seen` again if there is none
  /// to be had now.
  boost::asio::awaitable<Shared> newer_than(Shared seen) const { return ask_newer(state_, std::move(seen)); }

 private:
  enum class Step { use, refresh, wait, fail };
  struct Plan {
    Step step = Step::fail;
    /// Of `use` and `refresh`.
    Shared value = {};
    /// Of `refresh` and `wait`: the fetch that is meant.
    std::size_t fetch = 0;
    /// Of `fail`.
    ValueUnavailable failure = {};
  };

  /// Shared with the fetches under way, which may outlive the value.
  class State {
   public:
    State(const RefreshOptions& options, Fetch fetch, const RefreshParts& parts)
        : options_(options), fetch_(std::move(fetch)), parts_(parts) {}

    Plan plan() EXCLUDES(mutex_) {
      const MutexLock lock(mutex_);
      const SteadyTime now = parts_.clock.steady_now();
      const bool is_due = now >= next_fetch_ && !is_under_way(now);
      if (is_due) begin(now);
      if (is_good(now)) return {is_due ? Step::refresh : Step::use, value_, fetches_ended_};
      if (is_under_way(now)) return {Step::wait, nullptr, fetches_ended_};
      return {Step::fail, nullptr, fetches_ended_, unavailable(now)};
    }

    Plan plan_newer(const Shared& seen) EXCLUDES(mutex_) {
      const MutexLock lock(mutex_);
      const SteadyTime now = parts_.clock.steady_now();
      if (value_ != seen && is_good(now)) return {Step::use, value_};
      if (is_under_way(now)) return {Step::wait, nullptr, fetches_ended_};
      const bool was_asked = newer_asked_at_ && now - *newer_asked_at_ < options_.newer_pause;
      const bool is_pausing = failures_ > 0 && now < next_fetch_;
      if (was_asked || is_pausing) return {Step::use, seen};
      newer_asked_at_ = now;
      begin(now);
      return {Step::wait, nullptr, fetches_ended_};
    }

    Plan plan_now() EXCLUDES(mutex_) {
      const MutexLock lock(mutex_);
      const SteadyTime now = parts_.clock.steady_now();
      if (!is_under_way(now)) begin(now);
      return {Step::wait, nullptr, fetches_ended_};
    }

    /// What came of that fetch, if it has ended.
    std::optional<Answer> outcome_of(std::size_t fetch) const EXCLUDES(mutex_) {
      const MutexLock lock(mutex_);
      if (fetch == fetches_ended_) return std::nullopt;
      return outcome(parts_.clock.steady_now());
    }

    /// How that fetch ended; says nothing new if it has been given up.
    Answer end(std::size_t fetch, const FetchResult& result) EXCLUDES(mutex_) {
      const MutexLock lock(mutex_);
      const SteadyTime now = parts_.clock.steady_now();
      if (fetch == fetches_ended_) {
        ++fetches_ended_;
        under_way_until_ = SteadyTime::min();
        if (result && (result->value || value_))
          keep(*result, now);
        else
          fail(result ? "nothing was fetched" : result.error().why, now);
      }
      return outcome(now);
    }

    Answer give_up(std::size_t fetch) EXCLUDES(mutex_) {
      const auto seconds = std::chrono::duration<double>(options_.fetch_timeout).count();
      return end(fetch, FetchFailure{fmt::format("there was no answer within {} s", seconds)});
    }

    boost::asio::awaitable<FetchResult> fetch() const { return fetch_(); }
    const RefreshOptions& options() const { return options_; }
    Logger& log() const { return parts_.log; }
    SingleFlight<std::size_t, Answer>& flights() { return flights_; }

   private:
    bool is_under_way(SteadyTime now) const REQUIRES(mutex_) { return now < under_way_until_; }
    bool is_good(SteadyTime now) const REQUIRES(mutex_) { return value_ && now < good_until_; }
    /// By this clock too, since its thread may be gone, and with it all who could give it up.
    void begin(SteadyTime now) REQUIRES(mutex_) { under_way_until_ = now + options_.fetch_timeout; }

    void keep(const Fetched& fetched, SteadyTime now) REQUIRES(mutex_) {
      if (fetched.value) value_ = fetched.value;
      const Lifetime lifetime = fetched.lifetime.value_or(options_.lifetime);
      good_until_ = later(now, lifetime.good_for);
      next_fetch_ = later(now, lifetime.refresh_after);
      failures_ = 0;
    }

    void fail(std::string why, SteadyTime now) REQUIRES(mutex_) {
      parts_.log.warning(options_.failure_event, {{"error_message", std::string_view(why)}});
      why_ = std::move(why);
      next_fetch_ = now + pause_after(failures_++);
    }

    Answer outcome(SteadyTime now) const REQUIRES(mutex_) {
      if (failures_ > 0 || !value_) return unavailable(now);
      return value_;
    }

    ValueUnavailable unavailable(SteadyTime now) const REQUIRES(mutex_) {
      return {why_, std::max(std::chrono::ceil<Milliseconds>(next_fetch_ - now), Milliseconds(0))};
    }

    Milliseconds pause_after(int earlier_failures) const {
      // Enough doublings for any pause, and no overflow.
      constexpr int doublings_max = 20;
      const Milliseconds pause = options_.retry_pause_min * (1 << std::min(earlier_failures, doublings_max));
      return jittered(std::min(pause, options_.retry_pause_max), options_.jitter, parts_.random);
    }

    static SteadyTime later(SteadyTime now, Milliseconds age) {
      constexpr Milliseconds century = std::chrono::years(100);
      return now + std::min(age, century);
    }

    const RefreshOptions options_;
    const Fetch fetch_;
    const RefreshParts parts_;
    /// By the number of the fetch: who waits for a new one does not wait for one that was given up.
    SingleFlight<std::size_t, Answer> flights_;

    mutable Mutex mutex_;
    Shared value_ GUARDED_BY(mutex_);
    SteadyTime good_until_ GUARDED_BY(mutex_);
    SteadyTime next_fetch_ GUARDED_BY(mutex_) = SteadyTime::min();
    SteadyTime under_way_until_ GUARDED_BY(mutex_) = SteadyTime::min();
    std::optional<SteadyTime> newer_asked_at_ GUARDED_BY(mutex_);
    std::string why_ GUARDED_BY(mutex_) = "nothing was fetched yet";
    /// Since the last success.
    int failures_ GUARDED_BY(mutex_) = 0;
    std::size_t fetches_ended_ GUARDED_BY(mutex_) = 0;
  };

  static boost::asio::awaitable<Answer> ask(std::shared_ptr<State> state) {
    Plan plan = state->plan();
    if (plan.step == Step::fail) co_return std::move(plan.failure);
    if (plan.step == Step::wait) co_return co_await wait_for(state, plan.fetch);
    if (plan.step == Step::refresh) {
      const auto executor = co_await boost::asio::this_coro::executor;
      spawn_or_log(executor, refresh(state, plan.fetch), state->log(), "refresh");
    }
    co_return std::move(plan.value);
  }

  static boost::asio::awaitable<Answer> ask_now(std::shared_ptr<State> state) {
    const Plan plan = state->plan_now();
    co_return co_await wait_for(state, plan.fetch);
  }

  static boost::asio::awaitable<Shared> ask_newer(std::shared_ptr<State> state, Shared seen) {
    Plan plan = state->plan_newer(seen);
    if (plan.step == Step::use) co_return std::move(plan.value);
    Answer answer = co_await wait_for(state, plan.fetch);
    co_return answer ? *std::move(answer) : std::move(seen);
  }

  static boost::asio::awaitable<void> refresh(std::shared_ptr<State> state, std::size_t fetch) {
    co_await wait_for(state, fetch);
  }

  static boost::asio::awaitable<Answer> wait_for(std::shared_ptr<State> state, std::size_t fetch) {
    const SteadyTime give_up = std::chrono::steady_clock::now() + state->options().fetch_timeout;
    std::optional<Answer> answer = co_await state->flights().run_until(give_up, fetch, work(state, fetch));
    if (!answer) co_return state->give_up(fetch);
    co_return *std::move(answer);
  }

  /// The work of a flight. Whoever decided to fetch may come late, when another has done so.
  static boost::asio::awaitable<Answer> work(std::shared_ptr<State> state, std::size_t fetch) {
    if (std::optional<Answer> known = state->outcome_of(fetch)) co_return *std::move(known);
    FetchResult result = FetchFailure{};
    try {
      result = co_await state->fetch();
    } catch (const std::exception& failure) {
      result = FetchFailure{failure.what()};
    }
    co_return state->end(fetch, result);
  }

  std::shared_ptr<State> state_;
};

}  // namespace skymarshal

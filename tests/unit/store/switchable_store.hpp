// A session store whose save() does what the test says: a store that goes down and comes back.
// Safe to use from any thread.
#pragma once

#include "invocations/session_store.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal::test {

/// What the stores made with it share with the test.
struct StoreSwitch {
  std::mutex mutex;
  /// Fails every save while set.
  std::optional<Errc> failure;
  /// Fails so many saves more, whatever `failure` says.
  int failures_left = 0;
  /// Fails every claim while set.
  std::optional<Errc> claim_failure;
  /// Is refused for good, whenever it comes.
  std::optional<RequestId> poison;
  /// Every save takes so long.
  std::chrono::milliseconds slowness{0};
  /// Saves that were cut off while they took that long.
  int cut_off = 0;
  /// A save of this session takes until it is somebody else's.
  std::optional<SessionId> held;
  /// Saves that were under way at the same time, at the most.
  int at_once_max = 0;
  int at_once = 0;
  /// Every save throws, as code with a bug would.
  bool throws = false;
  int attempts = 0;
  int erased = 0;
  std::vector<invocations::Interaction> saved;

  void fail_with(std::optional<Errc> code) {
    const std::lock_guard lock(mutex);
    failure = code;
  }
  std::size_t saved_count() {
    const std::lock_guard lock(mutex);
    return saved.size();
  }
  int attempt_count() {
    const std::lock_guard lock(mutex);
    return attempts;
  }
};

class SwitchableStore final : public invocations::SessionStore {
 public:
  explicit SwitchableStore(StoreSwitch& state) : state_(state) {}

  boost::asio::awaitable<Result<invocations::SaveOutcome>> save(
      invocations::Interaction interaction) override {
    const UnderWay under_way(state_);
    co_await take_time();
    while (holds(interaction.session_id)) co_await wait_for(std::chrono::milliseconds(1));
    const std::lock_guard lock(state_.mutex);
    ++state_.attempts;
    if (state_.throws) throw std::runtime_error("the store has a bug");
    if (state_.failures_left > 0) {
      --state_.failures_left;
      co_return make_error(Errc::store_unavailable, "down for a moment");
    }
    if (state_.failure) co_return make_error(*state_.failure, "down");
    if (interaction.request_id == state_.poison) co_return make_error(Errc::store_refused, "never");
    state_.saved.push_back(std::move(interaction));
    co_return invocations::SaveOutcome::stored;
  }

  boost::asio::awaitable<Result<void>> erase(SessionId, Principal) override {
    const std::lock_guard lock(state_.mutex);
    ++state_.erased;
    co_return Result<void>();
  }

  boost::asio::awaitable<Result<invocations::Session>> create(SessionId, Principal) override {
    co_return unused();
  }
  boost::asio::awaitable<Result<invocations::Session>> claim(SessionId id, Principal principal) override {
    const std::lock_guard lock(state_.mutex);
    if (state_.claim_failure) co_return make_error(*state_.claim_failure, "down");
    for (const invocations::Interaction& interaction : state_.saved) {
      if (interaction.session_id == id && interaction.principal != principal) {
        co_return make_error(Errc::session_not_found, "somebody else's");
      }
    }
    co_return invocations::Session{id, std::move(principal), {}, {}, 0, false};
  }
  boost::asio::awaitable<Result<invocations::SessionPage>> list(Principal, invocations::SessionFilter,
                                                                invocations::PageRequest) override {
    co_return unused();
  }
  boost::asio::awaitable<Result<invocations::SessionHistory>> history(SessionId, Principal,
                                                                      invocations::PageRequest) override {
    co_return unused();
  }
  boost::asio::awaitable<Result<std::size_t>> remove_old() override { co_return unused(); }
  boost::asio::awaitable<Result<void>> probe() override { co_return unused(); }

 private:
  class UnderWay {
   public:
    explicit UnderWay(StoreSwitch& state) : state_(state) {
      const std::lock_guard lock(state_.mutex);
      state_.at_once_max = std::max(state_.at_once_max, ++state_.at_once);
    }
    ~UnderWay() {
      const std::lock_guard lock(state_.mutex);
      --state_.at_once;
    }
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;

   private:
    StoreSwitch& state_;
  };

  bool holds(const SessionId& session) {
    const std::lock_guard lock(state_.mutex);
    return state_.held == session;
  }
  static boost::asio::awaitable<void> wait_for(std::chrono::milliseconds time) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  boost::asio::awaitable<void> take_time() {
    std::chrono::milliseconds slowness{0};
    {
      const std::lock_guard lock(state_.mutex);
      slowness = state_.slowness;
    }
    if (slowness.count() == 0) co_return;
    try {
      co_await wait_for(slowness);
    } catch (...) {
      const std::lock_guard lock(state_.mutex);
      ++state_.cut_off;
      throw;
    }
  }

  static Error unused() { return make_error(Errc::internal, "not part of this test"); }

  StoreSwitch& state_;
};

}  // namespace skymarshal::test

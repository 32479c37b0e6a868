// Asks once where many want to know the same: the first to ask about a key sends the question off, everybody
// who asks meanwhile gets its answer. Shared by all threads; an asker waits on its own executor. Remembers
// nothing: who asks after the answer has come asks anew.
#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/wakeup.hpp"

#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace skymarshal {

/// `Key` has an order; `Value` can be copied and made from nothing.
template <typename Key, typename Value>
class SingleFlight {
 public:
  /// Runs `work` if nobody's runs for this key, else leaves it out. It runs on the executor of whoever sent
  /// it off, but belongs to nobody: it goes on if that asker ends. What it throws, every asker gets. If that
  /// executor is destroyed before the work has ended, the next of those who wait runs its own.
  boost::asio::awaitable<Value> run(Key key, boost::asio::awaitable<Value> work) {
    std::optional<Value> value = co_await run_until(Wakeup::never, std::move(key), std::move(work));
    co_return *std::move(value);
  }

  /// As run(); nullopt if there is no answer by `give_up` (of the system's steady clock). The work goes on.
  boost::asio::awaitable<std::optional<Value>> run_until(SteadyTime give_up, Key key,
                                                         boost::asio::awaitable<Value> work) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto waiter = std::make_shared<Waiter>(executor);
    std::optional<boost::asio::awaitable<Value>> unsent = std::move(work);
    for (;;) {
      const auto [flight, is_first] = join(key);
      const Seat seat(*flight, waiter);
      // As long as this coroutine lives, so does the executor that its own work went to: it is sent off once.
      if (is_first) {
        boost::asio::co_spawn(executor, *std::exchange(unsent, std::nullopt), Landing(flights_, flight, key));
      }
      while (flight->is_under_way()) {
        const bool woken = co_await waiter->wakeup.wait_until(give_up);
        if (!woken && flight->is_under_way()) co_return std::nullopt;
      }
      if (auto outcome = flight->outcome()) {
        if (outcome->failure) std::rethrow_exception(outcome->failure);
        co_return std::move(outcome->value);
      }
    }
  }

  /// How many questions are under way.
  std::size_t size() const {
    const MutexLock lock(flights_->mutex);
    return flights_->by_key.size();
  }

 private:
  struct Waiter {
    explicit Waiter(const boost::asio::any_io_executor& executor) : wakeup(executor) {}
    Wakeup wakeup;
  };

  struct Outcome {
    std::exception_ptr failure;
    Value value;
  };

  /// One question under way, and who waits for its answer.
  class Flight {
   public:
    bool is_under_way() const {
      const MutexLock lock(mutex_);
      return is_under_way_;
    }
    /// nullopt while it is under way, and if it ended without one.
    std::optional<Outcome> outcome() const {
      const MutexLock lock(mutex_);
      return outcome_;
    }
    void add(std::shared_ptr<Waiter> waiter) {
      const MutexLock lock(mutex_);
      waiters_.push_back(std::move(waiter));
    }
    void remove(const std::shared_ptr<Waiter>& waiter) {
      const MutexLock lock(mutex_);
      std::erase(waiters_, waiter);
    }
    void end(std::optional<Outcome> outcome) {
      const MutexLock lock(mutex_);
      is_under_way_ = false;
      outcome_ = std::move(outcome);
      for (const std::shared_ptr<Waiter>& waiter : waiters_) {
        boost::asio::post(waiter->wakeup.executor(), [waiter] { waiter->wakeup.wake(); });
      }
    }

   private:
    mutable Mutex mutex_;
    bool is_under_way_ GUARDED_BY(mutex_) = true;
    std::optional<Outcome> outcome_ GUARDED_BY(mutex_);
    std::vector<std::shared_ptr<Waiter>> waiters_ GUARDED_BY(mutex_);
  };

  struct Flights {
    Mutex mutex;
    std::map<Key, std::shared_ptr<Flight>> by_key GUARDED_BY(mutex);
  };

  /// A place among the waiters, left however the waiting ends, also with its coroutine.
  class Seat {
   public:
    Seat(Flight& flight, std::shared_ptr<Waiter> waiter) : flight_(flight), waiter_(std::move(waiter)) {
      flight_.add(waiter_);
    }
    ~Seat() { flight_.remove(waiter_); }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

   private:
    Flight& flight_;
    std::shared_ptr<Waiter> waiter_;
  };

  /// The completion handler of the work. It shares the flights, as the work may outlive the SingleFlight. One
  /// that is destroyed without being called had its work destroyed with the executor: the flight then ends
  /// without an outcome.
  class Landing {
   public:
    Landing(std::shared_ptr<Flights> flights, std::shared_ptr<Flight> flight, Key key)
        : flights_(std::move(flights)), flight_(std::move(flight)), key_(std::move(key)) {}
    Landing(Landing&&) noexcept = default;
    Landing& operator=(Landing&&) = delete;
    ~Landing() {
      if (flight_) land(std::nullopt);
    }

    void operator()(std::exception_ptr failure, Value value) {
      land(Outcome{std::move(failure), std::move(value)});
    }

   private:
    void land(std::optional<Outcome> outcome) {
      {
        const MutexLock lock(flights_->mutex);
        flights_->by_key.erase(key_);
      }
      std::exchange(flight_, nullptr)->end(std::move(outcome));
    }

    std::shared_ptr<Flights> flights_;
    std::shared_ptr<Flight> flight_;
    Key key_;
  };

  std::pair<std::shared_ptr<Flight>, bool> join(const Key& key) {
    const MutexLock lock(flights_->mutex);
    std::shared_ptr<Flight>& flight = flights_->by_key[key];
    const bool is_first = flight == nullptr;
    if (is_first) flight = std::make_shared<Flight>();
    return {flight, is_first};
  }

  std::shared_ptr<Flights> flights_ = std::make_shared<Flights>();
};

}  // namespace skymarshal

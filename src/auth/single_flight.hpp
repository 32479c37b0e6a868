// Asks once where many want to know the same: the first to ask about a key sends the question off, everybody
// who asks meanwhile gets its answer. Shared by all threads; an asker waits on its own executor. Remembers
// nothing: who asks after the answer has come asks anew.
#pragma once

#include "base/mutex.hpp"
#include "base/wakeup.hpp"

#include <algorithm>
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

namespace skymarshal::auth {

/// `Key` has an order; `Value` can be copied and made from nothing.
template <typename Key, typename Value>
class SingleFlight {
 public:
  /// Runs `work` if nobody's runs for this key, else leaves it out. It runs on the executor of whoever sent
  /// it off, but belongs to nobody: it goes on if that asker ends. What it throws, every asker gets.
  boost::asio::awaitable<Value> run(Key key, boost::asio::awaitable<Value> work) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto waiter = std::make_shared<Waiter>(executor);
    auto [flight, is_first] = join(key);
    const Seat seat(*flight, waiter);
    if (is_first) {
      Landing landing{flights_, flight, std::move(key)};
      boost::asio::co_spawn(executor, std::move(work), std::move(landing));
    }
    for (;;) {
      if (const auto outcome = flight->outcome()) {
        if (outcome->failure) std::rethrow_exception(outcome->failure);
        co_return outcome->value;
      }
      co_await waiter->wakeup.wait_until(Wakeup::never);
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

  class Flight {
   public:
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
    void land(Outcome outcome) {
      const MutexLock lock(mutex_);
      outcome_ = std::move(outcome);
      for (const std::shared_ptr<Waiter>& waiter : waiters_) {
        boost::asio::post(waiter->wakeup.executor(), [waiter] { waiter->wakeup.wake(); });
      }
    }

   private:
    mutable Mutex mutex_;
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

  /// Takes the answer, also if whoever sent it off, and this very object's owner, are gone.
  struct Landing {
    std::shared_ptr<Flights> flights;
    std::shared_ptr<Flight> flight;
    Key key;

    void operator()(std::exception_ptr failure, Value value) {
      {
        const MutexLock lock(flights->mutex);
        flights->by_key.erase(key);
      }
      flight->land({std::move(failure), std::move(value)});
    }
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

}  // namespace skymarshal::auth

// One at a time for each key: whoever comes for a key that is held waits for it in the order of coming, and
// nobody waits for another key. Shared by all threads; a coroutine sleeps, and is woken, on its own executor.
#pragma once

#include "base/mutex.hpp"
#include "base/stop_signal.hpp"
#include "base/waiting_line.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

namespace skymarshal {

/// `Key` has an order.
template <typename Key>
class KeyedMutex {
 public:
  /// The key, or a place in the line for it: given up when destroyed. The mutex must outlive it.
  class Lock {
   public:
    Lock(Lock&& other) noexcept
        : mutex_(std::exchange(other.mutex_, nullptr)),
          key_(std::move(other.key_)),
          waiter_(std::move(other.waiter_)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock() {
      if (mutex_ != nullptr) mutex_->leave(*this);
    }

   private:
    friend class KeyedMutex;
    Lock(KeyedMutex& mutex, Key key, const boost::asio::any_io_executor& executor)
        : mutex_(&mutex), key_(std::move(key)), waiter_(mutex.join(key_, executor)) {}

    /// Null once moved from.
    KeyedMutex* mutex_;
    Key key_;
    /// Null where the key was free.
    std::shared_ptr<WaitingLine::Waiter> waiter_;
  };

  KeyedMutex() = default;
  KeyedMutex(const KeyedMutex&) = delete;
  KeyedMutex& operator=(const KeyedMutex&) = delete;

  /// Waits until the key is free, and holds it. A waiter whose coroutine is destroyed leaves its place.
  boost::asio::awaitable<Lock> lock(Key key) {
    const auto executor = co_await boost::asio::this_coro::executor;
    Lock lock(*this, std::move(key), executor);
    StopSignal never;
    if (lock.waiter_) (void)co_await lock.waiter_->wait(never);
    co_return lock;
  }

  /// How many keys are held.
  std::size_t size() const {
    const MutexLock lock(mutex_);
    return lines_.size();
  }

 private:
  std::shared_ptr<WaitingLine::Waiter> join(const Key& key, const boost::asio::any_io_executor& executor) {
    const MutexLock lock(mutex_);
    const auto [held, is_free] = lines_.try_emplace(key);
    if (is_free) return nullptr;
    auto waiter = std::make_shared<WaitingLine::Waiter>(executor);
    held->second.push(waiter);
    return waiter;
  }

  void leave(const Lock& left) {
    const MutexLock lock(mutex_);
    const auto held = lines_.find(left.key_);
    WaitingLine& line = held->second;
    const bool has_only_waited = left.waiter_ != nullptr && line.remove(left.waiter_);
    if (has_only_waited) return;
    if (line.empty()) {
      lines_.erase(held);
    } else {
      line.call_next();
    }
  }

  mutable Mutex mutex_;
  /// Of the keys that are held: who waits for them.
  std::map<Key, WaitingLine> lines_ GUARDED_BY(mutex_);
};

}  // namespace skymarshal

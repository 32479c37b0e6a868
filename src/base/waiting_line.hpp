// Those who wait for their turn at something, in the order they came. The line belongs to whoever hands the
// turns out, who guards it with a mutex of its own; each waiter sleeps, and is woken, on its own executor.
// What they wait for, and how many may, the line does not know.
#pragma once

#include "base/stop_signal.hpp"
#include "base/wakeup.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>

namespace skymarshal {

class WaitingLine {
 public:
  class Waiter {
   public:
    /// `executor` is where wait() will be called.
    explicit Waiter(const boost::asio::any_io_executor& executor) : wakeup_(executor) {}

    /// Waits until it is called. False if `stop` was raised first; the waiter then still stands in its line,
    /// and may be called until it has been removed.
    boost::asio::awaitable<bool> wait(StopSignal& stop) {
      const StopSignal::Listener on_stop(stop, [this] { wakeup_.wake(); });
      while (!called_) {
        if (stop.raised()) co_return false;
        co_await wakeup_.wait_until(Wakeup::never);
      }
      co_return true;
    }

   private:
    friend class WaitingLine;
    Wakeup wakeup_;
    std::atomic<bool> called_ = false;
  };

  bool empty() const { return waiters_.empty(); }
  std::size_t size() const { return waiters_.size(); }

  /// If it throws, the line is as it was.
  void push(std::shared_ptr<Waiter> waiter) { waiters_.push_back(std::move(waiter)); }

  /// Takes the first out of the line and wakes it. Not when empty(). A turn that nobody hears of would be
  /// lost for good, so having no memory left to send the word ends the process.
  void call_next() noexcept {
    const std::shared_ptr<Waiter> waiter = std::move(waiters_.front());
    waiters_.pop_front();
    waiter->called_ = true;
    boost::asio::post(waiter->wakeup_.executor(), [waiter] { waiter->wakeup_.wake(); });
  }

  /// Takes it out of the line, wherever it stands. False: it was called before, and has its turn.
  bool remove(const std::shared_ptr<Waiter>& waiter) { return std::erase(waiters_, waiter) > 0; }

 private:
  std::deque<std::shared_ptr<Waiter>> waiters_;
};

}  // namespace skymarshal

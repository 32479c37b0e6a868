// One coroutine sleeps, somebody wakes it: the only waiting primitive of the project.
// Owned by the sleeper. Every call must come from the executor it was made with; threads meet elsewhere and
// post.
#pragma once

#include "base/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal {

class Wakeup {
 public:
  static constexpr SteadyTime never = SteadyTime::max();

  explicit Wakeup(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  /// Wakes the sleeper, or lets its next sleep end at once. Wakings do not add up.
  void wake() {
    woken_ = true;
    timer_.cancel();
  }

  /// Sleeps until wake() (true) or the deadline (false). At most one sleeper at a time.
  boost::asio::awaitable<bool> wait_until(SteadyTime deadline) {
    while (!woken_) {
      if (deadline != never && std::chrono::steady_clock::now() >= deadline) co_return false;
      timer_.expires_at(deadline);
      co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    woken_ = false;
    co_return true;
  }

  boost::asio::any_io_executor executor() { return timer_.get_executor(); }

 private:
  boost::asio::steady_timer timer_;
  bool woken_ = false;
};

}  // namespace skymarshal

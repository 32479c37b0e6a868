// Work that can be ended at once, wherever it waits: each piece is a coroutine of its own below one
// cancellation. Owned by whoever awaits it, who must not be cancelled meanwhile; every call on its executor.
#pragma once

#include "base/wakeup.hpp"

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

namespace skymarshal {

class CancellableScope {
 public:
  explicit CancellableScope(const boost::asio::any_io_executor& executor) : done_(executor) {}

  /// What the work gives, or throws; nothing where it was cancelled. One piece at a time.
  template <typename Value>
  boost::asio::awaitable<std::optional<Value>> run(boost::asio::awaitable<Value> work) {
    std::optional<Value> value;
    if (is_cancelled_) co_return value;
    std::exception_ptr thrown;
    const auto on_end = [&](std::exception_ptr failure, Value result) {
      thrown = std::move(failure);
      if (!thrown) value = std::move(result);
      done_.wake();
    };
    boost::asio::co_spawn(done_.executor(), std::move(work),
                          boost::asio::bind_cancellation_slot(cancellation_.slot(), on_end));
    co_await done_.wait_until(Wakeup::never);
    if (thrown && !is_cancelled_) std::rethrow_exception(thrown);
    co_return value;
  }

  /// Ends the piece that runs, and all that would follow. A piece that ends by itself at the same moment may
  /// give its value still.
  void cancel() {
    is_cancelled_ = true;
    cancellation_.emit(boost::asio::cancellation_type::terminal);
  }

 private:
  Wakeup done_;
  boost::asio::cancellation_signal cancellation_;
  bool is_cancelled_ = false;
};

}  // namespace skymarshal

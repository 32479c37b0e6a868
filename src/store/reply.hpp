// The one way from a coroutine to a thread of the store and back.
// A Reply is held by the thread that works and sent from it, exactly once; the result arrives on the executor
// of the coroutine that waits. That executor must outlive the thread, which may still be leaving send() when
// the coroutine has long ended.
#pragma once

#include "base/error.hpp"

#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal::store {

template <typename T>
class Reply {
 public:
  using Handler =
      typename boost::asio::async_result<boost::asio::use_awaitable_t<>, void(Result<T>)>::handler_type;

  explicit Reply(Handler handler)
      : handler_(std::move(handler)), work_(boost::asio::make_work_guard(handler_.get_executor())) {}

  /// Never resumes the coroutine from within: the result is posted.
  void send(Result<T> result) {
    const boost::asio::any_io_executor executor = work_.get_executor();
    // The work guard goes along: nothing of the executor is touched here once the coroutine may run.
    auto resume = [handler = std::move(handler_), work = std::move(work_),
                   value = std::move(result)]() mutable { std::move(handler)(std::move(value)); };
    boost::asio::post(executor, std::move(resume));
  }

 private:
  Handler handler_;
  boost::asio::executor_work_guard<boost::asio::any_io_executor> work_;
};

/// Calls `start(Reply<T>)` when awaited and gives what is sent to that reply.
template <typename T, typename Start>
boost::asio::awaitable<Result<T>> await_reply(Start start) {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Result<T>)>(
      [](typename Reply<T>::Handler handler, Start begin) { std::move(begin)(Reply<T>(std::move(handler))); },
      boost::asio::use_awaitable, std::move(start));
}

}  // namespace skymarshal::store

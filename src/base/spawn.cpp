#include "base/spawn.hpp"

#include <exception>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal {
namespace {

namespace asio = boost::asio;

void log_failure(const std::exception_ptr& failure, Logger& log, std::string_view task_name) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& bug) {
    log.error("task_failed", {{"task", task_name}, {"error_message", std::string_view(bug.what())}});
  } catch (...) {
    log.error("task_failed",
              {{"task", task_name}, {"error_message", std::string_view("not a std::exception")}});
  }
}

asio::awaitable<void> run_rounds(Milliseconds pause, std::function<asio::awaitable<void>()> round,
                                 Logger& log, std::string_view task_name) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (;;) {
    try {
      co_await round();
    } catch (...) {
      log_failure(std::current_exception(), log, task_name);
    }
    timer.expires_after(pause);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

}  // namespace

void spawn_or_log(const asio::any_io_executor& executor, asio::awaitable<void> task, Logger& log,
                  std::string_view task_name) {
  const auto on_end = [&log, task_name](const std::exception_ptr& failure) {
    if (failure) log_failure(failure, log, task_name);
  };
  asio::co_spawn(executor, std::move(task), on_end);
}

void spawn_rounds(const asio::any_io_executor& executor, Milliseconds pause,
                  std::function<asio::awaitable<void>()> round, Logger& log, std::string_view task_name) {
  spawn_or_log(executor, run_rounds(pause, std::move(round), log, task_name), log, task_name);
}

}  // namespace skymarshal

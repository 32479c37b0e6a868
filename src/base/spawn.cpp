#include "base/spawn.hpp"

#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>

namespace skymarshal {

void spawn_or_log(const boost::asio::any_io_executor& executor, boost::asio::awaitable<void> task,
                  Logger& log, std::string_view task_name) {
  const auto on_end = [&log, task_name](const std::exception_ptr& failure) {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& bug) {
      log.error("task_failed", {{"task", task_name}, {"error_message", std::string_view(bug.what())}});
    } catch (...) {
      log.error("task_failed",
                {{"task", task_name}, {"error_message", std::string_view("not a std::exception")}});
    }
  };
  boost::asio::co_spawn(executor, std::move(task), on_end);
}

}  // namespace skymarshal

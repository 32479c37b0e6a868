// A coroutine that nobody waits for, whose exception is nevertheless heard. The one way to start one:
// detached ones of Asio's own lose what ends them.
#pragma once

#include "base/log.hpp"

#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace skymarshal {

/// Runs `task` on `executor`. An exception that leaves it is a bug and becomes the log line `task_failed`
/// with `task_name` (of static lifetime) and what it says. `log` must outlive the task; a task that is
/// destroyed before its end, with its executor, says nothing.
void spawn_or_log(const boost::asio::any_io_executor& executor, boost::asio::awaitable<void> task,
                  Logger& log, std::string_view task_name);

}  // namespace skymarshal

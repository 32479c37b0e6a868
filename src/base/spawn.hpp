// Coroutines that nobody waits for, once or again and again, whose exceptions are nevertheless heard. The one
// way to start one: detached ones of Asio's own lose what ends them.
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"

#include <functional>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace skymarshal {

/// Runs `task` on `executor`. An exception that leaves it is a bug and becomes the log line `task_failed`
/// with `task_name` (of static lifetime) and what it says. `log` must outlive the task; a task that is
/// destroyed before its end, with its executor, says nothing.
void spawn_or_log(const boost::asio::any_io_executor& executor, boost::asio::awaitable<void> task,
                  Logger& log, std::string_view task_name);

/// Runs what `round` gives on `executor`: at once, and again `pause` after each end, until the executor is
/// stopped. A round that throws is heard as above, and is not the last one.
void spawn_rounds(const boost::asio::any_io_executor& executor, Milliseconds pause,
                  std::function<boost::asio::awaitable<void>()> round, Logger& log,
                  std::string_view task_name);

}  // namespace skymarshal

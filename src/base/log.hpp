// Structured log: one JSON line an event, written by a background thread so that no request waits for a disk.
// Safe to use from any thread. Never hand it a prompt, a body, a token or a signature.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace spdlog {
class async_logger;
namespace details {
class thread_pool;
}
}  // namespace spdlog

namespace skymarshal {

enum class LogLevel { debug, info, warning, error, off };

/// DEBUG, INFO, WARNING (or WARN), ERROR, OFF in any letter case.
Result<LogLevel> parse_log_level(std::string_view text);

/// A JSON value that is written as it stands: an object beside the plain fields.
struct LogJson {
  std::string_view text;
};

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool, LogJson> value;
};

class Logger {
 public:
  struct Options {
    LogLevel level = LogLevel::info;
    /// Lines that may wait for the writer; beyond it the oldest are dropped.
    std::size_t queue_lines_max = 8192;
  };

  /// Writes to standard error; with level `off` it starts no thread. Destroying it writes out what is queued.
  Logger(Options options, const Clock& clock);
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  bool enabled(LogLevel level) const { return level >= level_ && level_ != LogLevel::off; }
  /// `event` names what happened (snake_case); fields follow in the order given.
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);

  void debug(std::string_view event, std::initializer_list<LogField> fields) {
    if (enabled(LogLevel::debug)) write(LogLevel::debug, event, fields);
  }
  void info(std::string_view event, std::initializer_list<LogField> fields) {
    if (enabled(LogLevel::info)) write(LogLevel::info, event, fields);
  }
  void warning(std::string_view event, std::initializer_list<LogField> fields) {
    if (enabled(LogLevel::warning)) write(LogLevel::warning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<LogField> fields) {
    if (enabled(LogLevel::error)) write(LogLevel::error, event, fields);
  }

 private:
  const Clock& clock_;
  LogLevel level_;
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> sink_;
};

}  // namespace skymarshal

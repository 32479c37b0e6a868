#include "base/log.hpp"

#include "base/json_writer.hpp"
#include "base/time_format.hpp"

#include <algorithm>
#include <cctype>

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace skymarshal {
namespace {

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "DEBUG";
    case LogLevel::info:
      return "INFO";
    case LogLevel::warning:
      return "WARNING";
    case LogLevel::error:
      return "ERROR";
    case LogLevel::off:
      return "OFF";
  }
  return "";
}

void write_value(JsonWriter& json, const LogField& field) {
  json.key(field.name);
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    json.string(*text);
  } else if (const auto* integer = std::get_if<std::int64_t>(&field.value)) {
    json.number(*integer);
  } else if (const auto* real = std::get_if<double>(&field.value)) {
    json.number(*real);
  } else if (const auto* value = std::get_if<LogJson>(&field.value)) {
    json.raw(value->text);
  } else {
    json.boolean(std::get<bool>(field.value));
  }
}

}  // namespace

Result<LogLevel> parse_log_level(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (upper == "DEBUG") return LogLevel::debug;
  if (upper == "INFO") return LogLevel::info;
  if (upper == "WARNING" || upper == "WARN") return LogLevel::warning;
  if (upper == "ERROR") return LogLevel::error;
  if (upper == "OFF") return LogLevel::off;
  return make_error(Errc::invalid_request,
                    "'" + std::string(text) + "' is not a log level: use DEBUG, INFO, WARNING, ERROR or OFF");
}

Logger::Logger(Options options, const Clock& clock) : clock_(clock), level_(options.level) {
  if (level_ == LogLevel::off) return;
  pool_ = std::make_shared<spdlog::details::thread_pool>(options.queue_lines_max, 1);
  sink_ =
      std::make_shared<spdlog::async_logger>("skymarshal", std::make_shared<spdlog::sinks::stderr_sink_mt>(),
                                             pool_, spdlog::async_overflow_policy::overrun_oldest);
  sink_->set_pattern("%v", spdlog::pattern_time_type::utc);
  sink_->set_level(spdlog::level::trace);
}

Logger::~Logger() = default;

void Logger::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!enabled(level)) return;
  std::string line;
  line.reserve(256);
  JsonWriter json(line);
  json.begin_object();
  json.member("timestamp", iso8601(clock_.wall_now()));
  json.member("level", level_name(level));
  json.member("event", event);
  for (const LogField& field : fields) write_value(json, field);
  json.end_object();
  sink_->log(spdlog::level::info, line);
}

}  // namespace skymarshal

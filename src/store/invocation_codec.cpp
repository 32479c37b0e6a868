#include "store/invocation_codec.hpp"

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "http/problem.hpp"

namespace skymarshal::store {
namespace {

using invocations::InvocationEnd;

void write_duration(JsonWriter& json, std::string_view name, const std::optional<Milliseconds>& duration) {
  if (duration) json.member(name, duration->count());
}

void write_error(JsonWriter& json, const Error& error) {
  json.key("error").begin_object();
  json.member("code", http::error_code(error.code)).member("message", std::string_view(error.message));
  if (!error.details.empty()) json.raw_member("details", error.details);
  if (error.retry_after) json.member("retry_after_s", error.retry_after->count());
  json.end_object();
}

std::optional<std::int64_t> number_in(const JsonObject& members, std::string_view name) {
  const auto text = members.find(name, JsonKind::number);
  return text ? parse_number<std::int64_t>(*text) : std::nullopt;
}

std::optional<Milliseconds> duration_in(const JsonObject& members, std::string_view name) {
  const auto number = number_in(members, name);
  return number ? std::optional(Milliseconds(*number)) : std::nullopt;
}

std::optional<Error> read_error(std::string_view json) {
  const JsonObject members = json_object(json);
  const auto code = http::parse_error_code(members.text("code"));
  if (!code) return std::nullopt;
  Error error = make_error(*code, members.text("message"));
  if (const auto details = members.find("details", JsonKind::object)) error.details = *details;
  if (const auto wait = number_in(members, "retry_after_s")) error.retry_after = std::chrono::seconds(*wait);
  return error;
}

}  // namespace

std::string encode_ending(const InvocationEnd& end) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  if (end.error) write_error(json, *end.error);
  json.member("execution_time_ms", end.execution_time.count());
  json.member("ended_at_ms", unix_ms(end.ended_at));
  write_duration(json, "queued_ms", end.queued);
  write_duration(json, "connect_ms", end.timings.connect);
  write_duration(json, "first_message_ms", end.timings.first_message);
  json.member("attempts", end.timings.attempts);
  json.member("unreadable_messages", end.timings.unreadable_messages);
  json.end_object();
  return text;
}

std::optional<InvocationEnd> decode_ending(std::string_view text) {
  std::string padded(text);
  pad_json(padded);
  if (!validate_json(padded)) return std::nullopt;
  const JsonObject members = json_object(padded);
  const auto execution_time = duration_in(members, "execution_time_ms");
  const auto ended_at = number_in(members, "ended_at_ms");
  const auto attempts = number_in(members, "attempts");
  const auto unreadable = number_in(members, "unreadable_messages");
  if (!execution_time || !ended_at || !attempts || !unreadable) return std::nullopt;
  InvocationEnd end;
  end.execution_time = *execution_time;
  end.ended_at = from_unix_ms(*ended_at);
  end.queued = duration_in(members, "queued_ms");
  end.timings.connect = duration_in(members, "connect_ms");
  end.timings.first_message = duration_in(members, "first_message_ms");
  end.timings.attempts = static_cast<int>(*attempts);
  end.timings.unreadable_messages = static_cast<int>(*unreadable);
  if (const auto error = members.find("error")) {
    end.error = read_error(*error);
    if (!end.error) return std::nullopt;
  }
  return end;
}

}  // namespace skymarshal::store

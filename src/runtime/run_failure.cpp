#include "runtime/run_failure.hpp"

#include "base/json_writer.hpp"

#include <utility>

namespace skymarshal::runtime {
namespace {

/// Where the runtime does not say itself when it may be asked again.
constexpr std::chrono::seconds busy_retry_after{5};

/// The caller and the log are told the same.
Failure told_alike(Error error) {
  std::string cause = error.message;
  return {std::move(error), std::move(cause)};
}

std::string details_with(const RuntimeWords& words) {
  std::string details;
  JsonWriter json(details);
  json.begin_object().raw_member("runtime", runtime_words_json(words)).end_object();
  return details;
}

std::string details_with(const Unreadable& unreadable) {
  std::string details;
  JsonWriter json(details);
  json.begin_object().member("unreadable_messages", unreadable.count).end_object();
  return details;
}

std::string with_unreadable(std::string message, const Unreadable& unreadable) {
  if (unreadable.count == 0) return message;
  return message + "; " + std::to_string(unreadable.count) +
         " of its messages could not be read, the last: " + unreadable.last;
}

RuntimeWords words_of_close(std::uint16_t close_code, std::string_view reason) {
  RuntimeWords words;
  words.close_code = close_code;
  words.close_reason = plain_words(reason, RuntimeWords::name_bytes_max);
  return words;
}

/// "code 1011: out of memory"
std::string close_text(const RuntimeWords& words) {
  const std::string code = "code " + std::to_string(*words.close_code);
  return words.close_reason.empty() ? code : code + ": " + words.close_reason;
}

}  // namespace

Failure timed_out(const Stage& stage, Milliseconds limit, int unanswered_pings) {
  Error error = make_error(Errc::timeout, "the runtime " + std::string(stage.omission) + " within " +
                                              std::to_string(limit.count()) + " ms");
  JsonWriter json(error.details);
  json.begin_object().member("stage", stage.name).member("limit_ms", limit.count());
  if (unanswered_pings > 0) json.member("unanswered_pings", unanswered_pings);
  json.end_object();
  return told_alike(std::move(error));
}

Failure unreachable(std::string cause) {
  return {make_error(Errc::connection_failed, "the runtime could not be reached: try again later"),
          std::move(cause)};
}

Failure refused(const RuntimeWords& words, std::string cause) {
  Error error = make_error(Errc::runtime_refused, "the runtime refused the connection with HTTP " +
                                                      std::to_string(words.http_status));
  // 402: InvokeAgentRuntime's ServiceQuotaExceededException.
  if (words.http_status == 402 || words.http_status == 429 || words.http_status == 503) {
    error.code = Errc::runtime_unavailable;
    error.retry_after = words.retry_after.value_or(busy_retry_after);
  } else if (words.http_status >= 500) {
    error.code = Errc::connection_failed;
  }
  error.details = details_with(words);
  return {std::move(error), std::move(cause) + ": " + runtime_words_text(words)};
}

Failure not_started(const RuntimeWords& words, std::string cause) {
  Error error = make_error(Errc::runtime_unavailable,
                           "the agent's container did not come up in time (a cold start): try again later",
                           details_with(words));
  error.retry_after = words.retry_after.value_or(busy_retry_after);
  return {std::move(error), std::move(cause) + ": " + runtime_words_text(words)};
}

Failure failed_behind_service(const RuntimeWords& words, std::string cause) {
  Error error =
      make_error(Errc::runtime_error, "the agent's container answered with an error: " + words.message,
                 details_with(words));
  return {std::move(error), std::move(cause) + ": " + runtime_words_text(words)};
}

Failure went_away(std::string cause) {
  return {make_error(Errc::connection_failed, "the runtime went away before it had the prompt"),
          std::move(cause)};
}

Failure reported(const RuntimeWords& words) {
  const auto& named = words.code.empty() ? words.type : words.code;
  const std::string& said = words.message.empty() ? named : words.message;
  const std::string reason = said.empty() ? "no reason given" : said;
  Error error;
  if (words.code == "TIMEOUT") {
    error = make_error(Errc::timeout, "the runtime gave up in time: " + reason);
  } else if (words.code == "THROTTLED" || words.code == "OVERLOADED") {
    error = make_error(Errc::runtime_unavailable, "the runtime is busy, try again later: " + reason);
    error.retry_after = words.retry_after.value_or(busy_retry_after);
  } else {
    error = make_error(Errc::runtime_error, "the runtime reported an error: " + reason);
  }
  JsonWriter json(error.details);
  json.begin_object().member("code", words.code).member("message", words.message);
  json.raw_member("runtime", runtime_words_json(words)).end_object();
  return {std::move(error), "the runtime reported an error: " + runtime_words_text(words)};
}

Failure unreadable_end(std::string_view type, const Unreadable& unreadable) {
  return told_alike(
      make_error(Errc::runtime_protocol_error,
                 "the runtime's " + std::string(type) + " message could not be read: " + unreadable.last,
                 details_with(unreadable)));
}

Failure too_many_unreadable(int count_max, const Unreadable& unreadable) {
  return told_alike(make_error(Errc::runtime_protocol_error,
                               "the runtime sent more than " + std::to_string(count_max) +
                                   " messages that could not be read, the last: " + unreadable.last,
                               details_with(unreadable)));
}

Failure closed_without_end(std::uint16_t close_code, std::string_view reason, const Unreadable& unreadable) {
  const RuntimeWords words = words_of_close(close_code, reason);
  const std::string message =
      "the runtime closed the connection (" + close_text(words) + ") without a complete or error message";
  Error error = make_error(Errc::runtime_protocol_error, with_unreadable(message, unreadable));
  JsonWriter json(error.details);
  json.begin_object().raw_member("runtime", runtime_words_json(words));
  if (unreadable.count > 0) json.member("unreadable_messages", unreadable.count);
  json.end_object();
  return told_alike(std::move(error));
}

Failure closed_for_now(std::uint16_t close_code, std::string_view reason) {
  const RuntimeWords words = words_of_close(close_code, reason);
  Error error = make_error(Errc::runtime_unavailable,
                           "the runtime is restarting or busy (" + close_text(words) + "), try again later",
                           details_with(words));
  error.retry_after = busy_retry_after;
  return told_alike(std::move(error));
}

Failure broken_off(std::string_view problem, const Unreadable& unreadable) {
  std::string message = "the connection to the runtime ended without a complete or error message: ";
  message += problem;
  return told_alike(make_error(Errc::runtime_protocol_error, with_unreadable(std::move(message), unreadable),
                               unreadable.count == 0 ? std::string() : details_with(unreadable)));
}

Failure message_too_large(std::size_t bytes_max) {
  return told_alike(make_error(Errc::runtime_protocol_error, "the runtime sent a message of more than " +
                                                                 std::to_string(bytes_max) + " bytes"));
}

}  // namespace skymarshal::runtime

#include "runtime/invocation_protocol.hpp"

#include "base/json_writer.hpp"
#include "runtime/message_codec.hpp"

namespace skymarshal::runtime {
namespace {

constexpr std::chrono::seconds busy_retry_after{5};

Error error_of(const RuntimeError& reported) {
  Error error;
  const std::string said = reported.message.empty() ? "no reason given" : reported.message;
  if (reported.code == "TIMEOUT") {
    error = make_error(Errc::timeout, "the runtime gave up in time: " + said);
  } else if (reported.code == "THROTTLED" || reported.code == "OVERLOADED") {
    error = make_error(Errc::runtime_unavailable, "the runtime is busy, try again later: " + said);
    error.retry_after = busy_retry_after;
  } else {
    error = make_error(Errc::runtime_error, "the runtime reported an error: " + said);
  }
  JsonWriter json(error.details);
  json.begin_object().member("code", reported.code).member("message", reported.message);
  if (!reported.details.empty()) json.raw_member("details", reported.details);
  json.end_object();
  return error;
}

}  // namespace

InvocationProtocol::Step InvocationProtocol::on_message(std::string text) {
  started_ = true;
  Step step;
  auto decoded = decode_message(reader_, std::move(text));
  if (!decoded) {
    step.kind = Step::Kind::failed;
    step.error = decoded.error();
    return step;
  }
  switch (decoded->kind) {
    case DecodedMessage::Kind::error:
      step.kind = Step::Kind::failed;
      step.error = error_of(decoded->error);
      return step;
    case DecodedMessage::Kind::complete:
      step.kind = Step::Kind::complete;
      break;
    case DecodedMessage::Kind::chunk:
      step.first_of_unknown_type = !decoded->known_type && !unknown_type_seen_;
      unknown_type_seen_ = unknown_type_seen_ || !decoded->known_type;
      break;
  }
  step.message = std::move(decoded->message);
  return step;
}

Error InvocationProtocol::on_closed(std::uint16_t close_code) const {
  if (!started_ && is_try_again(close_code)) {
    Error error = make_error(Errc::runtime_unavailable, "the runtime is restarting or busy, try again later");
    error.retry_after = busy_retry_after;
    return error;
  }
  return make_error(Errc::runtime_protocol_error, "the runtime closed the connection (code " +
                                                      std::to_string(close_code) +
                                                      ") without a complete or error message");
}

Error InvocationProtocol::on_late_messages() {
  return make_error(Errc::runtime_protocol_error,
                    "the runtime sent a message after its complete or error message");
}

}  // namespace skymarshal::runtime

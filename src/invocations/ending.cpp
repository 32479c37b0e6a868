#include "invocations/ending.hpp"

#include "base/json_value.hpp"
#include "http/problem.hpp"
#include "invocations/received.hpp"

#include <utility>

namespace skymarshal::invocations {
namespace {

InteractionStatus status_of(const InvocationEnd& end) {
  if (!end.error) return InteractionStatus::success;
  return end.error->code == Errc::timeout ? InteractionStatus::timeout : InteractionStatus::error;
}

/// Who reads an error event needs its details on the event's one line.
void fold_details(Error& error) {
  if (auto line = json_on_one_line(error.details)) error.details = std::move(*line);
}

}  // namespace

void fail_with(InvocationEnd& end, Error error, const Journal& said, const RequestId& request_id) {
  fold_details(error);
  add_received(error, said);
  end.body = share_text(http::problem_body(error, request_id, end.ended_at));
  end.error = std::move(error);
}

Interaction interaction_of(const Asked& asked, const InvocationEnd& end) {
  Interaction interaction;
  interaction.session_id = asked.session_id;
  interaction.request_id = asked.request_id;
  interaction.principal = asked.principal;
  interaction.timestamp = end.ended_at;
  interaction.prompt = asked.prompt;
  interaction.status = status_of(end);
  interaction.execution_time_ms = end.execution_time.count();
  interaction.response = end.body;
  if (end.error) interaction.error_message = end.error->message;
  return interaction;
}

}  // namespace skymarshal::invocations

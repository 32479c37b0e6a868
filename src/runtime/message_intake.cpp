#include "runtime/message_intake.hpp"

#include <utility>

namespace skymarshal::runtime {
namespace {

/// As the log has it once the runtime has said its last word.
constexpr std::string_view ended_stage = "end";

}  // namespace

MessageIntake::Next MessageIntake::take(Step step, const Unreadable& unreadable) {
  warn_of(step, unreadable);
  switch (step.kind) {
    case Step::Kind::chunk:
      run_.sink.on_chunk(std::move(step.message));
      return Next::more;
    case Step::Kind::skipped:
    case Step::Kind::late:
      return Next::more;
    case Step::Kind::complete:
    case Step::Kind::complete_without_data:
      outcome_ = completed_attempt(std::move(step.message));
      break;
    case Step::Kind::failed:
      outcome_ = failed_attempt(std::move(step.failure));
      outcome_.from_runtime = true;
      break;
  }
  run_.timings.stage = ended_stage;
  return step.kind == Step::Kind::complete_without_data ? Next::ended_without_data : Next::ended;
}

void MessageIntake::warn_of(const Step& step, const Unreadable& unreadable) {
  run_.timings.unreadable_messages = unreadable.count;
  if (step.first_of_unknown_type) {
    log_.warning("runtime_message_of_unknown_type", {{"request_id", run_.request.request_id.view()}});
  }
  if (step.first_skipped) {
    log_.warning("runtime_message_unreadable", {{"request_id", run_.request.request_id.view()},
                                                {"reason", std::string_view(unreadable.last)}});
  }
}

}  // namespace skymarshal::runtime

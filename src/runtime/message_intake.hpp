// What becomes of a runtime's messages in one attempt, whatever brought them: chunks go to the journal, an
// end is the attempt's outcome, oddities are logged once. Used by one attempt, on its executor.
#pragma once

#include "base/log.hpp"
#include "runtime/invocation_protocol.hpp"
#include "runtime/run_attempt.hpp"

namespace skymarshal::runtime {

class MessageIntake {
 public:
  using Step = InvocationProtocol::Step;
  enum class Next {
    more,
    /// The outcome stands.
    ended,
    /// It stands unless a fuller complete message follows within a short time.
    ended_without_data,
  };

  MessageIntake(RuntimeRun& run, Logger& log) : run_(run), log_(log) {}

  /// `unreadable`: of all messages so far.
  Next take(Step step, const Unreadable& unreadable);
  /// Once it has ended.
  AttemptOutcome take_outcome() { return std::move(outcome_); }

 private:
  void warn_of(const Step& step, const Unreadable& unreadable);

  RuntimeRun& run_;
  Logger& log_;
  AttemptOutcome outcome_;
};

}  // namespace skymarshal::runtime

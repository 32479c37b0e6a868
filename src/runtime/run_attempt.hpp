// One run as attempts: each a connection of its own, tried again while the runtime cannot have begun. Which
// protocol an attempt speaks is its own business; when there is another one, and what the log says of the
// last, stands here. One coroutine a run.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "http/url.hpp"
#include "invocations/agent_runtime.hpp"
#include "runtime/retry_policy.hpp"
#include "runtime/run_failure.hpp"
#include "runtime/runtime_access.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace skymarshal::runtime {

/// What holds for a runtime, whatever it speaks.
struct RuntimeOptions {
  http::Endpoint endpoint;
  /// Shown as `metadata.runtime`.
  std::string name;
  /// Null where anybody may ask. It must outlive the runtime.
  RuntimeAccess* access = nullptr;
  /// Whether the runtime is told who the principal is.
  bool tells_principal = false;
  /// Resolve, connect, TLS and handshake of one attempt, together.
  Milliseconds connect_timeout{10'000};
  /// From the prompt's sending to the first message.
  Milliseconds first_message_timeout{120'000};
  /// Between two messages.
  Milliseconds silence_timeout{120'000};
  /// The whole run, retries included.
  Milliseconds total_timeout{300'000};
  RetryPolicy retry;
};

/// How one connection went.
struct AttemptOutcome {
  Result<invocations::RuntimeMessage> end;
  /// Of a failure, for the log; empty where it was ended from outside.
  std::string cause = {};
  Again again = Again::no;
  /// The runtime itself ended the run, well or badly.
  bool from_runtime = false;
};

AttemptOutcome failed_attempt(Failure failure, Again again = Again::no);
AttemptOutcome completed_attempt(invocations::RuntimeMessage message);

/// One connection, from dialling to closing.
class Attempt {
 public:
  virtual ~Attempt() = default;
  virtual boost::asio::awaitable<AttemptOutcome> run() = 0;
};

/// What every attempt of a run is given; lives as long as the run.
struct RuntimeRun {
  const invocations::RuntimeRequest& request;
  invocations::AgentRuntime::ChunkSink& sink;
  StopSignal& stop;
  boost::asio::any_io_executor executor;
  SteadyTime total_deadline;
  invocations::RunTimings timings = {};
};

/// What the runtime owes next, and until when.
class StageLimit {
 public:
  StageLimit(const RuntimeOptions& options, RuntimeRun& run) : options_(options), run_(run) {}

  /// From now on the runtime has `limit` for its next step, and the run its total. Gives when that ends.
  SteadyTime expect(const Stage& stage, Milliseconds limit);
  /// It has ended.
  Failure passed(int unanswered_pings) const { return timed_out(*stage_, limit_, unanswered_pings); }

 private:
  const RuntimeOptions& options_;
  RuntimeRun& run_;
  const Stage* stage_ = &connect_stage;
  Milliseconds limit_{};
};

struct AttemptParts {
  const RuntimeOptions& options;
  RandomSource& random;
  Logger& log;
};

using MakeAttempt = std::function<std::unique_ptr<Attempt>(RuntimeRun&)>;

/// Attempt after attempt until one counts.
boost::asio::awaitable<invocations::RunOutcome> run_attempts(AttemptParts parts, RuntimeRun& run,
                                                             const MakeAttempt& make);

}  // namespace skymarshal::runtime

#include "runtime/run_attempt.hpp"

#include "base/wakeup.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::runtime {
namespace {

namespace asio = boost::asio;

void log_failure(const AttemptParts& parts, const RuntimeRun& run, std::string_view cause) {
  const std::string authority = parts.options.endpoint.authority();
  parts.log.warning("runtime_failed", {{"request_id", run.request.request_id.view()},
                                       {"runtime", std::string_view(authority)},
                                       {"stage", run.timings.stage},
                                       {"attempts", std::int64_t{run.timings.attempts}},
                                       {"cause", cause}});
}

}  // namespace

AttemptOutcome failed_attempt(Failure failure, Again again) {
  return {std::move(failure.error), std::move(failure.cause), again};
}

AttemptOutcome completed_attempt(invocations::RuntimeMessage message) {
  return {std::move(message), {}, Again::no, true};
}

SteadyTime StageLimit::expect(const Stage& stage, Milliseconds limit) {
  const SteadyTime at = std::chrono::steady_clock::now() + limit;
  const bool within_total = at < run_.total_deadline;
  run_.timings.stage = stage.name;
  stage_ = within_total ? &stage : &total_stage;
  limit_ = within_total ? limit : options_.total_timeout;
  return std::min(at, run_.total_deadline);
}

asio::awaitable<invocations::RunOutcome> run_attempts(AttemptParts parts, RuntimeRun& run,
                                                      const MakeAttempt& make) {
  Retries retries(parts.options.retry, parts.random);
  for (;;) {
    if (run.stop.raised()) co_return invocations::RunOutcome{run.stop.reason(), run.timings};
    ++run.timings.attempts;
    const std::unique_ptr<Attempt> attempt = make(run);
    AttemptOutcome outcome = co_await attempt->run();
    const auto delay = retries.delay_after(outcome.again);
    const SteadyTime again_at = delay ? std::chrono::steady_clock::now() + *delay : SteadyTime::max();
    if (again_at >= run.total_deadline) {
      if (!outcome.cause.empty()) log_failure(parts, run, outcome.cause);
      co_return invocations::RunOutcome{std::move(outcome.end), run.timings};
    }
    parts.log.info("runtime_connect_retry", {{"request_id", run.request.request_id.view()},
                                             {"reason", std::string_view(outcome.cause)}});
    Wakeup wakeup(run.executor);
    const StopSignal::Listener on_stop(run.stop, [&wakeup] { wakeup.wake(); });
    co_await wakeup.wait_until(again_at);
  }
}

}  // namespace skymarshal::runtime

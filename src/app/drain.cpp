#include "app/drain.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace skymarshal::app {
namespace {

constexpr Milliseconds poll_interval{5};
/// For invocations that were told to end, and for answers that are on their way out.
constexpr Milliseconds last_words{3'000};

bool wait_until_idle(const gateway::Gateway& gateway, SteadyTime until, const Clock& clock) {
  while (!gateway.idle()) {
    if (clock.steady_now() >= until) return false;
    std::this_thread::sleep_for(poll_interval);
  }
  return true;
}

/// Told again and again: what was let in before the drain may still claim its session, and begins only now.
void end_all(gateway::Gateway& gateway, SteadyTime until, const Clock& clock) {
  const Error reason = make_error(Errc::interrupted, "the server was shut down while this ran: try again");
  bool is_idle = false;
  while (!is_idle && clock.steady_now() < until) {
    gateway.stop_invocations(reason);
    is_idle = wait_until_idle(gateway, clock.steady_now() + poll_interval, clock);
  }
}

}  // namespace

void drain(gateway::Gateway& gateway, server::Server& server, DrainLimits limits, const Clock& clock,
           Logger& log) {
  if (limits.announcement > Milliseconds::zero()) {
    gateway.announce_draining();
    std::this_thread::sleep_for(limits.announcement);
  }
  gateway.begin_draining();
  server.drain();
  const SteadyTime running_end = clock.steady_now() + limits.running;
  if (!wait_until_idle(gateway, running_end, clock)) {
    log.warning("drain_timeout", {{"limit_ms", static_cast<std::int64_t>(limits.running.count())}});
    end_all(gateway, clock.steady_now() + last_words, clock);
  }
  // An answer that ran to its end may take as long on its way to a slow reader as one that still runs.
  const auto rest = std::chrono::duration_cast<Milliseconds>(running_end - clock.steady_now());
  server.close_within(std::max(rest, last_words));
}

}  // namespace skymarshal::app

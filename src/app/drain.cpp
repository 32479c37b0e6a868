#include "app/drain.hpp"

#include <thread>

namespace skymarshal::app {
namespace {

constexpr Milliseconds poll_interval{5};
/// For invocations that were told to end, and for answers that are on their way out.
constexpr Milliseconds last_words{3'000};

bool wait_until_idle(const gateway::Gateway& gateway, Milliseconds limit, const Clock& clock) {
  const SteadyTime until = clock.steady_now() + limit;
  while (!gateway.idle()) {
    if (clock.steady_now() >= until) return false;
    std::this_thread::sleep_for(poll_interval);
  }
  return true;
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
  if (!wait_until_idle(gateway, limits.running, clock)) {
    log.warning("drain_timeout", {{"limit_ms", static_cast<std::int64_t>(limits.running.count())}});
    gateway.stop_invocations(
        make_error(Errc::interrupted, "the server was shut down while this ran: try again"));
    wait_until_idle(gateway, last_words, clock);
  }
  server.close_within(last_words);
}

}  // namespace skymarshal::app

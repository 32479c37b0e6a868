#include "invocations/shared_turn.hpp"

#include "base/clock.hpp"
#include "base/wakeup.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include <boost/asio/this_coro.hpp>

namespace skymarshal::invocations {
namespace {

constexpr Milliseconds first_pause{50};
constexpr Milliseconds longest_pause{500};

constexpr Milliseconds unheard_max{30'000};

}  // namespace

boost::asio::awaitable<Result<bool>> wait_for_shared_turn(Fleet& fleet, TurnWanted wanted, StopSignal& stop,
                                                          const Clock& clock, Logger& log) {
  const auto executor = co_await boost::asio::this_coro::executor;
  std::optional<SteadyTime> held_at;
  for (Milliseconds pause = first_pause; !stop.raised(); pause = std::min(pause * 2, longest_pause)) {
    const auto taken = co_await fleet.take_turn(wanted.session, wanted.owner, wanted.request);
    if (taken && *taken) co_return true;
    if (taken) held_at = clock.steady_now();
    if (!held_at) {
      log.warning("turn_not_shared", {{"request_id", wanted.request.view()},
                                      {"session_id", wanted.session.view()},
                                      {"error_message", std::string_view(taken.error().message)}});
      co_return true;
    }
    if (clock.steady_now() - *held_at >= unheard_max) co_return taken.error();
    Wakeup wakeup(executor);
    const StopSignal::Listener on_stop(stop, [&wakeup] { wakeup.wake(); });
    const SteadyTime until = std::chrono::steady_clock::now() + pause;
    (void)co_await wakeup.wait_until(until);
  }
  co_return false;
}

}  // namespace skymarshal::invocations

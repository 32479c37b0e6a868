// A session's turn among all gateways that share its store, waited for. In this gateway its turns are in line
// already (session_turns); who is first in the line asks here.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/principal.hpp"
#include "base/stop_signal.hpp"
#include "invocations/fleet.hpp"

#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

struct TurnWanted {
  SessionId session;
  Principal owner;
  RequestId request;
};

/// A turn that was had so long ago is asked for again before it is used: its gateway may have stood still
/// and been taken for dead. No longer than a lease.
struct SharedTurnOptions {
  Milliseconds sure_for{20'000};
};

/// Waits until it has the turn: asks again and again, seldom once it has waited for long. False if `stop` was
/// raised before. Where the store cannot be asked at all it goes on as if it were alone; but once it was told
/// that somebody has the turn it does not: Errc::store_unavailable if nothing was heard of that for 30 s.
boost::asio::awaitable<Result<bool>> wait_for_shared_turn(Fleet& fleet, TurnWanted wanted, StopSignal& stop,
                                                          const Clock& clock, Logger& log);

}  // namespace skymarshal::invocations

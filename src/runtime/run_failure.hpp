// How a run failed, in the API's words for the caller and in more for the log. Pure. What callers are told
// names no host, port or address of the runtime, and holds the runtime's own words in `details.runtime`.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "runtime/runtime_words.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace skymarshal::runtime {

struct Failure {
  /// For the caller.
  Error error;
  /// For the log: may name addresses.
  std::string cause;
};

/// What the runtime owes next.
struct Stage {
  /// As `details.stage` and the log have it.
  std::string_view name;
  /// "the runtime …"
  std::string_view omission;
};
inline constexpr Stage connect_stage{"connect", "did not accept a connection"};
inline constexpr Stage first_message_stage{"first_message", "did not begin to answer"};
inline constexpr Stage silence_stage{"silence", "sent nothing more"};
/// Not a stage of its own: the limit of the whole run, whatever stage it meets.
inline constexpr Stage total_stage{"total", "did not finish"};

/// Errc::timeout. Pings that were not answered tell a dead path from an agent that thinks.
Failure timed_out(const Stage& stage, Milliseconds limit, int unanswered_pings);

/// Errc::connection_failed: resolving, connecting or TLS did not succeed, or nobody spoke HTTP there.
Failure unreachable(std::string cause);
/// The handshake was answered with `words.http_status`: 429 and 503 are Errc::runtime_unavailable, other 5xx
/// Errc::connection_failed, the rest Errc::runtime_refused.
Failure refused(const RuntimeWords& words, std::string cause);
/// Errc::runtime_unavailable: nothing was wrong with the request, but the agent's container was not there in
/// time.
Failure not_started(const RuntimeWords& words, std::string cause);
/// Errc::runtime_error: the service in front of the agent's container says that it answered with an error,
/// and not which.
Failure failed_behind_service(const RuntimeWords& words, std::string cause);
/// Errc::connection_failed: the prompt could not be sent.
Failure went_away(std::string cause);

/// The runtime's error message: TIMEOUT is Errc::timeout, THROTTLED and OVERLOADED are
/// Errc::runtime_unavailable, the rest Errc::runtime_error.
Failure reported(const RuntimeWords& words);

/// What could not be read of a run.
struct Unreadable {
  int count = 0;
  /// What was wrong with the last one, and which it was.
  std::string last;
};
/// Errc::runtime_protocol_error: its `type` message ("complete" or "error") could not be read.
Failure unreadable_end(std::string_view type, const Unreadable& unreadable);
/// Errc::runtime_protocol_error: more than `count_max` messages could not be read.
Failure too_many_unreadable(int count_max, const Unreadable& unreadable);

/// A close frame came before any end: Errc::runtime_protocol_error.
Failure closed_without_end(std::uint16_t close_code, std::string_view reason, const Unreadable& unreadable);
/// A close frame with 1012 or 1013 came before anything else: Errc::runtime_unavailable.
Failure closed_for_now(std::uint16_t close_code, std::string_view reason);
/// Errc::runtime_protocol_error: `problem` is what ended the connection without a close frame.
Failure broken_off(std::string_view problem, const Unreadable& unreadable);
/// Errc::runtime_protocol_error.
Failure message_too_large(std::size_t bytes_max);

}  // namespace skymarshal::runtime

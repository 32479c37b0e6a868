// The ways to answer with a journal: all at once when it has ended, event by event as it grows, or by saying
// where it can be asked for. Readers, nothing more: they neither start nor steer an invocation, and need none
// that lives. What they read may have ended long ago.
#pragma once

#include "base/wakeup.hpp"
#include "gateway/event_stream.hpp"
#include "gateway/exchange.hpp"
#include "invocations/answer_source.hpp"

#include <cstdint>
#include <optional>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::gateway {

/// How long a client that polls should leave between two looks, for Retry-After.
inline constexpr std::string_view poll_seconds = "2";

/// What somebody who waits for the end of a journal meets first.
enum class Waited { end, deadline, client_gone };

boost::asio::awaitable<Waited> wait_for_end(Exchange& exchange, const invocations::AnswerSource& source,
                                            SteadyTime deadline);

/// The InvokeResponse with 200, or the error with its status. The journal must have ended.
boost::asio::awaitable<void> answer_with_end(Exchange& exchange, const invocations::AnswerSource& source);

/// 202: it runs, and is to be asked for at status_url or events_url.
boost::asio::awaitable<void> answer_accepted(Exchange& exchange, const invocations::AnswerSource& source);

struct StreamOptions {
  /// Silence after which `: keep-alive` is sent.
  Milliseconds keep_alive{15'000};
  EventIds ids = EventIds::no;
  /// The event that the reader has seen last; without one all of it is told, the metadata event first.
  std::optional<std::uint64_t> after = {};
};

/// 204: the reader has seen the last event. It tells an EventSource not to come again (WHATWG HTML section
/// 9.2.1).
boost::asio::awaitable<void> answer_nothing_more(Exchange& exchange);

/// 200 and server-sent events, every one as it comes.
boost::asio::awaitable<void> answer_streamed(Exchange& exchange, invocations::AnswerSource source,
                                             StreamOptions options);

}  // namespace skymarshal::gateway

// The ways to answer with a journal: all at once when it has ended, or event by event as it grows. Readers,
// nothing more: they neither start nor steer an invocation, they only hold an attachment to it.
#pragma once

#include "gateway/exchange.hpp"
#include "invocations/invocation.hpp"

#include <memory>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::gateway {

/// Waits for the end: the InvokeResponse with 200, or the error with its status.
boost::asio::awaitable<void> answer_buffered(Exchange& exchange,
                                             std::shared_ptr<invocations::Invocation> invocation);

/// 200 and server-sent events: metadata at once, then every event as it comes, `: keep-alive` after each
/// `keep_alive` of silence.
boost::asio::awaitable<void> answer_streamed(Exchange& exchange,
                                             std::shared_ptr<invocations::Invocation> invocation,
                                             Milliseconds keep_alive);

}  // namespace skymarshal::gateway

// The ways to answer with a journal: all at once when it has ended, or event by event as it grows. Readers,
// nothing more: they neither start nor steer an invocation, and need none that lives. What they read may have
// ended long ago.
#pragma once

#include "gateway/exchange.hpp"
#include "invocations/journal.hpp"
#include "invocations/readership.hpp"

#include <memory>
#include <optional>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::gateway {

/// What is answered with, and whose it is.
struct AnswerSource {
  std::shared_ptr<invocations::Journal> journal;
  /// Of the invocation, which an earlier request may have begun.
  RequestId request_id;
  SessionId session_id;
  /// Where the invocation cares whether it is read.
  std::optional<invocations::Readership::Attachment> attachment = {};
};

/// Waits for the end: the InvokeResponse with 200, or the error with its status.
boost::asio::awaitable<void> answer_buffered(Exchange& exchange, AnswerSource source);

/// 200 and server-sent events: metadata at once, then every event as it comes, `: keep-alive` after each
/// `keep_alive` of silence.
boost::asio::awaitable<void> answer_streamed(Exchange& exchange, AnswerSource source,
                                             Milliseconds keep_alive);

}  // namespace skymarshal::gateway
